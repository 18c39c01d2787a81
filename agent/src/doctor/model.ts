/** Whether the models can be loaded and look at a picture, and how long that takes. */
import { shippedModel } from '@roadwatch/models';
import { plainExecution, type WantedInference } from '../detect/execution.ts';
import { loadModel } from '../detect/model.ts';
import { ROAD_USERS_MODEL } from '../detect/road-users.ts';
import { RoadUsersProcess } from '../detect/road-users-process.ts';
import { DetectorSession } from '../detect/session.ts';
import { FramePool, planarFormat } from '../frame/pool.ts';
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

/** The same of the model that finds vehicles and people. */
export async function checkRoadUsersModel(signal: AbortSignal): Promise<Finding> {
  let running: RoadUsersProcess | null = null;
  try {
    running = await RoadUsersProcess.start(shippedModel(ROAD_USERS_MODEL), signal);
    const { model, input } = running;
    const begun = performance.now();
    await running.find(new Uint8Array(planarFormat(input).bytes).fill(input.pad));
    const ms = Math.round(performance.now() - begun);
    return ok(
      'road-users',
      `${model} looks for vehicles and people in ${ms} ms`,
      `${model} 查找车辆和行人用时 ${ms} 毫秒`,
    );
  } catch (error) {
    return fail(
      'road-users',
      {
        en: (error as Error).message,
        zh: `查找车辆和行人的模型无法使用：${causeInChinese((error as Error).message)}`,
      },
      {
        en: 'install the agent again, or set verify.roadUsers: false',
        zh: '重新安装程序，或设置 verify.roadUsers: false',
      },
    );
  } finally {
    await running?.end();
  }
}
