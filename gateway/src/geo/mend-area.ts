/**
 * An area that somebody drew or sent: what can be mended is mended (the direction of rings, points given twice), what cannot is
 * refused by name. Stricter than `parseArea`, which takes what an older file holds.
 */

import type { Datum } from '@roadwatch/contract';
import type { AREA_MENDED } from '@roadwatch/contract/api';
import { AreaProblem, polygonsIn } from './area.ts';
import { crossing } from './crossing.ts';

type Point = readonly [longitude: number, latitude: number];
type Ring = readonly Point[];
type Mended = (typeof AREA_MENDED)[number];

export interface MendedArea {
  /** Each with its outer ring and then its holes: closed, the outer counterclockwise, in WGS 84. */
  readonly polygons: readonly (readonly Ring[])[];
  readonly squareKilometres: number;
  readonly mended: readonly Mended[];
}

/** Degrees around longitude 0, latitude 0, where nothing is but what has lost its coordinates. */
const NULL_ISLAND_DEGREES = 0.1;
const EARTH_RADIUS_KM = 6371.0088;
/** A square metre. */
const LEAST_KM2 = 1e-6;

/** Throws AreaProblem. */
export function mendArea(geojson: unknown, datum: Datum = 'wgs84'): MendedArea {
  const mended = new Set<Mended>();
  let squareKilometres = 0;
  const polygons = polygonsIn(geojson, datum).map((polygon) => {
    const rings = polygon.map((given, index) => {
      const ring = withoutRepeats(given, mended);
      checkPlace(ring);
      const area = signedKm2(ring);
      if (Math.abs(area) < LEAST_KM2) throw new AreaProblem('area_flat', 'a ring of it encloses nothing');
      squareKilometres += index === 0 ? Math.abs(area) : -Math.abs(area);
      // RFC 7946, 3.1.6: counterclockwise outside, clockwise inside.
      if (area > 0 === (index === 0)) return ring;
      mended.add('direction');
      return ring.toReversed();
    });
    const at = crossing(rings);
    if (at !== null)
      throw new AreaProblem(
        'area_crosses_itself',
        `its border crosses itself near longitude ${at[0].toFixed(6)}, latitude ${at[1].toFixed(6)}`,
      );
    return rings;
  });
  return { polygons, squareKilometres, mended: [...mended] };
}

function withoutRepeats(ring: Ring, mended: Set<Mended>): Ring {
  const kept = ring.filter((point, index) => {
    const before = ring[index - 1];
    return before === undefined || point[0] !== before[0] || point[1] !== before[1];
  });
  if (kept.length < ring.length) mended.add('repeated_points');
  if (kept.length < 4) throw new AreaProblem('area_flat', 'a ring of it has fewer than three corners');
  return kept;
}

function checkPlace(ring: Ring): void {
  for (const [longitude, latitude] of ring)
    if (Math.abs(longitude) < NULL_ISLAND_DEGREES && Math.abs(latitude) < NULL_ISLAND_DEGREES)
      throw new AreaProblem('area_null_island', 'a point lies at longitude 0, latitude 0');
}

/** On a sphere; positive counterclockwise. Chamberlain and Duquette, "Some Algorithms for Polygons on a Sphere", JPL 07-03. */
function signedKm2(ring: Ring): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  let sum = 0;
  for (let index = 1; index < ring.length; index++) {
    const [from, to] = [ring[index - 1] as Point, ring[index] as Point];
    sum += radians(to[0] - from[0]) * (2 + Math.sin(radians(from[1])) + Math.sin(radians(to[1])));
  }
  return (-sum * EARTH_RADIUS_KM ** 2) / 2;
}
