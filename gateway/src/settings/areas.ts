/** The areas of units, each kept once under the hash of its GeoJSON, so that a version of the settings only names it. */
import { sha256 } from '@roadwatch/contract';
import type { AreaShape } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { type Area, parseArea } from '../geo/area.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';

/** Of a polygon: its outer ring and then its holes, in WGS 84. */
export type Rings = readonly (readonly (readonly [longitude: number, latitude: number])[])[];

export interface AreaName {
  readonly sha256: string;
  readonly points: number;
}

export function areaName(polygons: readonly Rings[]): AreaName {
  return {
    sha256: sha256(geojsonOf(polygons)),
    points: polygons.flat().reduce((sum, ring) => sum + ring.length, 0),
  };
}

export async function keepArea(tx: Tx, polygons: readonly Rings[]): Promise<AreaName> {
  const name = areaName(polygons);
  await tx.db
    .insertInto('settings_areas')
    .values({ ...name, at: tx.at, geojson: geojsonOf(polygons) })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
  return name;
}

/** Null when there is none of this hash. */
export async function areaShape(db: Kysely<Tables>, name: string): Promise<AreaShape | null> {
  const row = await db
    .selectFrom('settings_areas')
    .select('geojson')
    .where('sha256', '=', name)
    .executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.geojson) as AreaShape);
}

/** As positions are compared with it. */
export async function findArea(db: Kysely<Tables>, name: string): Promise<Area | null> {
  const shape = await areaShape(db, name);
  return shape === null ? null : parseArea(shape);
}

function geojsonOf(coordinates: readonly Rings[]): string {
  return JSON.stringify({ type: 'MultiPolygon', coordinates } satisfies AreaShape);
}
