import { expect, test } from 'vitest';
import { FramePool, planarFormat } from './pool.ts';
import { rgbOf } from './rgb.ts';

test('a frame becomes a picture of packed RGB without the padding around it', () => {
  const pool = new FramePool(planarFormat({ width: 4, height: 3 }), 2);
  const slot = pool.acquire() as number;
  const [green, blue, red] = [10, 20, 30];
  for (const [plane, tone] of [green, blue, red].entries())
    pool.pixels(slot).fill(tone, plane * 12, (plane + 1) * 12);
  // Of the second row, its last pixel inside the picture, and the first beside it.
  pool.pixels(slot)[2 * 12 + 5] = 99;
  pool.pixels(slot)[2 * 12 + 6] = 255;
  const { width, height, rgb } = rgbOf({ slot, content: { width: 2, height: 2 } }, pool);
  expect([width, height]).toEqual([2, 2]);
  expect([...rgb]).toEqual([30, 10, 20, 30, 10, 20, 30, 10, 20, 99, 10, 20]);
});
