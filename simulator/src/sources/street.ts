/** A generated street as a camera: each state of its road is rendered once, kept on disk, and looped. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { cached } from '../media/cache.ts';
import { TICKS_PER_SECOND, withBuffers } from '../media/clip.ts';
import { DEFAULT_ENCODER, UnusableSourceError } from '../media/ffmpeg.ts';
import { type Segment, Timeline } from '../media/timeline.ts';
import { type FilmPlan, PERIOD, type RoadState, statesOf } from '../street/film.ts';
import type { FilmJob, FilmResult } from '../street/film-worker.ts';
import type { DamageTruth } from '../street/frame.ts';
import { SCENES } from '../street/named.ts';
import type { CameraSource, SourceOptions } from './source.ts';

/** Raised whenever the same plan gives another picture: what is in the cache is then out of date. */
const RENDERER_VERSION = 1;
const DEFAULT_SIZE = { width: 1280, height: 720 };
const SHAKE_PIXELS = 1;

export function sceneSource(name: string, options: SourceOptions): Promise<CameraSource> {
  const scene = SCENES[name];
  if (scene === undefined) {
    const known = Object.keys(SCENES)
      .map((known) => `scene:${known}`)
      .join(', ');
    throw new UnusableSourceError(`scene:${name}: no such scene; known: ${known}`);
  }
  const { about: _, ...plan } = scene;
  return filmSource(name, { ...plan, shake: SHAKE_PIXELS }, options);
}

/** What of a film's plan the source options do not say. */
export type StreetPlan = Omit<FilmPlan, 'width' | 'height' | 'fps' | 'seed'>;

export async function filmSource(
  name: string,
  street: StreetPlan,
  options: SourceOptions,
): Promise<CameraSource> {
  const encoder = { ...DEFAULT_ENCODER, ...options.encoder };
  const plan: FilmPlan = {
    ...street,
    ...(options.size ?? DEFAULT_SIZE),
    fps: encoder.fps,
    seed: options.seed,
  };
  const states = statesOf(plan.events);
  // Two at a time: one renders while the other's encoder works.
  const results: FilmResult[] = [];
  for (let i = 0; i < states.length; i += 2) {
    const pair = states.slice(i, i + 2).map((state) => {
      const { events: _, ...rest } = plan;
      const key = { RENDERER_VERSION, ...rest, state: { ...state, until: String(state.until) }, encoder };
      return cached(options.cacheDir, key, () => render({ plan, state, encoder }, options.signal));
    });
    for (const { clip, truth } of await Promise.all(pair)) results.push({ clip: withBuffers(clip), truth });
  }
  const segments = states.map((state, i): Segment => {
    const { clip } = results[i] as FilmResult;
    const seconds = Number.isFinite(state.until) ? state.until - state.from : PERIOD;
    return { clip, ticks: Math.round(seconds * TICKS_PER_SECOND) };
  });
  return {
    name,
    timeline: new Timeline(segments.slice(-1), segments.slice(0, -1)),
    truthAt: (seconds) => truthAt(seconds, states, results, plan.fps),
  };
}

async function render(job: FilmJob, signal: AbortSignal): Promise<FilmResult> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('../street/film-worker.ts', import.meta.url), { workerData: job });
  const end = (): void => worker.postMessage('end');
  signal.addEventListener('abort', end, { once: true });
  try {
    const [result] = (await once(worker, 'message')) as [FilmResult];
    return result;
  } finally {
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
  }
}

function truthAt(
  seconds: number,
  states: readonly RoadState[],
  results: readonly FilmResult[],
  fps: number,
): readonly DamageTruth[] {
  const index = states.findIndex((state) => seconds >= state.from && seconds < state.until);
  const truth = results[index]?.truth;
  if (truth === undefined) return [];
  const frame = Math.floor((seconds - (states[index] as RoadState).from) * fps + 1e-6);
  return truth[frame % truth.length] ?? [];
}
