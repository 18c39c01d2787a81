/** What the model says of a street by itself, frame by frame, without any verification. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadModel, type Model } from '../../agent/src/detect/model.ts';
import { DetectorSession } from '../../agent/src/detect/session.ts';
import { contentSize, fitFilters } from '../../agent/src/frame/letterbox.ts';
import { FramePool } from '../../agent/src/frame/pool.ts';
import { probe } from '../../simulator/src/media/probe.ts';
import type { Street } from './streets.ts';

export interface RawBoxes {
  readonly frames: number;
  /** Of classes that become alerts, at the deployed thresholds. */
  readonly boxes: number;
}

/** Frames of a clip, one for each second of it, at most. */
const MOST_FRAMES = 600;

/** Of each street; a clip is looked at once a second. Throws ModelError, UnusableSourceError. */
export async function countRawBoxes(streets: readonly Street[], folder: string): Promise<RawBoxes[]> {
  const model = await loadModel(folder);
  const pool = new FramePool(model.format, 1);
  const slot = pool.acquire() as number;
  const session = await DetectorSession.start(model, pool, { threads: 1 });
  try {
    const counted: RawBoxes[] = [];
    for (const { kind, files } of streets) {
      let frames = 0;
      let boxes = 0;
      for (const file of files) {
        const content = contentSize(await probe(file, new AbortController().signal), model.manifest.input);
        for await (const pixels of framesOf(file, kind, model)) {
          pool.pixels(slot).set(pixels);
          frames++;
          boxes += (await session.run(slot, content)).boxes.filter(({ alert }) => alert).length;
        }
      }
      counted.push({ frames, boxes });
    }
    return counted;
  } finally {
    await session.close();
  }
}

/** Scaled as the agent scales a camera's. */
async function* framesOf(
  file: string,
  kind: Street['kind'],
  { manifest, format }: Model,
): AsyncGenerator<Buffer> {
  const pace = kind === 'clip' ? 'fps=1,' : '';
  const filters = `${pace}${fitFilters(manifest.input)}`;
  const most = String(kind === 'clip' ? MOST_FRAMES : 1);
  // biome-ignore format: one option with its value at a time
  const args = ['-v', 'error', '-i', `file:${file}`, '-vf', filters, '-frames:v', most, '-f', 'rawvideo', 'pipe:1'];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  try {
    const frame = Buffer.alloc(format.bytes);
    let filled = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let from = 0; from < chunk.length; ) {
        const taken = chunk.copy(frame, filled, from);
        from += taken;
        filled += taken;
        if (filled < frame.length) continue;
        filled = 0;
        yield frame;
      }
    }
  } finally {
    child.kill();
    await ended;
  }
}
