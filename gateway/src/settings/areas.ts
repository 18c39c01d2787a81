/** The areas of units, each kept once under the hash of its GeoJSON, so that a version of the settings only names it. */
import { sha256 } from '@roadwatch/contract';
import type { AreaShape } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import { type Area, parseArea } from '../geo/area.ts';
import type { Transactions, Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';

/** For as long as somebody may still be at work on the settings that are to name it. */
const UNNAMED_MS = 24 * 3_600_000;

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
    .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ at: tx.at }))
    .execute();
  return name;
}

/** Lets go of areas that were sent and never saved: what a version names stays, for that may be put back. Returns how many went. */
export async function purgeAreas(store: Transactions): Promise<number> {
  return store.transaction(async (tx) => {
    const gone = await tx.db
      .deleteFrom('settings_areas')
      .where('at', '<', tx.at - UNNAMED_MS)
      .where(({ exists, not, selectFrom }) =>
        not(
          exists(
            selectFrom('settings_versions')
              .select('version')
              .where('section', '=', 'units')
              .where(sql<boolean>`document like '%' || settings_areas.sha256 || '%'`),
          ),
        ),
      )
      .executeTakeFirst();
    return Number(gone.numDeletedRows);
  });
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
