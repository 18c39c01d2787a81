import { expect, test } from 'vitest';
import { scrollTo, windowOf } from './window.ts';

test.each([
  ['at the top', 0, { from: 0, to: 16 }],
  ['in the middle', 76_000, { from: 994, to: 1016 }],
  ['at the end', 760_000 - 760, { from: 9984, to: 10_000 }],
  ['scrolled beyond a list that has become short', 999_999, { from: 10_000, to: 10_000 }],
])('of 10,000 rows those on the screen exist, and some beyond: %s', (_, top, expected) =>
  expect(windowOf(top, 760, 76, 10_000)).toEqual(expected),
);

test.each([
  ['in sight stays', 3, 0, null],
  ['above comes to the top', 3, 500, 228],
  ['below comes to the bottom', 20, 0, 836],
])('a row %s', (_, row, top, expected) => expect(scrollTo(row, top, 760, 76)).toBe(expected));
