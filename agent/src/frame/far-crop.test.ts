import { expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { farWindow, fromFar, withFar } from './far-crop.ts';

const WINDOW = [0.25, 0.25, 0.5, 0.5] as const;
const pothole = (box: Box['box'], score: number): Box => ({
  damageClass: 'pothole',
  alert: true,
  score,
  box,
});

test('the part lies on the far end of the road that was drawn, inside the picture', () => {
  const road = [
    [0.0, 1.0],
    [0.8, 0.3],
    [0.9, 0.3],
    [1.0, 1.0],
  ] as const;
  const [x, y, width, height] = farWindow(road);
  expect([x, width, height]).toEqual([0.5, 0.5, 0.5]);
  expect(y).toBeCloseTo(0.28);
  expect(farWindow(undefined)).toEqual([0.25, 0.25, 0.5, 0.5]);
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
