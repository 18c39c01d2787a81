import { expect, test } from 'vitest';
import { toFrame } from './model.ts';

test('a box that reaches into the padding ends at the edge of the picture; one that lies in it is none', () => {
  const content = { width: 640, height: 320 };
  expect(toFrame({ x1: 0, y1: 160, x2: 320, y2: 384, score: 1, classIndex: 0 }, content)).toEqual([
    0, 0.5, 0.5, 0.5,
  ]);
  expect(toFrame({ x1: 0, y1: 330, x2: 320, y2: 384, score: 1, classIndex: 0 }, content)).toBeNull();
});
