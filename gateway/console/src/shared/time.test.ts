import { expect, test } from 'vitest';
import { age, clockTime, countdown, fullDay, shortTime } from './time.ts';

const NOW = Date.UTC(2026, 4, 6, 8);

test.each([
  [400, '0 s', '0 秒'],
  [59_999, '59 s', '59 秒'],
  [60_000, '1 min', '1 分钟'],
  [3_599_000, '59 min', '59 分钟'],
  [3_600_000, '1 h', '1 小时'],
  [86_400_000 * 3, '3 d', '3 天'],
  [-5_000, '0 s', '0 秒'],
])('an age of %i ms reads %s and %s', (elapsed, en, zh) => {
  const at = new Date(NOW - elapsed).toISOString();
  expect([age(at, NOW, 'en'), age(at, NOW, 'zh')]).toEqual([en, zh]);
});

test.each([
  [30 * 60_000, '30:00'],
  [29 * 60_000 + 1, '29:01'],
  [1, '0:01'],
  [0, '0:00'],
  [24 * 3_600_000 - 1_000, '23:59:59'],
])('a countdown of %i ms reads %s', (remaining, text) => expect(countdown(remaining)).toBe(text));

test('today needs no date', () => {
  const today = new Date(2026, 4, 6, 7, 5, 9);
  const later = new Date(2026, 4, 6, 23).getTime();
  expect(shortTime(today.toISOString(), later)).toBe('07:05:09');
  expect(shortTime(today.toISOString(), later + 3_600_000)).toBe('05-06 07:05:09');
  expect(clockTime(today.toISOString())).toBe('05-06 07:05:09');
});

test('a day that lies far off has its year', () => {
  expect(fullDay(new Date(2027, 10, 3, 23, 59).toISOString())).toBe('2027-11-03');
});
