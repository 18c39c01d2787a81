import { expect, test } from 'vitest';
import { cornersOf, edgesOf, nearest } from './handles.ts';

const SIZE = { width: 1000, height: 500 };
const SQUARE = [
  [0.1, 0.2],
  [0.2, 0.2],
  [0.2, 0.4],
  [0.1, 0.4],
] as const;

test.each([
  { where: [104, 103], reach: 20, held: 0 },
  // Both are within reach.
  { where: [160, 100], reach: 90, held: 1 },
  { where: [150, 150], reach: 20, held: undefined },
] as const)('what is held at $where within $reach is $held', ({ where, reach, held }) =>
  expect(nearest(cornersOf(SQUARE, SIZE), where, reach)?.of).toBe(held),
);

test('the smallest boxes are held at the edges of the picture', () =>
  expect(edgesOf({ top: 0.02, bottom: 0.1 }, SIZE)).toEqual([
    { of: 'top', x: 505, y: 10 },
    { of: 'bottom', x: 525, y: 450 },
  ]));
