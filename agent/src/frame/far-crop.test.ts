import { expect, test } from 'vitest';
import { farWindow } from './far-crop.ts';

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
