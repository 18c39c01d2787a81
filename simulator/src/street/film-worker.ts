/** Renders and encodes one state of a scene in a thread of its own, so that cameras which already play keep their pace. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Clip } from '../media/clip.ts';
import { type EncoderSettings, encodeFrames } from '../media/ffmpeg.ts';
import { type FilmPlan, film, type RoadState } from './film.ts';
import type { DamageTruth } from './frame.ts';
import { lightOf } from './light.ts';

export interface FilmJob {
  readonly plan: FilmPlan;
  readonly state: RoadState;
  readonly encoder: EncoderSettings;
}

export interface FilmResult {
  readonly clip: Clip;
  /** What is true of each frame. */
  readonly truth: readonly (readonly DamageTruth[])[];
}

const ending = new AbortController();
parentPort?.once('message', () => ending.abort());
const { plan, state, encoder } = workerData as FilmJob;
const truth: (readonly DamageTruth[])[] = [];
const noise = lightOf(plan.weather, 0, 45).noise;
const clip = await encodeFrames(
  { width: plan.width, height: plan.height, frames: frames() },
  encoder,
  ending.signal,
  ['gblur=sigma=0.6', `noise=alls=${noise}:allf=t`],
);
parentPort?.postMessage({ clip, truth } satisfies FilmResult);
parentPort?.close();

async function* frames(): AsyncGenerator<Buffer> {
  for (const frame of film(plan, state)) {
    ending.signal.throwIfAborted();
    truth.push(frame.truth);
    yield frame.rgb;
    // Lets the message that ends this thread through.
    await new Promise(setImmediate);
  }
}
