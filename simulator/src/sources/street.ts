/** A generated street, or damage in real footage, as a camera: each state of the road is rendered once, kept and looped. */
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { cached } from '../media/cache.ts';
import { type Clip, TICKS_PER_SECOND, withBuffers } from '../media/clip.ts';
import { DEFAULT_ENCODER, type EncoderSettings } from '../media/encoder-settings.ts';
import { probe } from '../media/probe.ts';
import { UnusableSourceError } from '../media/process.ts';
import { type Segment, Timeline } from '../media/timeline.ts';
import { MAX_FOOTAGE_SECONDS } from '../street/composition.ts';
import { DEFAULT_SIZE, type FilmPlan, PERIOD } from '../street/film.ts';
import type { FilmJob, FilmResult, FirstLook } from '../street/film-worker.ts';
import type { DamageTruth } from '../street/frame.ts';
import { SCENES } from '../street/named.ts';
import { type RoadState, type Story, statesOf } from '../street/story.ts';
import type { CameraSource, Shown, SourceOptions } from './source.ts';

/** Raised whenever the same plan gives another picture: what is in the cache is then out of date. */
const RENDERER_VERSION = 2;
const COMPOSITION_VERSION = 2;
const SHAKE_PIXELS = 1;

export function sceneSource(name: string, options: SourceOptions): Promise<CameraSource> {
  const scene = Object.hasOwn(SCENES, name) ? SCENES[name] : undefined;
  if (scene === undefined) {
    const known = Object.keys(SCENES).map((other) => `scene:${other}`);
    throw new UnusableSourceError(`scene:${name}: no such scene; known: ${known.join(', ')}`);
  }
  const { seed } = options;
  return filmSource(
    { name, story: scene, plan: { seed, treeShadow: scene.treeShadow, shake: SHAKE_PIXELS, view: {} } },
    options,
  );
}

export interface FilmRequest {
  readonly name: string;
  readonly story: Story;
  /** Size and frames a second come from the source options. */
  readonly plan: Omit<FilmPlan, 'width' | 'height' | 'fps'>;
}

export async function filmSource(request: FilmRequest, options: SourceOptions): Promise<CameraSource> {
  const encoder = { ...DEFAULT_ENCODER, ...options.encoder };
  const plan: FilmPlan = { ...request.plan, ...(options.size ?? DEFAULT_SIZE), fps: encoder.fps };
  const footage = await footageOf(plan, options.signal);
  const photographs = await photographsOf(request.story);
  const states = statesOf(request.story);
  const firstLook = Promise.withResolvers<Clip>();
  const settings = { encoder, footage, photographs, ...(options.progressive && { firstLook }) };
  const complete = renderAll(plan, states, settings, options).then(
    (results): CameraSource => ({
      name: request.name,
      ...shown(states, results, plan.fps),
      later: (seconds) => shown(begunLater(states, seconds), results, plan.fps),
    }),
  );
  if (!options.progressive) return complete;
  // Whoever awaits it gets its failure, also when that comes before anyone does.
  complete.catch(() => {});
  const first = await Promise.race([complete, firstLook.promise]);
  if ('timeline' in first) return first;
  const timeline = Timeline.looping(withBuffers(first));
  const later = (seconds: number): Shown => ({
    timeline,
    complete: complete.then((film) => ({ ...film, ...film.later?.(seconds) })),
  });
  return { name: request.name, timeline, complete, later };
}

function shown(states: readonly RoadState[], results: readonly FilmResult[], fps: number): Shown {
  return {
    timeline: timelineOf(states, results),
    truthAt: (seconds) => truthAt(seconds, states, results, fps),
  };
}

/** The first lasts so much longer. */
function begunLater(states: readonly RoadState[], seconds: number): RoadState[] {
  return states.map((state, index) => ({
    ...state,
    from: index === 0 ? state.from : state.from + seconds,
    until: state.until + seconds,
  }));
}

function timelineOf(states: readonly RoadState[], results: readonly FilmResult[]): Timeline {
  const segments = states.map((state, i): Segment => {
    const { clip } = results[i] as FilmResult;
    const seconds = Number.isFinite(state.until) ? state.until - state.from : clip.ticks / TICKS_PER_SECOND;
    return { clip, ticks: Math.round(seconds * TICKS_PER_SECOND) };
  });
  return new Timeline(segments.slice(-1), segments.slice(0, -1));
}

interface Footage {
  readonly seconds: number;
  /** Changes when the file does. */
  readonly version: string;
}

/** Changes when a photograph that damage is cut out of does. */
async function photographsOf({ events }: Story): Promise<string> {
  const files = new Set(events.flatMap(({ damage: { cutout } }) => (cutout ? [cutout.picture] : [])));
  const versions = [];
  for (const file of files) versions.push(`${file} ${await versionOf(file)}`);
  return versions.join('\n');
}

async function versionOf(file: string): Promise<string> {
  const info = await stat(file).catch(() => {
    throw new UnusableSourceError(`${file}: no such file`);
  });
  return `${info.size} ${info.mtimeMs}`;
}

async function footageOf({ background }: FilmPlan, signal: AbortSignal): Promise<Footage> {
  if (background === undefined) return { seconds: 0, version: '' };
  const version = `${COMPOSITION_VERSION} ${await versionOf(background.file)}`;
  const { seconds } = await probe(background.file, signal);
  return { seconds: Math.min(MAX_FOOTAGE_SECONDS, seconds ?? PERIOD), version };
}

interface RenderSettings {
  readonly encoder: EncoderSettings;
  readonly footage: Footage;
  readonly photographs: string;
  /** Given the first picture, before any film. */
  readonly firstLook?: PromiseWithResolvers<Clip>;
}

async function renderAll(
  plan: FilmPlan,
  states: readonly RoadState[],
  { encoder, footage, photographs, firstLook }: RenderSettings,
  options: SourceOptions,
): Promise<FilmResult[]> {
  const results: FilmResult[] = [];
  // Two at a time: one renders while the other's encoder works.
  for (let i = 0; i < states.length; i += 2) {
    const pair = states.slice(i, i + 2).map(async (state, j) => {
      const isFirst = i + j === 0;
      // Until there is something to watch, nothing else takes the processor's time.
      if (!isFirst) await firstLook?.promise;
      const look = isFirst ? firstLook?.resolve : undefined;
      const job = { plan, state, encoder, footageSeconds: footage.seconds };
      // The last state ends never, which JSON cannot say.
      const key = {
        RENDERER_VERSION,
        footage,
        ...(photographs !== '' && { photographs }),
        job: { ...job, state: { ...state, until: String(state.until) } },
      };
      const result = await cached(options.cacheDir, key, () => render(job, options.signal, look));
      look?.(result.clip);
      return result;
    });
    for (const { clip, truth } of await Promise.all(pair)) results.push({ clip: withBuffers(clip), truth });
  }
  return results;
}

async function render(
  job: Omit<FilmJob, 'wantsFirstLook'>,
  signal: AbortSignal,
  onFirstLook: ((clip: Clip) => void) | undefined,
): Promise<FilmResult> {
  signal.throwIfAborted();
  const workerData: FilmJob = { ...job, wantsFirstLook: onFirstLook !== undefined };
  const worker = new Worker(new URL('../street/film-worker.ts', import.meta.url), { workerData });
  const end = (): void => worker.postMessage('end');
  signal.addEventListener('abort', end, { once: true });
  // One listener from the start: two messages may come at once, and a thread may end that still owes one.
  const rendered = new Promise<FilmResult>((resolve, reject) => {
    worker.on('message', (message: FilmResult | FirstLook) => {
      if ('clip' in message) resolve(message);
      else onFirstLook?.(message.firstLook);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that renders ended with code ${code}`)));
  });
  try {
    return await rendered;
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
