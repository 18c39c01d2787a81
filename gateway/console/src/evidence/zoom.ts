/** What part of a picture is shown. */
import type { Alert } from '@roadwatch/contract/api';

/** How much of the picture around the box is shown when zoomed, in box sizes. */
const MARGIN = 2.5;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The box in the picture's pixels. */
export function boxInPixels([x, y, w, h]: Alert['box'], width: number, height: number): Rectangle {
  return { x: x * width, y: y * height, width: w * width, height: h * height };
}

/** A part of the picture, of the picture's own shape, around the box and inside the picture: no less than that fraction of it. */
export function around(box: Rectangle, width: number, height: number, least = 0): Rectangle {
  const scale = Math.min(1, Math.max(least, Math.max(box.width / width, box.height / height) * MARGIN));
  const [w, h] = [width * scale, height * scale];
  const x = Math.min(width - w, Math.max(0, box.x + box.width / 2 - w / 2));
  const y = Math.min(height - h, Math.max(0, box.y + box.height / 2 - h / 2));
  return { x, y, width: w, height: h };
}
