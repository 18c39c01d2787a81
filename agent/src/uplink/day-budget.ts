/**
 * How much goes over the line on a day in UTC, kept across restarts, and what stops as a budget runs out: live views first, then clips,
 * then pictures. Detections, states and answers are small and always go; they are counted like everything else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, OutageLog } from '@roadwatch/common';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { writeWhole } from '../disk/write-whole.ts';

/** Of the bytes of a day: once so much has gone, no more of that kind goes before the next. */
const SHARES = { live: 0.6, clip: 0.8, picture: 1 } as const;
type Limited = keyof typeof SHARES;

/** The count is written so often on a day with a budget; a power cut forgets no more than that part. */
const WRITES_A_DAY = 256;
const MIN_STEP_BYTES = 64 * 1024;
/** Without a budget nothing hangs on it. */
const FREE_STEP_BYTES = 64 * 2 ** 20;

const Day = Type.Object({
  date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  bytes: Type.Integer({ minimum: 0 }),
});
type Day = Static<typeof Day>;

interface BudgetOptions {
  readonly dataDir: string;
  /** Null: as much as can be. */
  readonly bytesPerDay: number | null;
  /** `isTold`: a gateway has said what time it is; the clock of the box alone may be wrong by years. */
  readonly clock: { nowMs(): number; readonly isTold: boolean };
  readonly log: Log;
}

export class DayBudget {
  readonly #path: string;
  readonly #clock: BudgetOptions['clock'];
  readonly #disk: OutageLog;
  #day: Day;
  #writtenBytes: number;
  /** Counts from now on. */
  bytesPerDay: number | null;

  constructor({ dataDir, bytesPerDay, clock, log }: BudgetOptions) {
    this.#path = join(dataDir, 'uplink-day.json');
    this.#clock = clock;
    this.#disk = new OutageLog(log, { failed: 'what was sent today cannot be written to disk' });
    this.bytesPerDay = bytesPerDay;
    this.#day = readDay(this.#path) ?? { date: dateOf(clock.nowMs()), bytes: 0 };
    this.#writtenBytes = this.#day.bytes;
  }

  /** That have gone today. */
  get bytes(): number {
    return this.#today().bytes;
  }

  /** `promisedBytes`: that will go besides, whatever else does. */
  allows(kind: Limited, promisedBytes = 0): boolean {
    return this.bytesPerDay === null || this.bytes + promisedBytes < this.bytesPerDay * SHARES[kind];
  }

  sent(bytes: number): void {
    const { date, bytes: before } = this.#today();
    this.#day = { date, bytes: before + bytes };
    const step =
      this.bytesPerDay === null ? FREE_STEP_BYTES : Math.max(MIN_STEP_BYTES, this.bytesPerDay / WRITES_A_DAY);
    if (this.#day.bytes - this.#writtenBytes >= step) this.save();
  }

  /** What cannot be written now is tried again a step later. */
  save(): void {
    if (this.#day.bytes === this.#writtenBytes) return;
    this.#writtenBytes = this.#day.bytes;
    try {
      writeWhole(this.#path, `${JSON.stringify(this.#day)}\n`);
      this.#disk.works();
    } catch (error) {
      this.#disk.failed((error as Error).message);
    }
  }

  /** A clock that nobody has set shows a day long past: that is no new one. */
  #today(): Day {
    const date = dateOf(this.#clock.nowMs());
    const { date: before } = this.#day;
    if (date > before || (date < before && this.#clock.isTold)) {
      this.#day = { date, bytes: 0 };
      this.#writtenBytes = 0;
    }
    return this.#day;
  }
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Null: nothing was counted yet, or it cannot be read. */
function readDay(path: string): Day | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Value.Check(Day, value) ? value : null;
  } catch {
    return null;
  }
}
