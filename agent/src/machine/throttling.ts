/**
 * Whether the processor is held back, by heat or by its supply: busy, and yet well below its highest clock. One that has little to do is
 * slow of its own will. Pure.
 */

import { Lasting } from '@roadwatch/common';

/** Of its highest clock. The lowest steps of heat on boards in use (Raspberry Pi, Rockchip, Intel N series) lie below it. */
const SLOW_SHARE = 0.75;
const BUSY_SHARE = 0.5;
/** For so long without a break, either way. */
const SETTLED_MS = 60_000;

export interface Pace {
  /** Null: not known. */
  readonly clockShare: number | null;
  /** Of the time of all processors. */
  readonly busyShare: number | null;
}

export class Throttling {
  readonly #slow = new Lasting(SETTLED_MS, SETTLED_MS);

  /** `nowMs`: by a clock that nobody sets. Null: the machine does not tell. */
  look({ clockShare, busyShare }: Pace, nowMs: number): boolean | null {
    if (clockShare === null || busyShare === null) return null;
    return this.#slow.see(clockShare < SLOW_SHARE && busyShare >= BUSY_SHARE, nowMs);
  }
}
