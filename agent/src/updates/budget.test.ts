import { expect, test } from 'vitest';
import { FetchBudget } from './budget.ts';

const NOON = Date.parse('2026-11-27T12:00:00Z');
const never = new AbortController().signal;

test('a day has its bytes, and the next one has them again, also after a restart', async () => {
  let nowMs = NOON;
  const options = { pace: { bytesPerSecond: null, bytesPerDay: 1000 }, nowMs: () => nowMs };
  const first = new FetchBudget({ ...options, day: { date: '', bytes: 0 } });
  await first.charge(600, never);
  expect(first.isUsedUp).toBe(false);
  const second = new FetchBudget({ ...options, day: first.day });
  await second.charge(400, never);
  expect(second.isUsedUp).toBe(true);
  expect(second.untilTomorrowMs).toBe(12 * 3_600_000);
  nowMs += second.untilTomorrowMs;
  expect(second.isUsedUp).toBe(false);
  // Another pace counts at once.
  await second.charge(500, never);
  second.pace = { bytesPerSecond: null, bytesPerDay: 500 };
  expect(second.isUsedUp).toBe(true);
  second.pace = { bytesPerSecond: null, bytesPerDay: null };
  expect(second.isUsedUp).toBe(false);
});
