/**
 * Warnings that anybody outside can cause as often as they like: so many a minute are written, then the hundredth, the thousandth
 * and so on, each with how many there were between.
 */

import type { Log, Say } from './log.ts';
import { steadyMs } from './steady-clock.ts';

const MINUTE_MS = 60_000;
const A_MINUTE = 10;

export interface LogLimitOptions {
  /** Warnings a minute that are all written. */
  readonly aMinute?: number;
  /** Milliseconds of a clock that is never set. */
  readonly now?: () => number;
}

export function limitWarnings(
  log: Pick<Log, 'warn'>,
  { aMinute = A_MINUTE, now = steadyMs }: LogLimitOptions = {},
): Say {
  let from = Number.NEGATIVE_INFINITY;
  let written = 0;
  let held = 0;
  return (fields, message) => {
    if (now() - from >= MINUTE_MS) {
      from = now();
      written = 0;
    }
    written += 1;
    if (written > aMinute && !isPowerOfTen(written)) held += 1;
    else {
      log.warn(held === 0 ? fields : { ...fields, notShown: held }, message);
      held = 0;
    }
  };
}

function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
