/**
 * Whether the processor is held back, by heat or by its supply: busy, and yet well below its highest clock. One that has little to do is
 * slow of its own will. Pure.
 */

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
  #isThrottled = false;
  #otherSinceMs: number | null = null;

  /** `nowMs`: by a clock that nobody sets. Null: the machine does not tell. */
  look({ clockShare, busyShare }: Pace, nowMs: number): boolean | null {
    if (clockShare === null || busyShare === null) return null;
    const isSlow = clockShare < SLOW_SHARE && busyShare >= BUSY_SHARE;
    if (isSlow === this.#isThrottled) this.#otherSinceMs = null;
    else {
      this.#otherSinceMs ??= nowMs;
      if (nowMs - this.#otherSinceMs >= SETTLED_MS) {
        this.#isThrottled = isSlow;
        this.#otherSinceMs = null;
      }
    }
    return this.#isThrottled;
  }
}
