/** Whether evidence waits for another day, since the budget of this one is used up for it: told once, and once that it goes on. */
import { type Log, OutageLog } from '@roadwatch/common';
import { type AgentTrouble, timestamp } from '@roadwatch/contract';
import type { DayBudget } from './day-budget.ts';

const NAMES = { picture: 'pictures', clip: 'clips' } as const;

export class HeldBack {
  readonly #budget: DayBudget;
  readonly #told: OutageLog;
  #trouble: AgentTrouble | null = null;

  constructor(budget: DayBudget, log: Log) {
    this.#budget = budget;
    this.#told = new OutageLog(log, {
      failed: 'evidence waits for the next day',
      over: 'evidence goes on',
    });
  }

  get troubles(): readonly AgentTrouble[] {
    return this.#trouble === null ? [] : [this.#trouble];
  }

  /** `kinds`: of which something waits. To be called now and then. */
  look(kinds: readonly (keyof typeof NAMES)[]): void {
    const { bytesPerDay, bytes } = this.#budget;
    if (kinds.length === 0 || bytesPerDay === null) {
      this.#told.works();
      this.#trouble = null;
      return;
    }
    const waiting = kinds.map((kind) => NAMES[kind]).join(' and ');
    const detail = `${megabytes(bytes)} of ${megabytes(bytesPerDay)} MB of today have been sent (uplink.megabytesPerDay); ${waiting} wait until 00:00 UTC`;
    if (this.#trouble === null) this.#told.failed(detail);
    const since = this.#trouble?.since ?? timestamp(Date.now());
    this.#trouble = { code: 'uplink_budget', detail, since };
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
