/** Every version of every section, as the store has them; a version is written once and never changed. */
import type { Kysely } from 'kysely';
import { Refusal } from '../refusal.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import type { SettingsVersionRow } from '../store/tables/settings.ts';
import type { SettingsSection } from './documents.ts';

export type Heads = ReadonlyMap<SettingsSection, number>;

/** The newest version of each section that has one. */
export async function headsOf(db: Kysely<Tables>): Promise<Heads> {
  const rows = await db
    .selectFrom('settings_versions')
    .select(({ fn }) => ['section', fn.max('version').as('version')])
    .groupBy('section')
    .execute();
  return new Map(rows.map(({ section, version }) => [section, Number(version)]));
}

export function newestOf(db: Kysely<Tables>, section: SettingsSection): Promise<SettingsVersionRow> {
  return db
    .selectFrom('settings_versions')
    .selectAll()
    .where('section', '=', section)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}

/** Throws Refusal when there is none. */
export async function versionOf(
  db: Kysely<Tables>,
  section: SettingsSection,
  version: number,
): Promise<SettingsVersionRow> {
  const row = await db
    .selectFrom('settings_versions')
    .selectAll()
    .where('section', '=', section)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined)
    throw new Refusal('settings_version_unknown', `there is no version ${version} of ${section}`);
  return row;
}

/** Those before a version, or the newest, the latest first. */
export function versionsBefore(
  db: Kysely<Tables>,
  section: SettingsSection,
  before: number | null,
  limit: number,
): Promise<SettingsVersionRow[]> {
  let query = db.selectFrom('settings_versions').selectAll().where('section', '=', section);
  if (before !== null) query = query.where('version', '<', before);
  return query.orderBy('version', 'desc').limit(limit).execute();
}

/** Of two that write at the same time one is told to try again, and then sees the other's. */
export async function addVersion(tx: Tx, row: Omit<SettingsVersionRow, 'at'>): Promise<void> {
  await tx.db
    .insertInto('settings_versions')
    .values({ ...row, at: tx.at })
    .execute();
}
