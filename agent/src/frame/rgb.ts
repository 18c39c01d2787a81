/** A frame as other programs want a picture. */
import type { Planes } from './cut.ts';
import type { Frame, FramePool } from './pool.ts';

export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** Packed RGB. */
  readonly rgb: Buffer;
}

/** The picture as planes, for a model. */
export function planesOf({ width, height, rgb }: RgbPicture): Planes {
  const plane = width * height;
  const pixels = new Uint8Array(3 * plane);
  for (let at = 0, from = 0; at < plane; at++, from += 3) {
    pixels[2 * plane + at] = rgb[from] as number;
    pixels[at] = rgb[from + 1] as number;
    pixels[plane + at] = rgb[from + 2] as number;
  }
  return { pixels, format: { width, height }, content: { width, height } };
}

/** A copy of what the frame shows, without the padding; what is painted into it stays. */
export function rgbOf({ slot, content }: Pick<Frame, 'slot' | 'content'>, pool: FramePool): RgbPicture {
  const { width, height } = content;
  const { width: stride, height: rows } = pool.format;
  const pixels = pool.pixels(slot);
  const plane = stride * rows;
  const rgb = Buffer.allocUnsafe(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let at = y * stride, end = at + width; at < end; at++, to += 3) {
      rgb[to] = pixels[2 * plane + at] as number;
      rgb[to + 1] = pixels[at] as number;
      rgb[to + 2] = pixels[plane + at] as number;
    }
  }
  return { width, height, rgb };
}
