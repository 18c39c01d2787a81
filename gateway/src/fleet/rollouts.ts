/** Rollouts as people order them: begun, paused, resumed, taken back, and looked at. */
import { newId, timestamp, type UpdateReport, type UpdateTerms } from '@roadwatch/contract';
import type {
  NewRollout,
  RolloutAgentState,
  RolloutDetail,
  RolloutState,
  RolloutView,
} from '@roadwatch/contract/api';
import type { Kysely, Selectable } from 'kysely';
import { isOnline } from '../agents/watch.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { RolloutAgentRow, RolloutRow } from '../store/tables/fleet.ts';
import type { Tables } from '../store/tables/index.ts';
import { releaseRow } from './releases.ts';
import { FAILED_STATES, GOOD_STATES } from './states.ts';
import { matching } from './targets.ts';

/** What a rollout asks of a model, unless it says otherwise. */
const TERMS: UpdateTerms = { trialMinutes: 30, maxSlowdown: 4, maxJump: 3, share: 0.1 };
const MAX_LISTED = 50;
/** Rows in one statement. */
const BATCH = 500;

/** Its id. Throws Refusal. */
export async function beginRollout(store: Store, wanted: NewRollout, actor: Actor): Promise<string> {
  const id = newId();
  await store.transaction(async (tx) => {
    const release = await releaseRow(tx.db, wanted.releaseId);
    if (release.withdrawn_at !== null)
      throw new Refusal('release_withdrawn', 'the release has been withdrawn');
    if (wanted.mode === 'shadow' && release.kind !== 'model')
      throw new Refusal('fields_invalid', 'mode: only a model can look along');
    const boxes = matching(await boxesThatMayConnect(tx.db), wanted.targets);
    if (boxes.length === 0)
      throw new Refusal('rollout_without_boxes', `targets: no box is called ${wanted.targets.join(', ')}`);
    const row: RolloutRow = {
      id,
      release_id: release.id,
      mode: wanted.mode,
      targets: JSON.stringify(wanted.targets),
      terms: JSON.stringify({ ...TERMS, ...wanted.terms }),
      at_once: atOnceOf(wanted, boxes.length),
      max_failures: wanted.maxFailures,
      state: 'running',
      created_at: tx.at,
      created_by: actor.name,
      ended_at: null,
    };
    await tx.db.insertInto('rollouts').values(row).execute();
    for (let at = 0; at < boxes.length; at += BATCH) await addBoxes(tx, id, boxes.slice(at, at + BATCH));
    const { name, version } = release;
    const after = {
      release: `${name} ${version}`,
      mode: row.mode,
      targets: wanted.targets,
      boxes: boxes.length,
    };
    tx.audit({ ...authorOf(actor), action: 'rollout.begun', subject: `rollout:${id}`, after });
    tx.changed({ kind: 'fleet', subject: id, data: {} });
  });
  return id;
}

/** Those whom an earlier rollout has not told yet hear of this one only. */
async function addBoxes(
  tx: Tx,
  rollout: string,
  boxes: readonly { readonly site: string; readonly agent: string }[],
): Promise<void> {
  const blank = { state: 'waiting', code: null, detail: null, report: null, told_at: null } as const;
  await tx.db
    .updateTable('rollout_agents')
    .set({ state: 'cancelled', code: 'superseded', changed_at: tx.at })
    .where('state', '=', 'waiting')
    .where((where) =>
      where.or(
        boxes.map(({ site, agent }) => where.and([where('site', '=', site), where('agent', '=', agent)])),
      ),
    )
    .execute();
  await tx.db
    .insertInto('rollout_agents')
    .values(
      boxes.map(({ site, agent }) => ({ rollout_id: rollout, site, agent, ...blank, changed_at: tx.at })),
    )
    .execute();
}

function atOnceOf({ atOnce, percentAtOnce }: NewRollout, boxes: number): number {
  if (atOnce !== undefined && percentAtOnce !== undefined)
    throw new Refusal('fields_invalid', 'atOnce: give it or percentAtOnce, not both');
  if (atOnce !== undefined) return atOnce;
  return percentAtOnce === undefined ? 1 : Math.max(1, Math.ceil((boxes * percentAtOnce) / 100));
}

async function boxesThatMayConnect(db: Kysely<Tables>) {
  return db
    .selectFrom('agents')
    .select(['site', 'agent'])
    .where('revoked_at', 'is', null)
    .orderBy('site')
    .orderBy('agent')
    .execute();
}

const ORDERS = {
  pause: { from: ['running'], to: 'paused', action: 'rollout.paused' },
  resume: { from: ['paused', 'halted'], to: 'running', action: 'rollout.resumed' },
  cancel: { from: ['running', 'paused', 'halted', 'done'], to: 'cancelled', action: 'rollout.cancelled' },
} as const satisfies Readonly<
  Record<string, { from: readonly RolloutState[]; to: RolloutState; action: string }>
>;
export type RolloutOrder = keyof typeof ORDERS;
export const ROLLOUT_ORDERS = Object.keys(ORDERS) as RolloutOrder[];

/**
 * Boxes that have not been told never will be, once it is taken back; those that try the release go back, and those that have gone over
 * to it keep it. Throws Refusal.
 */
export async function orderRollout(
  store: Store,
  id: string,
  order: RolloutOrder,
  actor: Actor,
): Promise<void> {
  const { from, to, action } = ORDERS[order];
  await store.transaction(async (tx) => {
    const row = await lockedRollout(tx, id);
    if (!(from as readonly RolloutState[]).includes(row.state))
      throw new Refusal('rollout_over', `the rollout is ${row.state}`);
    const isOver = to === 'cancelled';
    const failures =
      order === 'resume' ? { max_failures: Math.max(row.max_failures, await failed(tx, id)) } : {};
    await tx.db
      .updateTable('rollouts')
      .set({ state: to, ended_at: isOver ? tx.at : null, ...failures })
      .where('id', '=', id)
      .execute();
    if (isOver)
      await tx.db
        .updateTable('rollout_agents')
        .set({ state: 'cancelled', code: 'update_cancelled', changed_at: tx.at })
        .where('rollout_id', '=', id)
        .where('state', '=', 'waiting')
        .execute();
    tx.audit({ ...authorOf(actor), action, subject: `rollout:${id}` });
    tx.changed({ kind: 'fleet', subject: id, data: {} });
  });
}

async function lockedRollout(tx: Tx, id: string): Promise<RolloutRow> {
  const query = tx.db.selectFrom('rollouts').selectAll().where('id', '=', id);
  const row = await tx.locked(query).executeTakeFirst();
  if (row === undefined) throw new Refusal('rollout_unknown', `there is no rollout ${id}`);
  return row;
}

async function failed(tx: Tx, id: string): Promise<number> {
  const { count } = await tx.db
    .selectFrom('rollout_agents')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('rollout_id', '=', id)
    .where('state', 'in', FAILED_STATES)
    .executeTakeFirstOrThrow();
  return Number(count);
}

type RolloutOfRelease = Selectable<RolloutRow> & {
  readonly kind: 'model' | 'agent';
  readonly name: string;
  readonly version: string;
};

function rolloutsWithRelease(db: Kysely<Tables>) {
  return db
    .selectFrom('rollouts')
    .innerJoin('releases', 'releases.id', 'rollouts.release_id')
    .selectAll('rollouts')
    .select(['releases.kind', 'releases.name', 'releases.version']);
}

/** The newest first. */
export async function listRollouts(db: Kysely<Tables>): Promise<RolloutView[]> {
  const rows = await rolloutsWithRelease(db).orderBy('rollouts.id', 'desc').limit(MAX_LISTED).execute();
  const counts = await countsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => viewOf(row, counts.get(row.id) ?? NO_COUNTS));
}

export async function rolloutDetail(db: Kysely<Tables>, id: string): Promise<RolloutDetail> {
  const row = await rolloutsWithRelease(db).where('rollouts.id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Refusal('rollout_unknown', `there is no rollout ${id}`);
  const boxes = await db
    .selectFrom('rollout_agents')
    .leftJoin('agents', (join) =>
      join
        .onRef('agents.site', '=', 'rollout_agents.site')
        .onRef('agents.agent', '=', 'rollout_agents.agent'),
    )
    .selectAll('rollout_agents')
    .select(['agents.status', 'agents.silent_at', 'agents.revoked_at'])
    .where('rollout_agents.rollout_id', '=', id)
    .orderBy('rollout_agents.site')
    .orderBy('rollout_agents.agent')
    .execute();
  const counts = await countsOf(db, [id]);
  return {
    ...viewOf(row, counts.get(id) ?? NO_COUNTS),
    agents: boxes.map((box) => ({ ...boxOf(box), online: isOnline(box) })),
  };
}

function boxOf({ site, agent, state, code, detail, changed_at, report }: RolloutAgentRow) {
  return {
    ...{ site, agent, state, code, detail },
    changedAt: timestamp(changed_at),
    report: report === null ? null : (JSON.parse(report) as UpdateReport),
  };
}

type Counts = RolloutView['counts'];
const NO_COUNTS: Counts = { waiting: 0, under_way: 0, done: 0, failed: 0, cancelled: 0 };

async function countsOf(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlyMap<string, Counts>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('rollout_agents')
    .select(['rollout_id', 'state'])
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('rollout_id', 'in', ids)
    .groupBy(['rollout_id', 'state'])
    .execute();
  const counts = new Map<string, Counts>();
  for (const { rollout_id, state, count } of rows) {
    const before = counts.get(rollout_id) ?? NO_COUNTS;
    const group = groupOf(state);
    counts.set(rollout_id, { ...before, [group]: before[group] + Number(count) });
  }
  return counts;
}

function groupOf(state: RolloutAgentState): keyof Counts {
  if (state === 'waiting' || state === 'cancelled') return state;
  if (GOOD_STATES.includes(state)) return 'done';
  return FAILED_STATES.includes(state) ? 'failed' : 'under_way';
}

function viewOf(row: RolloutOfRelease, counts: Counts): RolloutView {
  const { id, release_id, kind, name, version, mode, state } = row;
  return {
    ...{ id, mode, state, counts },
    release: { id: release_id, kind, name, version },
    targets: JSON.parse(row.targets) as string[],
    terms: JSON.parse(row.terms) as UpdateTerms,
    atOnce: row.at_once,
    maxFailures: row.max_failures,
    createdAt: timestamp(row.created_at),
    createdBy: row.created_by,
    endedAt: row.ended_at === null ? null : timestamp(row.ended_at),
  };
}
