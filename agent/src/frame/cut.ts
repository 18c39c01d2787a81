/** A square of a frame around a place, as it is, for another model to look at. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Size } from './size.ts';

/** Planes as they lie in a slot, one after the other, and the part from the top left that the picture covers. */
export interface Planes {
  readonly pixels: Uint8Array;
  readonly format: Size;
  readonly content: Size;
}

/** Where what was cut lies in the picture. */
interface Cut {
  /** In pixels of the frame. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the frame for one of what was cut. */
  readonly step: number;
  /** Of the frame. */
  readonly content: Size;
}

/** The width of picture at which nothing is left out: that of the shipped models. Of a wider one every second pixel is taken, and so on. */
const FULL_WIDTH = 640;

/**
 * Fills `to`, planes of `size`, with the picture around the middle of a box: as much of it as fits in, moved inside the picture
 * where that is large enough; the rest becomes `pad`.
 */
export function cutAround(
  { pixels, format, content }: Planes,
  [x, y, width, height]: NormalizedBox,
  to: Uint8Array,
  size: Size,
  pad: number,
): Cut {
  const step = Math.max(1, Math.floor(content.width / FULL_WIDTH));
  const left = begin((x + width / 2) * content.width, size.width * step, content.width);
  const top = begin((y + height / 2) * content.height, size.height * step, content.height);
  const columns = Math.min(size.width, Math.ceil((content.width - left) / step));
  const rows = Math.min(size.height, Math.ceil((content.height - top) / step));
  to.fill(pad);
  for (let plane = 0; plane < 3; plane++) {
    for (let row = 0; row < rows; row++) {
      const from = (plane * format.height + top + row * step) * format.width + left;
      const at = (plane * size.height + row) * size.width;
      if (step === 1) to.set(pixels.subarray(from, from + columns), at);
      else
        for (let column = 0; column < columns; column++)
          to[at + column] = pixels[from + column * step] as number;
    }
  }
  return { left, top, step, content };
}

function begin(middle: number, length: number, whole: number): number {
  return Math.max(0, Math.min(Math.round(middle - length / 2), whole - length));
}

/** A box in pixels of what was cut, as fractions of the picture. */
export function inPicture(
  { left, top, step, content }: Cut,
  { x1, y1, x2, y2 }: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number },
): NormalizedBox {
  return [
    (left + x1 * step) / content.width,
    (top + y1 * step) / content.height,
    ((x2 - x1) * step) / content.width,
    ((y2 - y1) * step) / content.height,
  ];
}
