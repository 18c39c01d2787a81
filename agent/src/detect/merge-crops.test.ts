import { expect, test } from 'vitest';
import type { Box } from './box.ts';
import { fromFar, withFar } from './merge-crops.ts';

const WINDOW = [0.25, 0.25, 0.5, 0.5] as const;
const pothole = (box: Box['box'], score: number): Box => ({
  damageClass: 'pothole',
  alert: true,
  score,
  box,
});

test('a box of the part comes back to its place in the whole', () => {
  expect(fromFar([0.5, 0.5, 0.1, 0.2], WINDOW)).toEqual([0.5, 0.5, 0.05, 0.1]);
});

test('what only the enlarged look sees is added, what both see is one, the surer of the two', () => {
  const near = pothole([0.1, 0.8, 0.1, 0.1], 0.9);
  const small = pothole([0.5, 0.5, 0.05, 0.05], 0.5);
  const enlarged = [pothole([0.5, 0.5, 0.1, 0.1], 0.8), pothole([0.1, 0.1, 0.1, 0.1], 0.7)];
  const boxes = withFar([near, small], enlarged, WINDOW);
  expect(boxes.map(({ score }) => score)).toEqual([0.9, 0.8, 0.7]);
});

test('a box that the edge of the part has cut is left to the whole', () => {
  expect(withFar([], [pothole([0, 0.5, 0.1, 0.1], 0.9)], WINDOW)).toEqual([]);
});
