/** Whether the model can be loaded and looks at a picture, and how long that takes. */
import { plainExecution, type WantedInference } from '../detect/execution.ts';
import { loadModel } from '../detect/model.ts';
import { DetectorSession } from '../detect/session.ts';
import { FramePool } from '../frame/pool.ts';
import { causeInChinese } from '../language.ts';
import { type Finding, fail, ok } from './finding.ts';

export async function checkModel(
  folder: string,
  inference: WantedInference,
  signal: AbortSignal,
): Promise<Finding> {
  let session: DetectorSession | null = null;
  try {
    const model = await loadModel(folder);
    const pool = new FramePool(model.format, 1);
    session = await DetectorSession.start(model, pool, { ...plainExecution(inference), signal });
    const { elapsedMs } = await session.run(pool.acquire() as number, model.format);
    const name = `${model.ref.name}-${model.ref.version}`;
    const ms = Math.round(elapsedMs);
    return ok('model', `${name} looks at a picture in ${ms} ms`, `${name} 分析一帧用时 ${ms} 毫秒`);
  } catch (error) {
    return fail(
      'model',
      {
        en: (error as Error).message,
        zh: `模型无法使用（${folder}）：${causeInChinese((error as Error).message)}`,
      },
      {
        en: 'name another folder with model, or install the model again',
        zh: '用 model 指定其他目录，或重新安装模型',
      },
    );
  } finally {
    await session?.close();
  }
}
