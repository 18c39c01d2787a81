/** What people have set of boxes as a whole: every version, as the store has them, and what each box says to it. */
import {
  type AgentStatus,
  type BoxProblem,
  type BoxSettings,
  type ConfigurationReport,
  timestamp,
} from '@roadwatch/contract';
import type { BoxDelivery, BoxSettingsVersion } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { AgentName } from '../../cameras/source.ts';
import type { BoxSettingsRow } from '../../store/tables/field.ts';
import type { Tables } from '../../store/tables/index.ts';
import { differencesOf } from '../difference.ts';

const SHOWN = 50;

export function boxSettingsIn({ document }: Pick<BoxSettingsRow, 'document'>): BoxSettings {
  return JSON.parse(document) as BoxSettings;
}

export function newestBoxSettings(
  db: Kysely<Tables>,
  { site, agent }: AgentName,
): Promise<BoxSettingsRow | undefined> {
  return ofBox(db, { site, agent }).limit(1).executeTakeFirst();
}

export function boxSettingsVersion(
  db: Kysely<Tables>,
  { site, agent }: AgentName,
  version: number,
): Promise<BoxSettingsRow | undefined> {
  return ofBox(db, { site, agent }).where('version', '=', version).executeTakeFirst();
}

/** The version with which a box says it runs; 0: with nothing that was set here. Null: nobody knows. */
export async function runningVersion(
  db: Kysely<Tables>,
  of: AgentName,
  configuration: ConfigurationReport | null,
): Promise<number | null> {
  const id = configuration?.settings;
  if (id === undefined) return null;
  if (id === null) return 0;
  const row = await ofBox(db, of).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : Number(row.version);
}

function ofBox(db: Kysely<Tables>, { site, agent }: AgentName) {
  return db
    .selectFrom('box_settings')
    .selectAll()
    .where((where) => where.and({ site, agent }))
    .orderBy('version', 'desc');
}

export function configurationIn(status: string | null): ConfigurationReport | null {
  return status === null ? null : ((JSON.parse(status) as AgentStatus).configuration ?? null);
}

export function boxDelivery(row: BoxSettingsRow | undefined): BoxDelivery {
  if (row === undefined) return { state: 'none', at: null, code: null, reason: null, problems: [] };
  const { outcome, answered_at, code, reason, problems } = row;
  return {
    state: outcome ?? 'waiting',
    at: answered_at === null ? null : timestamp(Number(answered_at)),
    ...{ code, reason },
    problems: problems === null ? [] : (JSON.parse(problems) as BoxProblem[]),
  };
}

/** The latest first. */
export async function boxSettingsVersions(
  db: Kysely<Tables>,
  of: AgentName,
): Promise<readonly BoxSettingsVersion[]> {
  const rows = await ofBox(db, of)
    .limit(SHOWN + 1)
    .execute();
  return rows.slice(0, SHOWN).map((row, index) => {
    const earlier = rows[index + 1];
    return {
      version: Number(row.version),
      at: timestamp(Number(row.at)),
      by: row.author,
      undoOf: row.undo_of === null ? null : Number(row.undo_of),
      ...differencesOf(earlier === undefined ? {} : boxSettingsIn(earlier), boxSettingsIn(row)),
      delivery: boxDelivery(row),
    };
  });
}
