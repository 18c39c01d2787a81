import { expect, test } from 'vitest';
import { cutAround, inPicture, type Planes } from './cut.ts';

/** Each pixel of the picture says where it is: its column in the first plane, its row in the second. */
function picture(content: { width: number; height: number }, format = content): Planes {
  const { width, height } = format;
  const pixels = new Uint8Array(3 * width * height).fill(200);
  for (let y = 0; y < content.height; y++) {
    for (let x = 0; x < content.width; x++) {
      pixels[y * width + x] = x & 0xff;
      pixels[(height + y) * width + x] = y & 0xff;
      pixels[(2 * height + y) * width + x] = 77;
    }
  }
  return { pixels, format, content };
}

function cut(from: Planes, box: readonly [number, number, number, number], side: number) {
  const size = { width: side, height: side };
  const to = new Uint8Array(3 * side * side);
  const where = cutAround(from, box, to, size, 114);
  const at = (x: number, y: number) => [0, 1, 2].map((plane) => to[(plane * side + y) * side + x]);
  return { where, at };
}

test('what lies around the place is cut out, pixel for pixel, in all planes', () => {
  const { where, at } = cut(picture({ width: 200, height: 100 }), [0.45, 0.45, 0.1, 0.1], 40);
  expect(where).toMatchObject({ left: 80, top: 30, step: 1 });
  expect(at(0, 0)).toEqual([80, 30, 77]);
  expect(at(39, 39)).toEqual([119, 69, 77]);
});

test('at the edge of the picture it is moved inside', () => {
  const { at } = cut(picture({ width: 200, height: 100 }), [0.95, 0.95, 0.05, 0.05], 40);
  expect(at(39, 39)).toEqual([199, 99, 77]);
});

test('of a picture that is smaller the rest is grey, and nothing of the padding beside it is shown', () => {
  const { at } = cut(picture({ width: 30, height: 20 }, { width: 64, height: 64 }), [0.9, 0.9, 0.1, 0.1], 40);
  expect(at(29, 19)).toEqual([29, 19, 77]);
  expect(at(30, 19)).toEqual([114, 114, 114]);
  expect(at(29, 20)).toEqual([114, 114, 114]);
});

test('of a large picture every second pixel is taken, so that as much of the street is seen', () => {
  const { where, at } = cut(picture({ width: 1280, height: 720 }), [0.5, 0.5, 0, 0], 400);
  expect(where).toMatchObject({ left: 240, top: 0, step: 2 });
  expect(at(0, 0)).toEqual([240, 0, 77]);
  expect(at(5, 7)).toEqual([250, 14, 77]);
  // 720 lines are 360 of it.
  expect(at(5, 360)).toEqual([114, 114, 114]);
});

test('what is found in it is told as a part of the whole picture', () => {
  const { where } = cut(picture({ width: 200, height: 100 }), [0.45, 0.45, 0.1, 0.1], 40);
  expect(inPicture(where, { x1: 0, y1: 0, x2: 20, y2: 10 })).toEqual([0.4, 0.3, 0.1, 0.1]);
});
