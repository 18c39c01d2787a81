import { expect, test } from 'vitest';
import { around, boxInPixels } from './zoom.ts';

test('a box is drawn in the pixels of its picture', () =>
  expect(boxInPixels([0.25, 0.5, 0.5, 0.25], 1920, 1080)).toEqual({
    x: 480,
    y: 540,
    width: 960,
    height: 270,
  }));

test('zooming keeps the shape of the picture, centres the box and stays inside', () => {
  const middle = around(boxInPixels([0.45, 0.45, 0.1, 0.1], 1600, 900), 1600, 900);
  expect(middle).toEqual({ x: 600, y: 337.5, width: 400, height: 225 });
  const corner = around(boxInPixels([0.9, 0.9, 0.1, 0.1], 1600, 900), 1600, 900);
  expect(corner).toEqual({ x: 1200, y: 675, width: 400, height: 225 });
});

test('a box that fills the picture is not zoomed beyond it', () =>
  expect(around(boxInPixels([0.1, 0.1, 0.8, 0.8], 1600, 900), 1600, 900)).toEqual({
    x: 0,
    y: 0,
    width: 1600,
    height: 900,
  }));
