/** A plane to draw an area on, north up: degrees of longitude and latitude to the units of an SVG and back. */
export type Corner = readonly [longitude: number, latitude: number];

export const WIDTH = 600;
export const HEIGHT = 400;
/** Of the plane, so that there is room to draw outwards. */
const MARGIN = 0.25;
/** About 2 km, when there is but one place. */
const LEAST_DEGREES = 0.02;

export interface Plane {
  readonly toPlane: (corner: Corner) => readonly [x: number, y: number];
  /** To about 10 cm. */
  readonly toDegrees: (x: number, y: number) => Corner;
}

/** With all these places on it, and true angles in its middle. */
export function planeAround(places: readonly Corner[]): Plane {
  const longitudes = places.map(([longitude]) => longitude);
  const latitudes = places.map(([, latitude]) => latitude);
  const middle = [mid(longitudes), mid(latitudes)] as const;
  const shrink = Math.cos((middle[1] * Math.PI) / 180);
  const span = Math.max(LEAST_DEGREES, (spread(longitudes) * shrink * HEIGHT) / WIDTH, spread(latitudes));
  const scale = (HEIGHT * (1 - MARGIN)) / span;
  return {
    toPlane: ([longitude, latitude]) => [
      WIDTH / 2 + (longitude - middle[0]) * shrink * scale,
      HEIGHT / 2 - (latitude - middle[1]) * scale,
    ],
    toDegrees: (x, y) => [
      rounded(middle[0] + (x - WIDTH / 2) / scale / shrink),
      rounded(middle[1] - (y - HEIGHT / 2) / scale),
    ],
  };
}

const mid = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
const rounded = (degrees: number): number => Number(degrees.toFixed(6));
