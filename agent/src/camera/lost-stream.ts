/** Of a camera with two streams one that has ended while the other goes on: why, and when it is tried again. */
import type { StreamFault } from './faults.ts';
import { isRefusal, pauseMs } from './retry.ts';

const HEALTHY_AFTER_MS = 30_000;

export class LostStream {
  #fault: StreamFault | null = null;
  #againAt = 0;
  #count = 0;
  #refusals = 0;
  #hasStreamed = false;

  /** Null while nothing is wrong with it. */
  get fault(): StreamFault | null {
    return this.#fault;
  }

  /** Whether it may be tried now, as a camera of its own would be. */
  isDue(now: number): boolean {
    return this.#fault === null || now >= this.#againAt;
  }

  /** `livedMs`: since it was begun. */
  lost(fault: StreamFault, livedMs: number, now: number): void {
    this.#fault = fault;
    this.#count = livedMs > HEALTHY_AFTER_MS ? 1 : this.#count + 1;
    this.#refusals = isRefusal(fault) ? this.#refusals + 1 : 0;
    const failures = { count: this.#count, refusals: this.#refusals, hasStreamed: this.#hasStreamed };
    this.#againAt = now + pauseMs(fault, { ...failures, triedMs: livedMs }, Math.random());
  }

  /** It has shown a picture. Returns whether it was lost. */
  found(): boolean {
    const wasLost = this.#fault !== null;
    this.#fault = null;
    this.#hasStreamed = true;
    return wasLost;
  }
}
