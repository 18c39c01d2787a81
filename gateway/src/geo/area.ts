/**
 * The area that a unit looks after, as GeoJSON (RFC 7946): a Polygon or MultiPolygon, alone or in a Feature, or all those of a
 * FeatureCollection, as programs for maps write them.
 */
import { type Datum, type Position, polygonContains, toWgs84 } from '@roadwatch/contract';
import type { RefusalCode } from '@roadwatch/contract/codes';

export type Point = readonly [longitude: number, latitude: number];
type Ring = readonly Point[];
/** Its outer ring and then its holes; closed. */
type Polygon = readonly Ring[];
/** In WGS 84, each polygon with the box around it, since most positions lie outside of most boxes. */
export type Area = readonly {
  readonly rings: Polygon;
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}[];

const MAX_POINTS = 100_000;

/** An area that cannot be one: a word for programs, and a sentence that names the place in the GeoJSON and what was expected there. */
export class AreaProblem extends Error {
  override readonly name = 'AreaProblem';
  readonly code: RefusalCode<422>;

  constructor(code: RefusalCode<422>, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws AreaProblem. */
export function parseArea(geojson: unknown, datum: Datum = 'wgs84'): Area {
  return polygonsIn(geojson, datum).map((rings) => {
    const box = { west: 180, east: -180, south: 90, north: -90 };
    for (const [longitude, latitude] of rings[0] as Ring) {
      box.west = Math.min(box.west, longitude);
      box.east = Math.max(box.east, longitude);
      box.south = Math.min(box.south, latitude);
      box.north = Math.max(box.north, latitude);
    }
    return { rings, ...box };
  });
}

/** The box around all of it, in degrees. */
export function boxAround(area: Area) {
  return {
    west: Math.min(...area.map(({ west }) => west)),
    south: Math.min(...area.map(({ south }) => south)),
    east: Math.max(...area.map(({ east }) => east)),
    north: Math.max(...area.map(({ north }) => north)),
  };
}

/** All polygons in it, in WGS 84. Throws AreaProblem. */
export function polygonsIn(geojson: unknown, datum: Datum): readonly Polygon[] {
  const polygons = polygonsOf(geojson, '');
  const points = polygons.flat().reduce((sum, ring) => sum + ring.length, 0);
  if (points > MAX_POINTS)
    throw new AreaProblem('area_points_many', `has ${points} points; at most ${MAX_POINTS} are allowed`);
  return polygons.map((polygon) => polygon.map((ring) => ring.map((point) => inWgs84(point, datum))));
}

export function areaContains(area: Area, { latitude, longitude }: Position): boolean {
  return area.some(
    ({ rings: [outer, ...holes], west, east, south, north }) =>
      longitude >= west &&
      longitude <= east &&
      latitude >= south &&
      latitude <= north &&
      polygonContains(outer as Ring, [longitude, latitude]) &&
      !holes.some((hole) => polygonContains(hole, [longitude, latitude])),
  );
}

function polygonsOf(value: unknown, at: string): readonly Polygon[] {
  const node = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  switch (node.type) {
    case 'Polygon':
      return [polygonOf(node.coordinates, `${at}coordinates`)];
    case 'MultiPolygon':
      return listOf(node.coordinates, `${at}coordinates`, 1, 'polygons').map((polygon, index) =>
        polygonOf(polygon, `${at}coordinates[${index}]`),
      );
    case 'Feature':
      return polygonsOf(node.geometry, `${at}geometry.`);
    case 'FeatureCollection':
      return listOf(node.features, `${at}features`, 1, 'features').flatMap((feature, index) =>
        polygonsOf(feature, `${at}features[${index}].`),
      );
    default:
      throw new AreaProblem(
        'area_type_unknown',
        `${at}type: ${JSON.stringify(node.type) ?? 'nothing'} is not allowed; expected Polygon, MultiPolygon, Feature or FeatureCollection`,
      );
  }
}

function polygonOf(value: unknown, at: string): Polygon {
  return listOf(value, at, 1, 'rings').map((ring, index) => ringOf(ring, `${at}[${index}]`));
}

/** RFC 7946, 3.1.6: four or more positions, the last the same as the first. */
export function ringOf(value: unknown, at: string): Ring {
  const ring = listOf(value, at, 4, 'positions').map((point, index) => pointOf(point, `${at}[${index}]`));
  const [first, last] = [ring[0] as Point, ring.at(-1) as Point];
  if (first[0] !== last[0] || first[1] !== last[1])
    throw new AreaProblem(
      'area_not_closed',
      `${at}: is not closed; expected its last position to be the same as its first`,
    );
  return ring;
}

/** RFC 7946, 3.1.1: longitude before latitude; a third number, the altitude, is ignored. */
export function pointOf(value: unknown, at: string): Point {
  const [longitude, latitude] = Array.isArray(value) ? (value as unknown[]) : [];
  if (
    typeof longitude === 'number' &&
    typeof latitude === 'number' &&
    Math.abs(longitude) <= 180 &&
    Math.abs(latitude) <= 90
  )
    return [longitude, latitude];
  const got = (JSON.stringify(value) ?? 'nothing').slice(0, 80);
  throw new AreaProblem(
    'area_out_of_range',
    `${at}: ${got} is not allowed; expected [longitude, latitude] in degrees`,
  );
}

export function listOf(value: unknown, at: string, least: number, of: string): readonly unknown[] {
  if (Array.isArray(value) && value.length >= least) return value;
  throw new AreaProblem('area_type_unknown', `${at}: expected a list of at least ${least} ${of}`);
}

function inWgs84([longitude, latitude]: Point, datum: Datum): Point {
  const position = toWgs84({ longitude, latitude, datum });
  return [position.longitude, position.latitude];
}
