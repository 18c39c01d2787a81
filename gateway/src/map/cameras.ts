/** Cameras as the map shows them; those that have told no position are not on it. */
import { type CameraState, type Datum, toWgs84 } from '@roadwatch/contract';
import type { MapCamera } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { isOnline } from '../agents/watch.ts';
import { cameraKey } from '../cameras/names.ts';
import { type CameraOf, formatAgentName } from '../cameras/source.ts';
import { shifted } from '../geo/geojson.ts';
import type { Language } from '../language.ts';
import type { Tables } from '../store/tables/index.ts';

/** All, or those that are named, as they last said. */
export async function mapCameras(
  db: Kysely<Tables>,
  { datum, language }: { readonly datum: Datum; readonly language: Language },
  of: readonly CameraOf[] | 'all' = 'all',
): Promise<MapCamera[]> {
  if (of !== 'all' && of.length === 0) return [];
  let query = db
    .selectFrom('cameras')
    .select(['site', 'agent', 'camera', 'state'])
    .where('state', 'is not', null);
  if (of !== 'all')
    query = query.where((where) =>
      where.or(of.map(({ site, agent, camera }) => where.and({ site, agent, camera }))),
    );
  const rows = await query.execute();
  return rows.flatMap((row): MapCamera[] => {
    const said = JSON.parse(row.state as string) as CameraState;
    if (said.position === undefined) return [];
    const { longitude, latitude } = toWgs84(said.position);
    const [east, north] = shifted([longitude, latitude], 'wgs84', datum);
    const { name, state, headingDegrees = null, fieldOfViewDegrees = null } = said;
    return [[cameraKey(row), name[language], east, north, state, headingDegrees, fieldOfViewDegrees]];
  });
}

/** SITE/AGENT of those that are gone: what their cameras last did says nothing of now. */
export async function offlineAgents(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db
    .selectFrom('agents')
    .select(['site', 'agent', 'status', 'silent_at', 'revoked_at'])
    .where('status', 'is not', null)
    .execute();
  return rows.filter((row) => !isOnline(row)).map(formatAgentName);
}
