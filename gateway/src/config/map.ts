/** What the city's map is drawn on: a file of the city's own, read and checked at start. Without one the ground is plain. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Datum, Datum as DatumSchema } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { type Bounds, parseGround } from '../geo/geojson.ts';
import { parsePmtiles } from '../geo/pmtiles.ts';
import { Path, section } from './sections/shared.ts';

/** A browser holds it whole; larger ones are for PMTiles, of which it asks for what it shows. */
const MAX_GEOJSON_BYTES = 16 * 1024 * 1024;
const HEADER_BYTES = 127;

const FileDatum = Type.Unsafe<Datum>({ ...DatumSchema, default: 'wgs84' });

export const MapSection = section({
  file: Type.Optional(Path),
  datum: FileDatum,
  gridFile: Type.Optional(Path),
  gridDatum: FileDatum,
  attribution: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
});

/** Text: GeoJSON in the datum of the map. */
type BaseMap =
  | { readonly kind: 'geojson'; readonly text: string; readonly bounds: Bounds }
  | { readonly kind: 'pmtiles'; readonly file: string; readonly bounds: Bounds };

export interface MapConfig {
  /** Of the map as it is shown: tiles cannot be shifted, so everything else follows the base map. */
  readonly datum: Datum;
  readonly base: BaseMap | null;
  readonly grid: { readonly text: string; readonly bounds: Bounds } | null;
  readonly attribution: string | null;
}

export function resolveMap(map: Static<typeof MapSection>, folder: string, problems: string[]): MapConfig {
  const { file, datum, gridFile, gridDatum, attribution = null } = map;
  const read = <T>(field: string, path: string | undefined, from: (path: string) => T): T | null => {
    if (path === undefined) return null;
    try {
      return from(resolve(folder, path));
    } catch (error) {
      problems.push(`map.${field}: ${(error as Error).message}`);
      return null;
    }
  };
  return {
    datum,
    base: read('file', file, (path) => readBase(path, datum)),
    grid: read('gridFile', gridFile, (path) => readGeojson(path, gridDatum, datum)),
    attribution,
  };
}

function readBase(path: string, datum: Datum): BaseMap {
  const head = headOf(path);
  if (head.toString('latin1', 0, 7) !== 'PMTiles')
    return { kind: 'geojson', ...readGeojson(path, datum, datum) };
  try {
    return { kind: 'pmtiles', file: path, bounds: parsePmtiles(head) };
  } catch (error) {
    throw new Error(`${path} ${(error as Error).message}`);
  }
}

function readGeojson(
  path: string,
  from: Datum,
  to: Datum,
): { readonly text: string; readonly bounds: Bounds } {
  const { size } = readable(path, () => statSync(path));
  if (size > MAX_GEOJSON_BYTES)
    throw new Error(`${path} has ${size} bytes, more than ${MAX_GEOJSON_BYTES}; make PMTiles of it`);
  const text = readable(path, () => readFileSync(path, 'utf8'));
  let geojson: unknown;
  try {
    geojson = JSON.parse(text);
  } catch {
    throw new Error(`${path} is neither PMTiles nor valid JSON`);
  }
  const { features, bounds } = parseGround(geojson, from, to);
  return { text: JSON.stringify({ type: 'FeatureCollection', features }), bounds };
}

function headOf(path: string): Buffer {
  return readable(path, () => {
    const opened = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEADER_BYTES);
      return head.subarray(0, readSync(opened, head, 0, HEADER_BYTES, 0));
    } finally {
      closeSync(opened);
    }
  });
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
