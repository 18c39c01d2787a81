/** Renders and encodes one state of a scene in a thread of its own, so that cameras which already play keep their pace. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Clip } from '../media/clip.ts';
import { encodeFrames } from '../media/encode.ts';
import type { EncoderSettings } from '../media/encoder-settings.ts';
import { composition } from './composition.ts';
import { cutoutsOf } from './cutout.ts';
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
  /** Whether the first picture is wanted before the film. */
  readonly wantsFirstLook: boolean;
}

/** Sent first, where the job asks for it: the first picture, repeated for a moment. */
export interface FirstLook {
  readonly firstLook: Clip;
}

export interface FilmResult {
  readonly clip: Clip;
  /** What is true of each frame. */
  readonly truth: readonly (readonly DamageTruth[])[];
}

const ending = new AbortController();
parentPort?.once('message', () => ending.abort());
const { plan, state, encoder, footageSeconds, wantsFirstLook } = workerData as FilmJob;
const FIRST_LOOK_SECONDS = 2;
const { background } = plan;
const truth: (readonly DamageTruth[])[] = [];
const noise = `noise=alls=${lightOf(state.weather, 0, 45).noise}:allf=t`;
// Footage has its own blur and noise.
const lens =
  background?.kind === 'video' ? [] : background ? ['noise=alls=5:allf=t'] : ['gblur=sigma=0.6', noise];
const { width, height } = plan;
const encode = (pictures: AsyncIterable<Buffer>): Promise<Clip> =>
  encodeFrames({ width, height, frames: pictures }, encoder, ending.signal, lens);
const clip = await encode(frames());
parentPort?.postMessage({ clip, truth } satisfies FilmResult);
parentPort?.close();

async function* frames(): AsyncGenerator<Buffer> {
  const cutouts = await cutoutsOf(state, ending.signal);
  const source: Iterable<FilmFrame> | AsyncIterable<FilmFrame> =
    background === undefined
      ? film(plan, state, cutouts)
      : composition(plan, background, state, footageSeconds, cutouts, ending.signal);
  for await (const frame of source) {
    ending.signal.throwIfAborted();
    if (truth.length === 0 && wantsFirstLook) {
      const firstLook = await encode(repeated(frame.rgb));
      parentPort?.postMessage({ firstLook } satisfies FirstLook);
    }
    truth.push(frame.truth);
    yield frame.rgb;
    // Lets the message that ends this thread through.
    await new Promise(setImmediate);
  }
}

async function* repeated(frame: Buffer): AsyncGenerator<Buffer> {
  for (let i = Math.round(encoder.fps * FIRST_LOOK_SECONDS); i > 0; i--) yield frame;
}
