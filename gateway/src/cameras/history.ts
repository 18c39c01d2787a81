/**
 * When cameras saw, kept as a row for each change, and the share of a time for which they did: while pictures came from the camera, and
 * its box was there to look at them. A change that is taken back within seconds is none, so that what flaps fills no store.
 */
import type { CameraCondition } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import { cameraKey } from './names.ts';
import { type AgentName, type CameraOf, formatAgentName } from './source.ts';

/** Pictures of the street come, though they may be poor ones. */
const SEEING: ReadonlySet<CameraCondition> = new Set(['streaming', 'dark', 'blurred', 'moved']);
const SHORT_MS = 10_000;
const DAY_MS = 86_400_000;
/** The longest time that is asked about is a week. */
const KEPT_DAYS = 31;
/** Rows in one deletion: it holds the store. */
const BATCH = 5_000;

export function sees(condition: CameraCondition): boolean {
  return SEEING.has(condition);
}

export async function noteCamera(tx: Tx, of: CameraOf, seesNow: boolean): Promise<void> {
  const { site, agent, camera } = of;
  const last = await tx.db
    .selectFrom('camera_history')
    .select(['at', 'sees'])
    .where((where) => where.and({ site, agent, camera }))
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last?.sees === Number(seesNow)) return;
  if (last !== undefined && isShort(last.at, tx.at)) {
    await tx.db
      .deleteFrom('camera_history')
      .where((where) => where.and({ site, agent, camera, at: last.at }))
      .execute();
    if (await hasEarlier(tx, of)) return;
  }
  const row = { site, agent, camera, at: tx.at, sees: Number(seesNow) };
  await tx.db
    .insertInto('camera_history')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['site', 'agent', 'camera', 'at']).doUpdateSet({ sees: row.sees }),
    )
    .execute();
}

async function hasEarlier(tx: Tx, { site, agent, camera }: CameraOf): Promise<boolean> {
  const row = await tx.db
    .selectFrom('camera_history')
    .select('at')
    .where((where) => where.and({ site, agent, camera }))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function noteAgent(tx: Tx, { site, agent }: AgentName, online: boolean): Promise<void> {
  const rows = await tx.db
    .selectFrom('agent_history')
    .select(['at', 'online'])
    .where((where) => where.and({ site, agent }))
    .orderBy('at', 'desc')
    .limit(2)
    .execute();
  const [last, before] = rows;
  if (last?.online === Number(online)) return;
  if (last !== undefined && before !== undefined && isShort(last.at, tx.at)) {
    await tx.db
      .deleteFrom('agent_history')
      .where((where) => where.and({ site, agent, at: last.at }))
      .execute();
    return;
  }
  const row = { site, agent, at: tx.at, online: Number(online) };
  await tx.db
    .insertInto('agent_history')
    .values(row)
    .onConflict((conflict) => conflict.columns(['site', 'agent', 'at']).doUpdateSet({ online: row.online }))
    .execute();
}

/** The clock of the gateway may be set back. */
function isShort(from: number, to: number): boolean {
  return to >= from && to - from < SHORT_MS;
}

/** What is no longer asked about, but for the last row of each, by which the time begins. */
export async function purgeHistory(tx: Tx): Promise<void> {
  const before = tx.at - KEPT_DAYS * DAY_MS;
  const cameras = await tx.db
    .selectFrom('camera_history as old')
    .select(['site', 'agent', 'camera', 'at'])
    .where('at', '<', before)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('camera_history as newer')
          .select('newer.at')
          .whereRef('newer.site', '=', 'old.site')
          .whereRef('newer.agent', '=', 'old.agent')
          .whereRef('newer.camera', '=', 'old.camera')
          .whereRef('newer.at', '>', 'old.at'),
      ),
    )
    .limit(BATCH)
    .execute();
  for (const { site, agent, camera, at } of cameras)
    await tx.db
      .deleteFrom('camera_history')
      .where((where) => where.and({ site, agent, camera, at }))
      .execute();
  const agents = await tx.db
    .selectFrom('agent_history as old')
    .select(['site', 'agent', 'at'])
    .where('at', '<', before)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('agent_history as newer')
          .select('newer.at')
          .whereRef('newer.site', '=', 'old.site')
          .whereRef('newer.agent', '=', 'old.agent')
          .whereRef('newer.at', '>', 'old.at'),
      ),
    )
    .limit(BATCH)
    .execute();
  for (const { site, agent, at } of agents)
    await tx.db
      .deleteFrom('agent_history')
      .where((where) => where.and({ site, agent, at }))
      .execute();
}

/** `on`: from `at` until the next change, or for ever. */
export interface Span {
  readonly at: number;
  readonly on: boolean;
}

/**
 * The share of the time from `from` to `to` in which both were on, of what of it is known of the camera; null when nothing is. Both in
 * order of time. Of a box that has never said how it is nothing is held against its cameras.
 */
export function shareOn(
  camera: readonly Span[],
  agent: readonly Span[],
  from: number,
  to: number,
): number | null {
  const first = camera[0];
  if (first === undefined || first.at >= to) return null;
  const begin = Math.max(from, first.at);
  const turns = [...new Set([begin, ...[...camera, ...agent].map(({ at }) => at), to])]
    .filter((at) => at >= begin && at <= to)
    .sort((a, b) => a - b);
  let on = 0;
  // The last span of each that has begun.
  let ofCamera = -1;
  let ofAgent = -1;
  for (const [index, at] of turns.entries()) {
    while ((camera[ofCamera + 1]?.at ?? Infinity) <= at) ofCamera++;
    while ((agent[ofAgent + 1]?.at ?? Infinity) <= at) ofAgent++;
    const next = turns[index + 1];
    if (next !== undefined && (camera[ofCamera]?.on ?? false) && (agent[ofAgent]?.on ?? true))
      on += next - at;
  }
  return on / (to - begin);
}

export interface Uptime {
  readonly day: number | null;
  readonly week: number | null;
}

/** Of these cameras, by SITE/AGENT/CAMERA: the share of the last 24 hours, and of the last seven days, in which each saw. */
export async function uptimes(
  db: Kysely<Tables>,
  cameras: readonly CameraOf[],
  now: number,
): Promise<ReadonlyMap<string, Uptime>> {
  if (cameras.length === 0) return new Map();
  const from = now - 7 * DAY_MS;
  const agents = [...new Map(cameras.map((of) => [formatAgentName(of), of])).values()];
  const [ofCameras, ofAgents] = await Promise.all([
    db
      .selectFrom('camera_history as h')
      .select(['site', 'agent', 'camera', 'at', 'sees as on'])
      .where((where) =>
        where.or(cameras.map(({ site, agent, camera }) => where.and({ site, agent, camera }))),
      )
      .where(({ eb, selectFrom }) =>
        eb(
          'at',
          '>=',
          selectFrom('camera_history as b')
            .select(({ fn, val }) => fn.coalesce(fn.max('b.at'), val(0)).as('at'))
            .whereRef('b.site', '=', 'h.site')
            .whereRef('b.agent', '=', 'h.agent')
            .whereRef('b.camera', '=', 'h.camera')
            .where('b.at', '<=', from),
        ),
      )
      .orderBy('at')
      .execute(),
    db
      .selectFrom('agent_history')
      .select(['site', 'agent', 'at', 'online as on'])
      .where((where) => where.or(agents.map(({ site, agent }) => where.and({ site, agent }))))
      .orderBy('at')
      .execute(),
  ]);
  const byCamera = grouped(ofCameras, cameraKey);
  const byAgent = grouped(ofAgents, formatAgentName);
  return new Map(
    cameras.map((of) => {
      const spans = byCamera.get(cameraKey(of)) ?? [];
      const there = byAgent.get(formatAgentName(of)) ?? [];
      const share = (since: number): number | null => shareOn(spans, there, since, now);
      return [cameraKey(of), { day: share(now - DAY_MS), week: share(from) }];
    }),
  );
}

function grouped<Row extends { readonly at: number; readonly on: number }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ReadonlyMap<string, Span[]> {
  const groups = new Map<string, Span[]>();
  for (const row of rows) {
    const spans = groups.get(keyOf(row)) ?? [];
    spans.push({ at: Number(row.at), on: Number(row.on) === 1 });
    groups.set(keyOf(row), spans);
  }
  return groups;
}
