/** Where things lie around an alert, in metres on a plane: near enough to the truth within some hundred metres. */
import type { PositionView } from '@roadwatch/contract/api';

export interface Offset {
  /** Metres to the east. */
  readonly x: number;
  /** Metres to the south, as screens count. */
  readonly y: number;
}

/** Mean radius of the earth (IUGG), in metres. */
const EARTH_M = 6_371_009;
const RAD = Math.PI / 180;
/** What is drawn around the alert at least, and rings at these distances. */
const RINGS = [10, 25, 50, 100, 250, 500];

type Degrees = Pick<PositionView, 'latitude' | 'longitude'>;

export function offsetOf(from: Degrees, to: Degrees): Offset {
  const x = (to.longitude - from.longitude) * RAD * EARTH_M * Math.cos(from.latitude * RAD);
  return { x, y: (from.latitude - to.latitude) * RAD * EARTH_M };
}

/** The ring that holds all of them, and half of it: what the sketch shows, in metres. */
export function ringsFor(offsets: readonly Offset[]): readonly [outer: number, inner: number] {
  const farthest = Math.max(0, ...offsets.map(({ x, y }) => Math.hypot(x, y)));
  const outer = RINGS.find((ring) => ring >= farthest) ?? farthest;
  return [outer, outer / 2];
}
