/** A model before it may decide anything: in a thread of its own it runs a few times, and is then shown what the running one is shown. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Comparison, UpdateTerms } from '@roadwatch/contract';
import type { Detector } from '../detect/detector.ts';
import type { DetectorSession } from '../detect/session.ts';
import type { FramePool } from '../frame/pool.ts';
import { Agreement } from './agreement.ts';
import { slowness } from './trial.ts';
import { UpdateRefusal } from './update-refusal.ts';

const WARM_RUNS = 3;
/** After so many something is known of a model. */
export const COMPARE_FRAMES = 12;
/** A street on which nothing happens shows few frames; then the trial has to tell. */
const COMPARE_MS = 60_000;

/** The first runs are the slow ones, and those that show what the model cannot do. Throws UpdateRefusal. */
export async function warmUp(session: DetectorSession, pool: FramePool): Promise<void> {
  const slot = pool.acquire();
  if (slot === null) return;
  try {
    for (let run = 0; run < WARM_RUNS; run++) await session.run(slot, pool.format);
  } catch (error) {
    throw new UpdateRefusal('model_failed', (error as Error).message);
  } finally {
    pool.release(slot);
  }
}

/** Throws UpdateRefusal when it fails or is slower than `terms` allow. */
export async function compare(
  detector: Detector,
  session: DetectorSession,
  { maxSlowdown }: Pick<UpdateTerms, 'maxSlowdown'>,
  signal: AbortSignal,
): Promise<Comparison> {
  const agreement = new Agreement();
  const enough = new AbortController();
  let failed: Error | null = null;
  await detector.lookBeside({
    session,
    share: 1,
    onCompared: (_camera, running, beside) => {
      agreement.add(running, beside);
      if (agreement.frames >= COMPARE_FRAMES) enough.abort();
    },
    onFailed: (error) => {
      failed = error;
      enough.abort();
    },
  });
  await sleep(COMPARE_MS, undefined, { signal: AbortSignal.any([signal, enough.signal]) }).catch(() => {});
  await detector.lookBeside(null);
  signal.throwIfAborted();
  if (failed !== null) throw new UpdateRefusal('model_failed', (failed as Error).message);
  const slow = slowness(...agreement.meanMs, maxSlowdown);
  if (slow !== null) throw new UpdateRefusal('too_slow', slow);
  return agreement.comparison;
}
