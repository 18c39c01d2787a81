/**
 * GCJ-02, the shifted datum of Chinese web maps, from and to WGS 84. Hundreds of metres lie between the two, so whatever is
 * given in GCJ-02 says so and is converted where it comes in; what is stored and compared is WGS 84.
 */
import gcoord from 'gcoord';
import type { Position } from './geometry.ts';

interface Gcoord {
  readonly WGS84: string;
  readonly GCJ02: string;
  transform(point: readonly [number, number], from: string, to: string): [number, number];
}
// The same object everywhere, but its types say so to bundlers only.
const { transform, WGS84, GCJ02 } = gcoord as unknown as Gcoord;

/** The inverse has no closed form; each step leaves about a thousandth of the error, and the first is below a kilometre. */
const STEPS = 6;

/** Outside of China the two are the same. */
export function toGcj02({ latitude, longitude }: Position): Position {
  const [east, north] = transform([longitude, latitude], WGS84, GCJ02);
  return { latitude: north, longitude: east };
}

/** To less than a centimetre. The steps are counted: at the rim of the shifted area they need not settle. */
export function fromGcj02(position: Position): Position {
  let { latitude, longitude } = position;
  for (let step = 0; step < STEPS; step++) {
    const shifted = toGcj02({ latitude, longitude });
    latitude += position.latitude - shifted.latitude;
    longitude += position.longitude - shifted.longitude;
  }
  return { latitude, longitude };
}

/** A position as it came, in WGS 84 and without its mark. */
export function toWgs84({ datum, latitude, longitude }: Position): Position {
  return datum === 'gcj02' ? fromGcj02({ latitude, longitude }) : { latitude, longitude };
}
