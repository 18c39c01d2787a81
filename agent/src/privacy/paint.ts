/** Polygons as rows of pixels, and rows of pixels painted. */
import type { NormalizedBox, NormalizedPolygon } from '@roadwatch/contract';
import type { Size } from '../frame/size.ts';

/** Rows of pixels inside polygons: `[y, from, to)` in a picture of this size. */
export type Span = readonly [y: number, from: number, to: number];

export function polygonSpans(polygons: readonly NormalizedPolygon[], { width, height }: Size): Span[] {
  return polygons.flatMap((polygon) =>
    Array.from({ length: height }, (_, y) => y).flatMap((y) => {
      const crossings = edgeCrossings(polygon, (y + 0.5) / height);
      const spans: Span[] = [];
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const from = Math.max(0, Math.floor((crossings[i] as number) * width));
        const to = Math.min(width, Math.ceil((crossings[i + 1] as number) * width));
        if (to > from) spans.push([y, from, to]);
      }
      return spans;
    }),
  );
}

/** Polygons of the whole picture in fractions of a part of it. */
export function polygonsIn(
  [left, top, width, height]: NormalizedBox,
  polygons: readonly NormalizedPolygon[],
): NormalizedPolygon[] {
  return polygons.map((polygon) => polygon.map(([x, y]) => [(x - left) / width, (y - top) / height]));
}

/** Where a horizontal line crosses the polygon's edges, from left to right. */
function edgeCrossings(polygon: NormalizedPolygon, y: number): number[] {
  return polygon
    .flatMap(([x1, y1], i) => {
      const [x0, y0] = polygon[(i + polygon.length - 1) % polygon.length] as readonly [number, number];
      return y0 > y === y1 > y ? [] : [x0 + ((y - y0) * (x1 - x0)) / (y1 - y0)];
    })
    .sort((a, b) => a - b);
}

/** Paints spans in all three planes of a frame, so that the model sees nothing there. */
export function paintSpans(pixels: Uint8Array, spans: readonly Span[], size: Size, value: number): void {
  const plane = size.width * size.height;
  for (const [y, from, to] of spans) {
    for (let start = y * size.width; start < pixels.length; start += plane) {
      pixels.fill(value, start + from, start + to);
    }
  }
}
