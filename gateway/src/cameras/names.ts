/** What cameras are called, as they have told it themselves. */
import type { BilingualText, CameraState } from '@roadwatch/contract';
import { type Kysely, sql } from 'kysely';
import { likeText } from '../store/like.ts';
import type { Tables } from '../store/tables/index.ts';
import { CITIZEN, hasCamera } from './source.ts';

/** Names by `site/agent/camera`, as the cameras' own states give them. */
export async function cameraNames(
  db: Kysely<Tables>,
  rows: readonly { readonly site: string; readonly agent: string; readonly camera: string }[],
): Promise<Map<string, BilingualText>> {
  const found = await db
    .selectFrom('cameras')
    .select(['site', 'agent', 'camera', 'state'])
    .where('camera', 'in', [...new Set(rows.map((row) => row.camera))])
    .where('state', 'is not', null)
    .execute();
  return new Map(found.map((row) => [cameraKey(row), (JSON.parse(row.state as string) as CameraState).name]));
}

/** SITE/AGENT/CAMERA of those that are called so or hold it in their names, whatever the case: so many at most. */
export async function camerasNamed(db: Kysely<Tables>, text: string, most = 5_000): Promise<string[]> {
  const sought = text.toLowerCase();
  const rows = await db
    .selectFrom('cameras')
    .select(['site', 'agent', 'camera', 'state'])
    .where('state', 'is not', null)
    .where(sql<boolean>`lower(state) like ${`%${likeText(sought)}%`} escape '\\'`)
    .execute();
  return rows
    .filter(({ state }) => {
      const { name } = JSON.parse(state as string) as CameraState;
      return `${name.en}\n${name.zh}`.toLowerCase().includes(sought);
    })
    .slice(0, most)
    .map(cameraKey);
}

/** For LIKE with the escape character `\\`: whatever holds the text. */

/** Instead of a name that the camera has not told yet, its id. */
export function cameraNameOf(
  names: ReadonlyMap<string, BilingualText>,
  row: Parameters<typeof cameraKey>[0],
): BilingualText {
  return names.get(cameraKey(row)) ?? (hasCamera(row) ? { en: row.camera, zh: row.camera } : CITIZEN);
}

export function cameraKey(row: {
  readonly site: string;
  readonly agent: string;
  readonly camera: string;
}): string {
  return `${row.site}/${row.agent}/${row.camera}`;
}
