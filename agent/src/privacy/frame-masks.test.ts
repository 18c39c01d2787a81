import type { NormalizedPolygon } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { type Frame, FramePool, planarFormat } from '../frame/pool.ts';
import type { Size } from '../frame/size.ts';
import { FrameMasks } from './frame-masks.ts';

const SIZE = { width: 320, height: 192 };
const LEFT_HALF: NormalizedPolygon = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
];
const TOP: NormalizedPolygon = [
  [0, 0],
  [1, 0],
  [1, 0.25],
  [0, 0.25],
];

/** A camera with these masks, whose pictures are all of one tone. */
function camera(...masks: readonly NormalizedPolygon[]) {
  const pool = new FramePool(planarFormat(SIZE), 2);
  const painter = new FrameMasks(masks, pool, 114);
  const show = (content: Size, far?: Frame['far']): void => {
    for (const slot of [0, 1]) pool.pixels(slot).fill(200);
    painter.paint({ slot: 0, capturedAtMs: 0, content, source: SIZE, far });
  };
  /** In all three planes. */
  const pixel = (x: number, y: number, slot = 0): number[] =>
    [0, 1, 2].map((plane) => pool.pixels(slot)[(plane * SIZE.height + y) * SIZE.width + x] as number);
  return { painter, show, pixel };
}

const HIDDEN = [114, 114, 114];
const SHOWN = [200, 200, 200];

test('nothing is seen of what lies inside a mask', () => {
  const { show, pixel } = camera(LEFT_HALF);
  show(SIZE);
  expect([pixel(10, 100), pixel(159, 10), pixel(161, 10)]).toEqual([HIDDEN, HIDDEN, SHOWN]);
});

test('nor in the part of the picture that is looked at enlarged', () => {
  const { show, pixel } = camera(LEFT_HALF);
  show(SIZE, { slot: 1, content: SIZE, window: [0.25, 0.25, 0.5, 0.5] });
  expect([pixel(159, 10, 1), pixel(161, 10, 1)]).toEqual([HIDDEN, SHOWN]);
  show(SIZE, { slot: 1, content: { width: 300, height: 192 }, window: [0.25, 0.25, 0.5, 0.5] });
  expect([pixel(149, 10, 1), pixel(151, 10, 1)]).toEqual([HIDDEN, SHOWN]);
});

test('a picture that changes its shape, by a few pixels only, is hidden where it is now', () => {
  const { show, pixel } = camera(LEFT_HALF);
  show({ width: 312, height: 192 });
  expect([pixel(155, 10), pixel(157, 10)]).toEqual([HIDDEN, SHOWN]);
  show({ width: 319, height: 192 });
  expect([pixel(157, 10), pixel(161, 10)]).toEqual([HIDDEN, SHOWN]);
});

test('a mask that comes later hides from the next picture on', () => {
  const { painter, show, pixel } = camera();
  show(SIZE);
  expect(pixel(10, 10)).toEqual(SHOWN);
  painter.set([TOP]);
  show(SIZE);
  expect([pixel(300, 47), pixel(300, 49)]).toEqual([HIDDEN, SHOWN]);
});
