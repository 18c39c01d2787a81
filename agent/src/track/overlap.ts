/** How two boxes lie to each other. All in fractions of the frame. */
import { intersectionOverUnion, type NormalizedBox } from '@roadwatch/contract';

/** Share of the smaller box that lies inside the other. */
export function containment(a: NormalizedBox, b: NormalizedBox): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a[2] * a[3], b[2] * b[3]);
}

/** Share of a box that lies inside another. */
export function coveredShare(box: NormalizedBox, by: NormalizedBox): number {
  const width = Math.min(box[0] + box[2], by[0] + by[2]) - Math.max(box[0], by[0]);
  const height = Math.min(box[1] + box[3], by[1] + by[3]) - Math.max(box[1], by[1]);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (box[2] * box[3]);
}

/** Distance of the centres, in units of the boxes' mean size along each axis. */
export function centreDistance(a: NormalizedBox, b: NormalizedBox): number {
  const dx = (a[0] + a[2] / 2 - b[0] - b[2] / 2) / ((a[2] + b[2]) / 2);
  const dy = (a[1] + a[3] / 2 - b[1] - b[3] / 2) / ((a[3] + b[3]) / 2);
  return Math.hypot(dx, dy);
}

/** 0: two things; otherwise how well they match, up to 1. Small boxes jitter, so near centres count as well as overlap. */
export function likeness(a: NormalizedBox, b: NormalizedBox): number {
  const iou = intersectionOverUnion(a, b);
  if (iou >= 0.2) return iou;
  const distance = centreDistance(a, b);
  return distance < 0.5 ? 0.2 * (1 - distance) : 0;
}

/** Median of each coordinate: steady against single bad boxes. Throws RangeError on none. */
export function medianBox(boxes: readonly NormalizedBox[]): NormalizedBox {
  const axis = (index: 0 | 1 | 2 | 3): number => median(boxes.map((box) => box[index]));
  return [axis(0), axis(1), axis(2), axis(3)];
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
