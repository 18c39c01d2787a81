/** Places in a picture and on the ground, in the only two coordinate systems the wire knows. */
import { type Static, Type } from 'typebox';

const Fraction = Type.Number({ minimum: 0, maximum: 1 });

/** `[x, y, width, height]` as fractions of the full frame, origin top left. */
export type NormalizedBox = readonly [x: number, y: number, width: number, height: number];
export const NormalizedBox = Type.Unsafe<NormalizedBox>(
  Type.Tuple([Fraction, Fraction, Fraction, Fraction], {
    description: '[x, y, width, height] as fractions of the full frame, origin top left',
  }),
);

/** `[x, y]` as fractions of the full frame, origin top left. */
export type NormalizedPoint = readonly [x: number, y: number];
export const NormalizedPoint = Type.Unsafe<NormalizedPoint>(Type.Tuple([Fraction, Fraction]));

/** A closed area of the picture; the last corner joins the first. */
export type NormalizedPolygon = readonly NormalizedPoint[];
export const NormalizedPolygon = Type.Unsafe<NormalizedPolygon>(
  Type.Array(NormalizedPoint, { minItems: 3, maxItems: 64 }),
);

export const Datum = Type.Union([Type.Literal('wgs84'), Type.Literal('gcj02')], {
  description: 'wgs84, or gcj02 as Chinese web maps have it',
});
export type Datum = Static<typeof Datum>;

/** Degrees, in WGS 84 unless the datum says otherwise. What comes in GCJ-02 is converted on arrival, never stored. */
export const Position = Type.Object({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  datum: Type.Optional(Datum),
});
export type Position = Static<typeof Position>;

/** Intersection over union of two boxes in the same coordinate system; 0 when they do not touch or are empty. */
export function intersectionOverUnion(a: NormalizedBox, b: NormalizedBox): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / (a[2] * a[3] + b[2] * b[3] - intersection);
}

/** Whether a point lies inside a polygon (even-odd rule). */
export function polygonContains(polygon: NormalizedPolygon, [x, y]: NormalizedPoint): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as NormalizedPoint;
    const [xj, yj] = polygon[j] as NormalizedPoint;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
