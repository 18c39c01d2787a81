import type { FigureStep } from '@roadwatch/contract/api';
import { describe, expect, test } from 'vitest';
import { asFarAs, checkSpan, monthOf, partsOf, periodOf, spanBefore, spanYearBefore } from './period.ts';

const HOUR = 3_600_000;
const span = (from: string, to: string) => ({ from, to });

test.each([
  ['Asia/Shanghai', '2026-11-23', '2026-11-22T16:00:00Z', 24],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
  // The clock is put forward at midnight: the day begins at 01:00.
  ['America/Havana', '2026-03-08', '2026-03-08T05:00:00Z', 23],
])('in %s the day %s begins at %s and has %i hours', (zone, day, start, hours) => {
  const period = periodOf(span(day, day), zone);
  expect([new Date(period.start).toISOString(), (period.end - period.start) / HOUR]).toEqual([
    start.replace('Z', '.000Z'),
    hours,
  ]);
});

describe('the periods to compare with', () => {
  test.each([
    ['a month', '2026-03-01', '2026-03-31', '2026-02-01 2026-02-28', '2025-03-01 2025-03-31'],
    ['a quarter', '2026-01-01', '2026-03-31', '2025-10-01 2025-12-31', '2025-01-01 2025-03-31'],
    ['a leap month', '2028-02-01', '2028-02-29', '2028-01-01 2028-01-31', '2027-02-01 2027-02-28'],
    [
      'a month after a leap year',
      '2029-02-01',
      '2029-02-28',
      '2029-01-01 2029-01-31',
      '2028-02-01 2028-02-29',
    ],
    ['a leap day', '2028-02-29', '2028-02-29', '2028-02-28 2028-02-28', '2027-02-28 2027-02-28'],
    ['a week', '2026-11-02', '2026-11-08', '2026-10-26 2026-11-01', '2025-11-02 2025-11-08'],
    ['a year', '2026-01-01', '2026-12-31', '2025-01-01 2025-12-31', '2025-01-01 2025-12-31'],
  ])('of %s', (_, from, to, before, yearBefore) => {
    const text = ({ from, to }: { from: string; to: string }) => `${from} ${to}`;
    expect([text(spanBefore(span(from, to))), text(spanYearBefore(span(from, to)))]).toEqual([
      before,
      yearBefore,
    ]);
  });

  test.each([
    ['over', '2026-12-01T00:00:00+08:00', 31 * 24],
    ['at noon of its third day', '2026-11-03T12:00:00+08:00', 60],
    ['not begun', '2026-10-01T00:00:00+08:00', 0],
  ])('go as far as a month that is %s', (_, now, hours) => {
    const { start, end } = asFarAs(
      span('2026-10-01', '2026-10-31'),
      span('2026-11-01', '2026-11-30'),
      Date.parse(now),
      'Asia/Shanghai',
    );
    expect((end - start) / HOUR).toBe(hours);
  });

  test('never go beyond themselves, when the present month is the longer one', () => {
    const now = Date.parse('2026-03-31T12:00:00+08:00');
    const february = asFarAs(
      span('2026-02-01', '2026-02-28'),
      span('2026-03-01', '2026-03-31'),
      now,
      'Asia/Shanghai',
    );
    expect(february).toEqual(periodOf(span('2026-02-01', '2026-02-28'), 'Asia/Shanghai'));
  });
});

test.each<[FigureStep, string, string, string[]]>([
  ['day', '2026-03-28', '2026-03-30', ['2026-03-28', '2026-03-29', '2026-03-30']],
  ['week', '2026-10-01', '2026-10-14', ['2026-10-01', '2026-10-05', '2026-10-12']],
  ['month', '2025-12-15', '2026-02-03', ['2025-12-15', '2026-01-01', '2026-02-01']],
])(
  'a period has every %s once, without a gap, over a change of clocks and of the year',
  (step, from, to, keys) => {
    const parts = partsOf(span(from, to), step, 'Europe/Berlin');
    expect(parts.map(({ key }) => key)).toEqual(keys);
    const { start, end } = periodOf(span(from, to), 'Europe/Berlin');
    expect(parts.map((part) => part.start)).toEqual([start, ...parts.slice(0, -1).map((part) => part.end)]);
    expect(parts.at(-1)?.end).toBe(end);
  },
);

test.each([
  ['2026-02-30', '2026-03-01', 'from: there is no day "2026-02-30"'],
  ['2026-01-01', '2026-13-01', 'to: there is no day "2026-13-01"'],
  ['2026-01-02', '2026-01-01', 'to: 2026-01-01 is before from: 2026-01-02'],
  ['2000-01-01', '2026-01-01', 'to: a period of 9498 days; expected at most 3660'],
])('%s to %s is refused', (from, to, sentence) => {
  expect(() => checkSpan(span(from, to))).toThrow(sentence);
});

test('more parts than a page can show are refused', () =>
  expect(() => partsOf(span('2024-01-01', '2026-01-01'), 'day', 'UTC')).toThrow(/each: more than 400 parts/));

test('the month of an instant is that of the city', () =>
  expect(monthOf(Date.parse('2026-01-31T16:30:00Z'), 'Asia/Shanghai')).toEqual(
    span('2026-02-01', '2026-02-28'),
  ));
