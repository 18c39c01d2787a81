import { expect, test } from 'vitest';
import { combine } from './repeat.ts';

const run = (rate: number, list: readonly number[]) => ({
  figures: { rate, name: 'x', same: 7, list, none: null },
  table: [
    ['', 'rate'],
    ['all', rate],
  ],
  notes: ['n'],
});

test('several runs give medians, and how far they lie apart', () => {
  const combined = combine([run(30, [1, 2]), run(10, [3, 2]), run(20, [2, 2])]);
  expect(combined.figures).toEqual({ rate: 20, name: 'x', same: 7, list: [2, 2], none: null });
  expect(combined.spread).toEqual({ rate: [10, 30], name: 'x', same: 7, list: [[1, 3], 2], none: null });
  expect(combined.table).toEqual([
    ['', 'rate'],
    ['all', '20 (10-30)'],
  ]);
});

test('one run is told as it is, and runs of different shape by the last', () => {
  expect(combine([run(5, [1])]).table[1]).toEqual(['all', 5]);
  expect(combine([run(5, [1, 2, 3]), run(5, [4])]).figures).toMatchObject({ list: [4] });
});
