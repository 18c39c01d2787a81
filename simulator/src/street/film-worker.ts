/** Renders and encodes one state of a scene in a thread of its own, so that cameras which already play keep their pace. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Clip } from '../media/clip.ts';
import { type EncoderSettings, encodeFrames } from '../media/ffmpeg.ts';
import { composition } from './composition.ts';
import { type FilmFrame, type FilmPlan, film } from './film.ts';
import type { DamageTruth } from './frame.ts';
import { lightOf } from './light.ts';
import type { RoadState } from './story.ts';

export interface FilmJob {
  readonly plan: FilmPlan;
  readonly state: RoadState;
  readonly encoder: EncoderSettings;
  /** Length of the footage in the background; 0 without. */
  readonly footageSeconds: number;
}

export interface FilmResult {
  readonly clip: Clip;
  /** What is true of each frame. */
  readonly truth: readonly (readonly DamageTruth[])[];
}

const ending = new AbortController();
parentPort?.once('message', () => ending.abort());
const { plan, state, encoder, footageSeconds } = workerData as FilmJob;
const { background } = plan;
const truth: (readonly DamageTruth[])[] = [];
const noise = `noise=alls=${lightOf(state.weather, 0, 45).noise}:allf=t`;
// Footage has its own blur and noise.
const lens =
  background?.kind === 'video' ? [] : background ? ['noise=alls=5:allf=t'] : ['gblur=sigma=0.6', noise];
const { width, height } = plan;
const clip = await encodeFrames({ width, height, frames: frames() }, encoder, ending.signal, lens);
parentPort?.postMessage({ clip, truth } satisfies FilmResult);
parentPort?.close();

async function* frames(): AsyncGenerator<Buffer> {
  const source: Iterable<FilmFrame> | AsyncIterable<FilmFrame> =
    background === undefined
      ? film(plan, state)
      : composition(plan, background, state, footageSeconds, ending.signal);
  for await (const frame of source) {
    ending.signal.throwIfAborted();
    truth.push(frame.truth);
    yield frame.rgb;
    // Lets the message that ends this thread through.
    await new Promise(setImmediate);
  }
}
