/** What people have set of cameras: every version, as the store has them. */
import { type CameraSettings, timestamp } from '@roadwatch/contract';
import type { CameraSettingsVersion, CameraSettingsView, SettingsDelivery } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
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

/** The newest of each camera that has some; of those that are named, or of all. By SITE/AGENT/CAMERA. */
export async function newestOfEach(
  db: Kysely<Tables>,
  of: readonly CameraOf[] | 'all',
): Promise<ReadonlyMap<string, CameraSettingsRow>> {
  if (of !== 'all' && of.length === 0) return new Map();
  let query = db
    .selectFrom('camera_settings as s')
    .selectAll('s')
    .where(({ eb, selectFrom }) =>
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
  if (of !== 'all')
    query = query.where((where) =>
      where.or(of.map(({ site, agent, camera }) => where.and({ site, agent, camera }))),
    );
  return new Map((await query.execute()).map((row) => [cameraKey(row), row]));
}

/** `said`: the settings that the camera says it has, and when it last said something. */
export interface Said {
  readonly settings: string | undefined;
  readonly at: number | null;
}

/** Whether the box is to be sent them, for it has not answered, or has lost them since. */
export function isOwed({ id, outcome, answered_at }: CameraSettingsRow, { settings, at }: Said): boolean {
  if (outcome !== 'applied') return outcome === null;
  return settings !== id && at !== null && at > Number(answered_at) + LOST_AFTER_MS;
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
