/** What can be taken hold of on a camera's picture: the corners of what is drawn, and the two edges at which the smallest box is set. */
import type { NormalizedPolygon } from '@roadwatch/contract';

type Edge = 'top' | 'bottom';
/** A corner by its number. */
export type Held = number | Edge;

/** Where it is, in the picture's own pixels. */
interface Handle<Of extends Held = Held> {
  readonly of: Of;
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export function cornersOf(shape: NormalizedPolygon, { width, height }: Size): readonly Handle<number>[] {
  return shape.map(([x, y], of) => ({ of, x: x * width, y: y * height }));
}

/** At the corner of the smallest box at that edge. */
export function edgesOf(
  heights: { readonly top: number; readonly bottom: number },
  { width, height }: Size,
): readonly Handle<Edge>[] {
  return (['top', 'bottom'] as const).map((of) => ({
    of,
    x: width * 0.5 + (heights[of] * height) / 2,
    y: of === 'top' ? heights.top * height : height * (1 - heights.bottom),
  }));
}

/** Null where none is within reach. */
export function nearest(
  handles: readonly Handle[],
  [x, y]: readonly [x: number, y: number],
  reach: number,
): Handle | null {
  const from = (handle: Handle): number => Math.hypot(handle.x - x, handle.y - y);
  const [first = null] = handles.toSorted((a, b) => from(a) - from(b));
  return first !== null && from(first) <= reach ? first : null;
}
