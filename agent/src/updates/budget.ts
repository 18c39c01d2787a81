/** How much may be fetched: so many bytes a second, and so many on a day in UTC. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UpdateDecisions } from './state.ts';

/** Null: as much as can be. */
export interface FetchPace {
  readonly bytesPerSecond: number | null;
  readonly bytesPerDay: number | null;
}

interface BudgetOptions {
  readonly pace: FetchPace;
  readonly nowMs: () => number;
  /** What a day has been charged for so far, kept across restarts. */
  readonly day: UpdateDecisions['day'];
}

export class FetchBudget {
  readonly #options: BudgetOptions;
  #day: UpdateDecisions['day'];
  /** Counts from now on. */
  pace: FetchPace;
  /** When the line may be used again, by performance.now(). */
  #freeAtMs = 0;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#day = options.day;
    this.pace = options.pace;
  }

  get day(): UpdateDecisions['day'] {
    return this.#day;
  }

  /** Whether more may be fetched today. */
  get isUsedUp(): boolean {
    const { bytesPerDay } = this.pace;
    return bytesPerDay !== null && this.#today().bytes >= bytesPerDay;
  }

  /** Milliseconds until the next day begins. */
  get untilTomorrowMs(): number {
    const now = this.#options.nowMs();
    return 86_400_000 - (now % 86_400_000);
  }

  /** These bytes have come; resolves when the next may. */
  async charge(bytes: number, signal: AbortSignal): Promise<void> {
    const today = this.#today();
    this.#day = { ...today, bytes: today.bytes + bytes };
    const { bytesPerSecond } = this.pace;
    if (bytesPerSecond === null) return;
    const now = performance.now();
    this.#freeAtMs = Math.max(now, this.#freeAtMs) + (bytes / bytesPerSecond) * 1000;
    await sleep(this.#freeAtMs - now, undefined, { signal });
  }

  #today(): UpdateDecisions['day'] {
    const date = new Date(this.#options.nowMs()).toISOString().slice(0, 10);
    return this.#day.date === date ? this.#day : { date, bytes: 0 };
  }
}
