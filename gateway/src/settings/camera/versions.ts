/** What people have set of cameras: every version, as the store has them. */
import { type CameraSettings, type CameraState, timestamp } from '@roadwatch/contract';
import type { CameraSettingsVersion, CameraSettingsView, SettingsDelivery } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import { isOnline } from '../../agents/watch.ts';
import { cameraKey } from '../../cameras/names.ts';
import type { CameraOf } from '../../cameras/source.ts';
import type { CameraSettingsRow } from '../../store/tables/field.ts';
import type { Tables } from '../../store/tables/index.ts';

/** Of a camera of which nothing was ever set: all as its box has it. */
export const NOTHING_SET: CameraSettings = {
  road: null,
  masks: [],
  minBoxHeight: null,
  thresholds: {},
  position: null,
  headingDegrees: null,
  fieldOfViewDegrees: null,
};
const SHOWN = 50;
/** A box that says nothing of them so long after it has taken them has lost them: it says how its cameras are every 10 s. */
const LOST_AFTER_MS = 60_000;

export function settingsIn(row: Pick<CameraSettingsRow, 'document'>): CameraSettings {
  return JSON.parse(row.document) as CameraSettings;
}

export function newestSettings(
  db: Kysely<Tables>,
  { site, agent, camera }: CameraOf,
): Promise<CameraSettingsRow | undefined> {
  return db
    .selectFrom('camera_settings')
    .selectAll()
    .where((where) => where.and({ site, agent, camera }))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export function settingsVersion(
  db: Kysely<Tables>,
  { site, agent, camera }: CameraOf,
  version: number,
): Promise<CameraSettingsRow | undefined> {
  return db
    .selectFrom('camera_settings')
    .selectAll()
    .where((where) => where.and({ site, agent, camera, version }))
    .executeTakeFirst();
}

/** The newest of each of these cameras that has some, by SITE/AGENT/CAMERA. */
export async function newestOfEach(
  db: Kysely<Tables>,
  of: readonly CameraOf[],
): Promise<ReadonlyMap<string, CameraSettingsRow>> {
  if (of.length === 0) return new Map();
  const rows = await newestVersions(db)
    .selectAll('s')
    .where((where) => where.or(of.map(({ site, agent, camera }) => where.and({ site, agent, camera }))))
    .execute();
  return new Map(rows.map((row) => [cameraKey(row), row]));
}

/** Of the whole city, with all versions that are not the newest of their camera left out. */
function newestVersions(db: Kysely<Tables>) {
  return db.selectFrom('camera_settings as s').where(({ eb, selectFrom }) =>
    eb(
      's.version',
      '=',
      selectFrom('camera_settings as n')
        .select(({ fn }) => fn.max('n.version').as('version'))
        .whereRef('n.site', '=', 's.site')
        .whereRef('n.agent', '=', 's.agent')
        .whereRef('n.camera', '=', 's.camera'),
    ),
  );
}

/** `said`: the settings that the camera says it has, and when it last said something. */
export interface Said {
  readonly settings: string | undefined;
  readonly at: number | null;
}

/** Whether the box is to be sent them, for it has not answered, or has lost them since. */
function isOwed(
  { id, outcome, answered_at }: Pick<CameraSettingsRow, 'id' | 'outcome' | 'answered_at'>,
  { settings, at }: Said,
): boolean {
  if (outcome !== 'applied') return outcome === null;
  return settings !== id && at !== null && at > Number(answered_at) + LOST_AFTER_MS;
}

/** The cameras whose boxes are there and are to be sent settings. Asked every few seconds, so no document is read for it. */
export async function owedCameras(db: Kysely<Tables>): Promise<readonly CameraOf[]> {
  const rows = await newestVersions(db)
    .innerJoin('cameras', (join) =>
      join
        .onRef('cameras.site', '=', 's.site')
        .onRef('cameras.agent', '=', 's.agent')
        .onRef('cameras.camera', '=', 's.camera'),
    )
    .innerJoin('agents', (join) =>
      join.onRef('agents.site', '=', 's.site').onRef('agents.agent', '=', 's.agent'),
    )
    .select(['s.site', 's.agent', 's.camera', 's.id', 's.outcome', 's.answered_at'])
    .select(['cameras.state', 'cameras.state_at', 'agents.status', 'agents.silent_at', 'agents.revoked_at'])
    .where((where) =>
      where.or([
        where('s.outcome', 'is', null),
        where.and([
          where('s.outcome', '=', 'applied'),
          sql<boolean>`cameras.state_at > s.answered_at + ${sql.lit(LOST_AFTER_MS)}`,
          // What the camera says it has is in its state, which is taken apart only where this is nowhere in it.
          sql<boolean>`cameras.state not like '%' || s.id || '%'`,
        ]),
      ]),
    )
    .execute();
  return rows.filter((row) => {
    const said = row.state === null ? undefined : (JSON.parse(row.state) as CameraState).settings;
    return isOnline(row) && isOwed(row, { settings: said, at: row.state_at });
  });
}

export function deliveryOf(row: CameraSettingsRow | undefined, said: Said): SettingsDelivery {
  if (row === undefined) return { state: 'none', at: null, code: null, reason: null };
  const { outcome, answered_at, code, reason } = row;
  const at = answered_at === null ? null : timestamp(Number(answered_at));
  if (isOwed(row, said)) return { state: 'waiting', at, code: null, reason: null };
  return { state: outcome ?? 'waiting', at, code, reason };
}

export function settingsView(row: CameraSettingsRow | undefined, said: Said): CameraSettingsView {
  return {
    version: row === undefined ? 0 : Number(row.version),
    id: row?.id ?? null,
    at: row === undefined ? null : timestamp(Number(row.at)),
    by: row?.author ?? null,
    document: row === undefined ? NOTHING_SET : settingsIn(row),
    delivery: deliveryOf(row, said),
  };
}

/** The latest first. */
export async function settingsVersions(
  db: Kysely<Tables>,
  { site, agent, camera }: CameraOf,
  said: Said,
): Promise<readonly CameraSettingsVersion[]> {
  const rows = await db
    .selectFrom('camera_settings')
    .selectAll()
    .where((where) => where.and({ site, agent, camera }))
    .orderBy('version', 'desc')
    .limit(SHOWN + 1)
    .execute();
  return rows.slice(0, SHOWN).map((row, index) => {
    const earlier = rows[index + 1];
    const [after, before] = [settingsIn(row), earlier === undefined ? NOTHING_SET : settingsIn(earlier)];
    const fields = Object.keys(NOTHING_SET) as (keyof CameraSettings)[];
    return {
      version: Number(row.version),
      at: timestamp(Number(row.at)),
      by: row.author,
      undoOf: row.undo_of === null ? null : Number(row.undo_of),
      changed: fields.filter((field) => JSON.stringify(after[field]) !== JSON.stringify(before[field])),
      // What came later has taken the place of an earlier one.
      delivery: deliveryOf(row, index === 0 ? said : { settings: row.id, at: null }),
    };
  });
}
