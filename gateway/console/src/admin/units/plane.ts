/** A plane to draw an area on, north up: degrees of longitude and latitude to the units of an SVG and back. */
export type Corner = readonly [longitude: number, latitude: number];

export const WIDTH = 600;
export const HEIGHT = 400;
/** Of the plane, so that there is room to draw outwards. */
const MARGIN = 0.25;
/** About 2 km, when there is but one place. */
const LEAST_DEGREES = 0.02;

/** As far as one can look nearer, about 200 m, and away. */
const NEAREST_DEGREES = 0.002;
const WIDEST_DEGREES = 40;
/** Further nobody's middle lies. */
const MOST_EAST = 180;
const MOST_NORTH = 80;

type Bounds = readonly [west: number, south: number, east: number, north: number];

export interface Plane {
  /** All that is on it. */
  readonly shown: Bounds;
  /** So many times as large around its middle: twice nearer with 2, wider with 0.5. */
  readonly zoomed: (by: number) => Plane;
  /** Pushed so far over what is below it, as a sheet is by a hand. */
  readonly pushed: (x: number, y: number) => Plane;
  readonly toPlane: (corner: Corner) => readonly [x: number, y: number];
  /** To about 10 cm. */
  readonly toDegrees: (x: number, y: number) => Corner;
}

/** Where on the plane a pointer is. */
export function pointOf(
  drawn: Element | null,
  { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>,
): readonly [x: number, y: number] {
  const { left, top, width, height } = (drawn as Element).getBoundingClientRect();
  return [((clientX - left) / width) * WIDTH, ((clientY - top) / height) * HEIGHT];
}

/** With all these places on it, of which there is one at least, and true angles in its middle. */
export function planeAround(places: readonly Corner[]): Plane {
  const middle = middleOf(places);
  const shrink = Math.cos((middle[1] * Math.PI) / 180);
  const across = spread(places.map(([longitude]) => longitude));
  const along = spread(places.map(([, latitude]) => latitude));
  return planeOf(middle, Math.max(LEAST_DEGREES, (across * shrink * HEIGHT) / WIDTH, along));
}

/** `span`: degrees of latitude that are on it for certain. */
function planeOf(middle: Corner, span: number): Plane {
  const shrink = Math.cos((middle[1] * Math.PI) / 180);
  const scale = (HEIGHT * (1 - MARGIN)) / span;
  const toDegrees = (x: number, y: number): Corner => [
    rounded(middle[0] + (x - WIDTH / 2) / scale / shrink),
    rounded(middle[1] - (y - HEIGHT / 2) / scale),
  ];
  const [[west, north], [east, south]] = [toDegrees(0, 0), toDegrees(WIDTH, HEIGHT)];
  return {
    shown: [west, south, east, north],
    zoomed: (by) => planeOf(middle, Math.min(WIDEST_DEGREES, Math.max(NEAREST_DEGREES, span / by))),
    pushed: (x, y) => {
      const [longitude, latitude] = toDegrees(WIDTH / 2 - x, HEIGHT / 2 - y);
      return planeOf([within(MOST_EAST, longitude), within(MOST_NORTH, latitude)], span);
    },
    toPlane: ([longitude, latitude]) => [
      WIDTH / 2 + (longitude - middle[0]) * shrink * scale,
      HEIGHT / 2 - (latitude - middle[1]) * scale,
    ],
    toDegrees,
  };
}

function middleOf(places: readonly Corner[]): Corner {
  return [mid(places.map(([longitude]) => longitude)), mid(places.map(([, latitude]) => latitude))];
}

const mid = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
const within = (most: number, degrees: number): number => Math.min(most, Math.max(-most, degrees));
const rounded = (degrees: number): number => Number(degrees.toFixed(6));
