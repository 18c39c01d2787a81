/** Where on the picture damage may lie, and what nobody may see. */
import { type NormalizedBox, type NormalizedPolygon, polygonContains } from '@roadwatch/contract';
import type { Size } from '../detect/box.ts';

export interface Region {
  /** All of the picture when it is not given. */
  readonly road?: NormalizedPolygon | undefined;
  readonly masks: readonly NormalizedPolygon[];
  /** The smallest height that counts at the top and at the bottom edge, fractions of the height. */
  readonly minBoxHeight?: { readonly top: number; readonly bottom: number } | undefined;
}

/** Whether a box lies on the road, outside the masks, and is large enough for its row. */
export function liesOnRoad(region: Region, box: NormalizedBox): boolean {
  const centre = [box[0] + box[2] / 2, box[1] + box[3] / 2] as const;
  if (region.road !== undefined && !polygonContains(region.road, centre)) return false;
  if (region.masks.some((mask) => polygonContains(mask, centre))) return false;
  if (region.minBoxHeight === undefined) return true;
  const { top, bottom } = region.minBoxHeight;
  return box[3] >= top + (bottom - top) * centre[1];
}

/** Which cells of a grid of so many columns and rows lie on the road, row by row. */
export function roadCells(
  road: NormalizedPolygon | undefined,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly boolean[] {
  return Array.from({ length: columns * rows }, (_, i) => {
    const centre = [((i % columns) + 0.5) / columns, (Math.floor(i / columns) + 0.5) / rows] as const;
    return road === undefined || polygonContains(road, centre);
  });
}

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
