/**
 * A model from offer to use: fetched, checked, warmed up, compared, tried, and trusted or taken back. What is decided is on the disk
 * before it is done, so that a power cut at any step leaves either the model of before or one that is being tried.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, thrown } from '@roadwatch/common';
import type { Comparison, Release, UpdateState } from '@roadwatch/contract';
import type { UpdateCode } from '@roadwatch/contract/codes';
import { ModelError } from '@roadwatch/models';
import type { Logger } from 'pino';
import type { Detector } from '../detect/detector.ts';
import { loadModel, type Model } from '../detect/model.ts';
import { type DetectorSession, InferenceThreadLost } from '../detect/session.ts';
import type { FramePool } from '../frame/pool.ts';
import { Agreement } from './agreement.ts';
import { folderName, type InstalledModels, wantedFolders } from './installed.ts';
import { endJob, type Job, withCount } from './jobs.ts';
import type { ModelWatch } from './model-watch.ts';
import { COMPARE_FRAMES, compare, warmUp } from './rehearsal.ts';
import { modelBefore } from './starting-model.ts';
import type { UpdateStateFile } from './state.ts';
import { judgeTrial, type TrialVerdict } from './trial.ts';
import { UpdateRefusal } from './update-refusal.ts';

const TRIAL_LOOK_MS = 500;
const SHADOW_TELL_MS = 30_000;
/** Of the agent, before a model that is not on trial has been shown frames; power may fail now and then, too. */
const MAX_ENDS = 3;
/** Of threads for the model of before, that end at once. */
const BACKOFF = { firstMs: 500, maxMs: 30_000 };

export interface ModelParts {
  readonly detector: Detector;
  readonly watch: ModelWatch;
  readonly pool: FramePool;
  readonly state: UpdateStateFile;
  readonly installed: InstalledModels;
  readonly configured: string;
  readonly log: Logger;
  /** The agent ends. */
  readonly stopping: AbortSignal;
}

/** What the job is given to say how far it is. */
export interface Progress {
  state(state: UpdateState): void;
  compared(comparison: Comparison): void;
  /** Of a model that only looks along, by camera. */
  lookedAlong(all: Comparison, cameras: Readonly<Record<string, Comparison>>): void;
  /** Fetches what is missing; resolves with where each file lies, by its SHA-256. */
  fetch(release: Release): Promise<(sha256: string) => string>;
}

/** Resolves when the job has ended, with what is on the disk of it. Throws UpdateRefusal, or what the signal says. */
export async function updateModel(
  parts: ModelParts,
  job: Job,
  release: Release,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { state, detector } = parts;
  const folder = folderName(release, job.release);
  // It was being tried when the agent ended, and the agent has begun with it, or with another one because it could not.
  const isTried = state.now.trial?.rollout === job.rollout;
  const { name, version } = detector.model.ref;
  if (isTried && name === release.name && version === release.version)
    return watchTrial(parts, job, null, signal);
  const { ends = 0 } = job;
  if (ends > MAX_ENDS)
    throw new UpdateRefusal('restarted_often', `the agent ended ${ends} times before the model was known`);
  const model = await install(parts, folder, job, release, progress);
  if (
    job.mode === 'switch' &&
    model.ref.sha256 === detector.model.ref.sha256 &&
    sameRules(model, detector.model)
  )
    return void state.write({ jobs: endJob(state.now.jobs, job.rollout, 'running') });
  // A model may end the process with its thread: nobody is left then to say so.
  state.write({ jobs: withCount(state.now.jobs, job.rollout, { ends: ends + 1 }) });
  try {
    await tryOut(parts, job, folder, model, progress, signal);
  } finally {
    if (endsOf(state, job) > ends) state.write({ jobs: withCount(state.now.jobs, job.rollout, { ends }) });
  }
}

function endsOf({ now }: UpdateStateFile, { rollout }: Job): number {
  return now.jobs.find((job) => job.rollout === rollout)?.ends ?? 0;
}

/** In a thread of its own at first. */
async function tryOut(
  parts: ModelParts,
  job: Job,
  folder: string,
  model: Model,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { state, detector } = parts;
  progress.state('warming');
  const session = await detector.prepare(model).catch((error: Error) => {
    signal.throwIfAborted();
    throw new UpdateRefusal(error instanceof ModelError ? 'model_unusable' : 'model_failed', error.message);
  });
  let isRunning = false;
  try {
    await warmUp(session, parts.pool);
    signal.throwIfAborted();
    if (job.mode === 'shadow') return await lookAlong(parts, job, session, progress, signal);
    progress.state('comparing');
    progress.compared(await compare(detector, session, job.terms, signal));
    const before = detector.model;
    const { rollout } = job;
    const starts = state.now.trial?.rollout === rollout ? state.now.trial.starts : 0;
    const trial = { folder, rollout, starts, before: parts.watch.tally };
    state.write({ trial, jobs: withCount(endJob(state.now.jobs, rollout, 'trial'), rollout, { ends: 0 }) });
    progress.state('trial');
    isRunning = true;
    await detector.replace(session);
    parts.watch.begin();
    parts.log.info({ model: folder, before: nameOf(before) }, 'model is tried');
    return await watchTrial(parts, job, before, signal);
  } finally {
    if (!isRunning) await session.close();
  }
}

/** The folder, fetched and checked. */
async function install(
  { installed, pool, detector }: ModelParts,
  folder: string,
  job: Job,
  release: Release,
  progress: Progress,
): Promise<Model> {
  if (!(await installed.has(folder, release))) {
    progress.state('fetching');
    const pathOf = await progress.fetch(release);
    progress.state('verifying');
    await installed.add(folder, release, job.release, pathOf);
  }
  progress.state('verifying');
  let model: Model;
  try {
    model = await loadModel(installed.pathOf(folder));
  } catch (error) {
    installed.remove(folder);
    throw new UpdateRefusal('model_unusable', (error as Error).message);
  }
  const { name, version } = model.ref;
  if (name !== release.name || version !== release.version)
    throw new UpdateRefusal(
      'model_unusable',
      `manifest.json: is of ${name} ${version}, not of what was signed`,
    );
  const [wanted, given] = [detector.model.manifest.input, model.manifest.input];
  if (
    wanted.width !== given.width ||
    wanted.height !== given.height ||
    pool.format.bytes !== model.format.bytes
  )
    throw new UpdateRefusal(
      'input_differs',
      `it takes ${given.width}x${given.height}, the cameras are scaled to ${wanted.width}x${wanted.height}`,
    );
  if (wanted.resize !== given.resize || wanted.pad !== given.pad)
    throw new UpdateRefusal('input_differs', 'its pictures are fitted in another way (resize, pad)');
  return model;
}

/** `before`: the model to go back to, where it is still at hand. */
async function watchTrial(
  parts: ModelParts,
  job: Job,
  before: Model | null,
  signal: AbortSignal,
): Promise<void> {
  const { state, watch, detector, installed } = parts;
  const { trial } = state.now;
  if (trial === null) return;
  const lost = detector.losses;
  const untilMs = performance.now() + job.terms.trialMinutes * 60_000;
  // Of a model that has not seen a frame nothing is known, however long that takes.
  while (performance.now() < untilMs || watch.tally.frames === 0) {
    await sleep(TRIAL_LOOK_MS, undefined, { signal });
    const verdict = judgeTrial(trial.before, watch.tally, detector.losses - lost, job.terms);
    if (verdict !== null) return rollBack(parts, job, before, verdict);
  }
  const { confirmed, previous } = state.now;
  const former = confirmed === trial.folder ? previous : confirmed;
  state.write({
    trial: null,
    confirmed: trial.folder,
    previous: former,
    jobs: endJob(state.now.jobs, job.rollout, 'running'),
  });
  installed.keepOnly(wantedFolders(state.now));
  parts.log.info({ model: trial.folder }, 'model is trusted');
}

/** Decided on the disk first; then the frames go to the model of before. */
export async function rollBack(
  parts: ModelParts,
  job: Job,
  before: Model | null,
  { code, detail }: TrialVerdict,
): Promise<void> {
  const { state, detector, watch, log } = parts;
  const folder = state.now.trial?.folder;
  state.write({ trial: null, jobs: endJob(state.now.jobs, job.rollout, 'rolled_back', code, detail) });
  log.error({ model: folder, code, reason: detail }, 'model rolled back');
  const session = await sessionOf(parts, before ?? (await modelBefore(parts)));
  await detector.replace(session);
  watch.begin();
  parts.installed.keepOnly(wantedFolders(state.now));
}

/** The model of before has run here: what ends its thread now is the machine, not the model, so another thread is tried. */
async function sessionOf({ detector, stopping, log }: ModelParts, model: Model): Promise<DetectorSession> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await detector.prepare(model);
    } catch (error) {
      if (!(error instanceof InferenceThreadLost)) throw error;
      const pauseMs = backoffMs(attempt, BACKOFF, Math.random());
      log.error({ ...thrown(error), pauseMs }, 'no thread for the model of before, starting another');
      await sleep(pauseMs, undefined, { signal: stopping });
    }
  }
}

/** Until it is taken back, or another release comes. */
async function lookAlong(
  { detector, state }: ModelParts,
  job: Job,
  session: DetectorSession,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const all = new Agreement();
  const cameras = new Map<string, Agreement>();
  const failure = new AbortController();
  await detector.lookBeside({
    session,
    share: job.terms.share,
    onCompared: (camera, running, beside) => {
      all.add(running, beside);
      const own = cameras.get(camera) ?? new Agreement();
      cameras.set(camera, own);
      own.add(running, beside);
    },
    onFailed: (error) => failure.abort(new UpdateRefusal('model_failed', error.message)),
  });
  progress.state('shadow');
  try {
    for (let waitMs = 1_000; ; waitMs = Math.min(SHADOW_TELL_MS, waitMs * 2)) {
      await sleep(waitMs, undefined, { signal: AbortSignal.any([signal, failure.signal]) }).catch(() => {});
      progress.lookedAlong(
        all.comparison,
        Object.fromEntries([...cameras].map(([camera, own]) => [camera, own.comparison])),
      );
      signal.throwIfAborted();
      failure.signal.throwIfAborted();
      if (all.frames >= COMPARE_FRAMES && endsOf(state, job) > 0)
        state.write({ jobs: withCount(state.now.jobs, job.rollout, { ends: 0 }) });
    }
  } finally {
    await detector.lookBeside(null);
  }
}

function sameRules(one: Model, other: Model): boolean {
  return JSON.stringify(one.manifest) === JSON.stringify(other.manifest);
}

function nameOf({ ref }: Model): string {
  return `${ref.name}-${ref.version}`;
}

/** Of a release that is let go of while it is tried. */
export function letGo(code: UpdateCode): TrialVerdict {
  return {
    code,
    detail: code === 'superseded' ? 'another release has taken its place' : 'it was taken back',
  };
}
