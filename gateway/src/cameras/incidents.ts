/**
 * What is wrong with cameras and boxes, from when to when: kept as a row for each time that it began, so that maintainers can be told,
 * and see later what was wrong. What comes back within a minute has not been away.
 */
import {
  type AgentStatus,
  type CameraCondition,
  type CameraState,
  newId,
  timestamp,
} from '@roadwatch/contract';
import type { Incident } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import type { CameraOf } from './source.ts';

/** So long something must last, either way, to be told. */
export const SETTLED_MS = 60_000;
/** Of a camera. */
const SHOWN = 20;
const KEPT_MS = 90 * 86_400_000;
const BATCH = 500;

/** In place of a camera's name: the box itself. */
export const THE_BOX = '';
const AGENT_LOST = 'agent_lost';

/** Of these nobody has to mend anything: night is dark, and what is paused is meant to be. */
const NOT_WRONG: readonly CameraCondition[] = ['streaming', 'dark', 'paused'];

/** By its code, in the words of the box. */
type Wrong = ReadonlyMap<string, string>;

/** Null: it does not say, for it begins only now. */
export function wrongWith({ state, reason, faults = [] }: CameraState): Wrong | null {
  if (state === 'starting') return null;
  const said = faults.map(({ code, detail }) => [code, detail] as const);
  return new Map(
    NOT_WRONG.includes(state) ? (state === 'paused' ? [] : said) : [[state, reason ?? ''], ...said],
  );
}

/** Whether a state says other things than the one before. */
export function isOtherWrong(before: CameraState | null, now: CameraState): boolean {
  const codes = (state: CameraState): string | null => {
    const wrong = wrongWith(state);
    return wrong === null ? null : [...wrong.keys()].sort().join();
  };
  const [then, is] = [before === null ? '' : codes(before), codes(now)];
  return is !== null && is !== then;
}

/** What is wrong from now on, all of it. */
export async function noteIncidents(tx: Tx, { site, agent, camera }: CameraOf, wrong: Wrong): Promise<void> {
  const rows = await tx.db
    .selectFrom('incidents')
    .select(['id', 'code', 'ended_at'])
    .where((where) => where.and({ site, agent, camera }))
    .where((where) => where.or([where('ended_at', 'is', null), where('ended_at', '>', tx.at - SETTLED_MS)]))
    .orderBy('began_at')
    .execute();
  const recent = new Map(rows.map((row) => [row.code, row]));
  for (const { id, code, ended_at } of recent.values()) {
    if (wrong.has(code) === (ended_at === null)) continue;
    await tx.db
      .updateTable('incidents')
      .set({ ended_at: wrong.has(code) ? null : tx.at })
      .where('id', '=', id)
      .execute();
  }
  const good = await tx.db
    .selectFrom('good_pictures')
    .select(['sha256 as good_sha256', 'captured_at as good_at'])
    .where((where) => where.and({ site, agent, camera }))
    .executeTakeFirst();
  for (const [code, detail] of wrong)
    if (!recent.has(code))
      await tx.db
        .insertInto('incidents')
        .values({
          ...{ id: newId(), site, agent, camera, code, detail, began_at: tx.at },
          ...{ ended_at: null, told_at: null, told_end_at: null, fault_sha256: null, fault_at: null },
          ...(good ?? { good_sha256: null, good_at: null }),
        })
        .execute();
}

/** Of a box: whether it is there. */
export async function noteBox(
  tx: Tx,
  { site, agent }: Pick<AgentStatus, 'site' | 'agent'>,
  isThere: boolean,
): Promise<void> {
  await noteIncidents(tx, { site, agent, camera: THE_BOX }, new Map(isThere ? [] : [[AGENT_LOST, '']]));
}

/** Of one camera, the newest first; what nobody had to be told of left out. */
export async function incidentsOf(
  db: Kysely<Tables>,
  { site, agent, camera }: CameraOf,
): Promise<readonly Incident[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where((where) => where.and({ site, agent, camera }))
    .where((where) => where.or([where('told_at', 'is not', null), where('ended_at', 'is', null)]))
    .orderBy('began_at', 'desc')
    .limit(SHOWN)
    .execute();
  return rows.map((row) => ({
    ...{ id: row.id, code: row.code, detail: row.detail, beganAt: timestamp(row.began_at) },
    endedAt: row.ended_at === null ? null : timestamp(row.ended_at),
    before: picture(row.good_sha256, row.good_at),
    fault: picture(row.fault_sha256, row.fault_at),
  }));
}

function picture(sha256: string | null, at: number | null): Incident['before'] {
  return sha256 === null || at === null ? null : { sha256, capturedAt: timestamp(at) };
}

/** What was over before anybody had to be told, and what is older than anybody asks for. Returns the pictures that were in it. */
export async function purgeIncidents(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.db
    .selectFrom('incidents')
    .select(['id', 'good_sha256', 'fault_sha256'])
    .where((where) =>
      where.or([
        where.and([where('told_at', 'is', null), where('ended_at', '<', tx.at - SETTLED_MS)]),
        where('ended_at', '<', tx.at - KEPT_MS),
      ]),
    )
    .limit(BATCH)
    .execute();
  if (rows.length === 0) return [];
  await tx.db
    .deleteFrom('incidents')
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows
    .flatMap(({ good_sha256, fault_sha256 }) => [good_sha256, fault_sha256])
    .filter((name) => name !== null);
}
