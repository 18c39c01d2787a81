/** How late pictures leave: from the instant at which one is due to the instant at which every viewer's socket has it. */
import { createHistogram } from 'node:perf_hooks';

export interface PaceFigures {
  readonly pictures: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Shared by the cameras of a process. */
export class Pace {
  /** Microseconds; a minute is more than any picture is late. */
  readonly #late = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 });

  record(lateMs: number): void {
    this.#late.record(Math.min(60_000_000, Math.max(1, Math.round(lateMs * 1000))));
  }

  /** Since it was last asked. */
  take(): PaceFigures {
    const ms = (percent: number): number => Math.round(this.#late.percentile(percent)) / 1000;
    const pictures = this.#late.count;
    const figures =
      pictures === 0
        ? { pictures, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 }
        : { pictures, p50Ms: ms(50), p90Ms: ms(90), p99Ms: ms(99), maxMs: this.#late.max / 1000 };
    this.#late.reset();
    return figures;
  }
}
