/** Whether a model that is being tried is as good as the one before, by what both did with frames. Pure: counts in, verdict out. */
import type { UpdateTerms } from '@roadwatch/contract';
import type { UpdateCode } from '@roadwatch/contract/codes';
import type { Tally } from './state.ts';

export const NO_TALLY: Tally = { frames: 0, candidates: 0, elapsedMs: 0, errors: 0 };

/** Before so many frames nothing but errors is judged. */
const MIN_FRAMES = 20;
const MAX_ERRORS = 3;
/** Threads of the model that may end by themselves. */
const MAX_LOSSES = 1;
/** What a model that finds next to nothing is taken to find, a frame: else the first candidate would be a jump. */
const LEAST_RATE = 0.005;

export interface TrialVerdict {
  readonly code: UpdateCode;
  readonly detail: string;
}

/** Null: nothing is held against it. `losses`: threads that ended by themselves since the trial began. */
export function judgeTrial(
  before: Tally,
  trial: Tally,
  losses: number,
  { maxSlowdown, maxJump }: Pick<UpdateTerms, 'maxSlowdown' | 'maxJump'>,
): TrialVerdict | null {
  if (losses > MAX_LOSSES || trial.errors >= MAX_ERRORS)
    return { code: 'model_failed', detail: `${trial.errors} frames failed, ${losses} threads were lost` };
  if (trial.frames < MIN_FRAMES) return null;
  const slow = slowness(meanMs(before), meanMs(trial), maxSlowdown);
  if (slow !== null) return { code: 'too_slow', detail: slow };
  const expected = Math.max(LEAST_RATE, rate(before)) * trial.frames;
  const allowed = expected * maxJump;
  // Chance alone makes a count of n differ by about its root.
  if (trial.candidates > allowed + 3 * Math.sqrt(allowed) + 3)
    return {
      code: 'candidates_jumped',
      detail: `${trial.candidates} candidates in ${trial.frames} frames; the model before would have had ${expected.toFixed(1)}`,
    };
  return null;
}

/** What is held against the time that a frame takes; null: nothing. A frame that takes less than a millisecond is never slow. */
export function slowness(beforeMs: number | null, nowMs: number | null, maxSlowdown: number): string | null {
  if (beforeMs === null || nowMs === null || nowMs <= Math.max(1, beforeMs) * maxSlowdown) return null;
  return `${nowMs.toFixed(1)} ms for a frame, against ${beforeMs.toFixed(1)} ms; at most ${maxSlowdown} times is allowed`;
}

function meanMs({ frames, elapsedMs }: Tally): number | null {
  return frames === 0 ? null : elapsedMs / frames;
}

function rate({ frames, candidates }: Tally): number {
  return frames === 0 ? 0 : candidates / frames;
}
