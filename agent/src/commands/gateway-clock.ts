/**
 * The gateway's clock, as far as it is known here: by it the gateway says until when a command is worth doing, and the clock of the box
 * may be wrong by years.
 */
import { steadyMs } from '@roadwatch/common';

export class GatewayClock {
  #aheadMs: number | null = null;

  /**
   * The gateway has just said what time it is. What it said was under way for a while, so it is later there than this, never earlier:
   * a command is rather done late than called too late.
   */
  told(at: string): void {
    this.#aheadMs = Date.parse(at) - steadyMs();
  }

  /** Whether a gateway has said what time it is. */
  get isTold(): boolean {
    return this.#aheadMs !== null;
  }

  /** Milliseconds since 1970; by the clock of the box until the gateway has said something. */
  nowMs(): number {
    return this.#aheadMs === null ? Date.now() : steadyMs() + this.#aheadMs;
  }
}
