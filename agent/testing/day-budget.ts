/** The count of the day in a folder; by the clock of this machine where none is given. */
import { pino } from 'pino';
import { DayBudget } from '../src/uplink/day-budget.ts';

const MACHINE = { nowMs: () => Date.now(), isTold: true };

/** `bytesPerDay`: as much as can be, when left out. */
export function testDayBudget(
  dataDir: string,
  bytesPerDay: number | null = null,
  clock: { nowMs(): number; readonly isTold: boolean } = MACHINE,
): DayBudget {
  return new DayBudget({ dataDir, bytesPerDay, clock, log: pino({ enabled: false }) });
}
