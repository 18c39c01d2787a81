import { expect, test } from 'vitest';
import { age, countdown, wallClock } from './time.ts';

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

test('today needs no date, and a day that lies far off has its year', () => {
  const { shortTime, clockTime, fullDay } = wallClock('Asia/Shanghai');
  const at = '2026-05-05T23:05:09.000Z';
  const later = Date.parse('2026-05-06T15:59:59Z');
  expect(shortTime(at, later)).toBe('07:05:09');
  expect(shortTime(at, later + 1000)).toBe('05-06 07:05:09');
  expect(clockTime(at)).toBe('05-06 07:05:09');
  expect(fullDay('2027-11-02T23:59:00Z')).toBe('2027-11-03');
});

test('times are those of the zone, whatever zone the screen is in', () => {
  const at = '2026-01-15T23:30:00Z';
  expect(
    ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'UTC'].map((zone) =>
      wallClock(zone).clockTime(at),
    ),
  ).toEqual(['01-16 07:30:00', '01-16 00:30:00', '01-15 20:00:00', '01-15 23:30:00']);
  expect(wallClock('Asia/Shanghai').offset(Date.parse(at))).toBe('UTC+8');
  expect(wallClock('America/St_Johns').offset(Date.parse(at))).toBe('UTC-3:30');
});

test('the next morning is found over a change of the clock', () => {
  const { nextHour } = wallClock('Europe/Berlin');
  const evening = Date.parse('2026-03-28T21:00:00+01:00');
  expect(nextHour(7, evening)).toBe(Date.parse('2026-03-29T07:00:00+02:00'));
});
