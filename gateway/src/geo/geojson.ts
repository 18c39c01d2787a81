/**
 * A map of the city as GeoJSON (RFC 7946), of which only shapes and names are kept: what else stands beside them in a city's own
 * file is for nobody's browser.
 */
import { type Datum, toGcj02, toWgs84 } from '@roadwatch/contract';
import { listOf, type Point, pointOf, ringOf } from './area.ts';

export type Bounds = readonly [west: number, south: number, east: number, north: number];

interface GroundFeature {
  readonly type: 'Feature';
  readonly geometry: { readonly type: GeometryType; readonly coordinates: unknown };
  readonly properties: { readonly name?: string; readonly kind?: string };
}

export interface Ground {
  readonly features: readonly GroundFeature[];
  readonly bounds: Bounds;
}

const DEPTHS = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
} as const;
type GeometryType = keyof typeof DEPTHS;

const MAX_POINTS = 500_000;
const MAX_NAME = 100;
/** Where points lie whose place was not known: closer to 0° N 0° E than any street. */
const NULL_ISLAND_DEGREES = 0.01;

interface Kept {
  points: number;
  west: number;
  south: number;
  east: number;
  north: number;
}

/**
 * In the datum `to`, from `from`. Throws one sentence that names the place in the GeoJSON and what was expected there: rings are
 * closed, points lie on the globe and not all at 0, 0, where programs put what they have no place for.
 */
export function parseGround(geojson: unknown, from: Datum, to: Datum): Ground {
  const kept: Kept = { points: 0, west: 180, south: 90, east: -180, north: -90 };
  const place = (value: unknown, at: string): Point => {
    const [longitude, latitude] = pointOf(value, at);
    if (Math.abs(longitude) < NULL_ISLAND_DEGREES && Math.abs(latitude) < NULL_ISLAND_DEGREES)
      throw new Error(
        `${at}: ${JSON.stringify([longitude, latitude])} is in the sea at 0° N 0° E ("Null Island"), where programs put what they have no place for`,
      );
    if (++kept.points > MAX_POINTS) throw new Error(`has more than ${MAX_POINTS} points; make PMTiles of it`);
    const point = shifted([longitude, latitude], from, to);
    kept.west = Math.min(kept.west, point[0]);
    kept.east = Math.max(kept.east, point[0]);
    kept.south = Math.min(kept.south, point[1]);
    kept.north = Math.max(kept.north, point[1]);
    return point;
  };
  const features = featuresOf(geojson, '', place);
  return { features, bounds: [kept.west, kept.south, kept.east, kept.north] };
}

type Place = (value: unknown, at: string) => Point;

function featuresOf(value: unknown, at: string, place: Place): readonly GroundFeature[] {
  const node = fieldsOf(value);
  if (node.type === 'FeatureCollection')
    return listOf(node.features, `${at}features`, 1, 'features').flatMap((feature, index) =>
      featuresOf(feature, `${at}features[${index}].`, place),
    );
  if (node.type !== 'Feature')
    return [{ type: 'Feature', geometry: geometryOf(node, at, place), properties: {} }];
  const { name, kind, highway } = fieldsOf(node.properties);
  return [
    {
      type: 'Feature',
      geometry: geometryOf(fieldsOf(node.geometry), `${at}geometry.`, place),
      // Roads of OpenStreetMap have their kind there.
      properties: { ...textOf('name', name), ...textOf('kind', kind ?? highway) },
    },
  ];
}

function geometryOf(node: Fields, at: string, place: Place): GroundFeature['geometry'] {
  const type = node.type as GeometryType;
  if (!Object.hasOwn(DEPTHS, String(node.type)))
    throw new Error(
      `${at}type: ${JSON.stringify(node.type) ?? 'nothing'} is not allowed; expected ${Object.keys(DEPTHS).join(', ')}, Feature or FeatureCollection`,
    );
  const isRing = type === 'Polygon' || type === 'MultiPolygon';
  const read = (value: unknown, where: string, depth: number): unknown => {
    if (depth === 0) return place(value, where);
    if (depth === 1 && isRing) ringOf(value, where);
    const least = depth === 1 && type !== 'MultiPoint' ? 2 : 1;
    return listOf(value, where, least, depth === 1 ? 'positions' : 'lists').map((inner, index) =>
      read(inner, `${where}[${index}]`, depth - 1),
    );
  };
  return { type, coordinates: read(node.coordinates, `${at}coordinates`, DEPTHS[type]) };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return (typeof value === 'object' && value !== null ? value : {}) as Fields;
}

function textOf(field: 'name' | 'kind', value: unknown) {
  return typeof value === 'string' && value !== '' ? { [field]: value.slice(0, MAX_NAME) } : {};
}

/** To 0.1 m: no screen shows more. */
export function shifted([longitude, latitude]: Point, from: Datum, to: Datum): Point {
  const there =
    from === to
      ? { longitude, latitude }
      : to === 'gcj02'
        ? toGcj02({ longitude, latitude })
        : toWgs84({ longitude, latitude, datum: from });
  return [Number(there.longitude.toFixed(6)), Number(there.latitude.toFixed(6))];
}
