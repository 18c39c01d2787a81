/**
 * Tells boxes what they are to fetch, as many at a time as the rollout allows, and again until they say that they have heard. Rows say
 * who was told when, so a gateway that was away goes on where it stopped, and of several one does it.
 */
import {
  newId,
  type ReleaseSignature,
  timestamp,
  type UpdateCommand,
  type UpdateTerms,
  WIRE_VERSION,
} from '@roadwatch/contract';
import type { RolloutState } from '@roadwatch/contract/api';
import { isOnline } from '../agents/watch.ts';
import type { AgentName } from '../cameras/source.ts';
import type { Store, Tx } from '../store/database.ts';
import type { ReleaseRow, RolloutAgentRow, RolloutRow } from '../store/tables/fleet.ts';
import { BUSY_STATES, FAILED_STATES, RECALLED_STATES } from './states.ts';

/** How long a command is worth doing, and after which a box that has not answered is told again. */
const WORTH_MS = 300_000;
const AGAIN_MS = 30_000;
/** A box that is at it is told again now and then: its disk may have been changed for an empty one. */
const REMIND_MS = 600_000;
/** A box that is there and has not said a word of what it was told again and again does not know what to do with it. */
const ANSWER_MS = 900_000;
/** In which some boxes are still to be told something. */
const LISTENING: readonly RolloutState[] = ['paused', 'halted', 'cancelled'];

interface Told {
  readonly agent: AgentName;
  readonly command: UpdateCommand;
}

type Box = RolloutAgentRow & {
  readonly status: string | null;
  readonly silent_at: number | null;
  readonly revoked_at: number | null;
  /** Since when the box is there, or away. */
  readonly since: number | string | null;
};

/** Returns how many boxes were told something. */
export async function advanceRollouts(
  store: Store,
  send: (agent: AgentName, command: UpdateCommand) => void,
): Promise<number> {
  const open = await store.db
    .selectFrom('rollouts')
    .select('id')
    .where((where) =>
      where.or([
        where('state', '=', 'running'),
        where.and([
          where('state', 'in', LISTENING),
          where.exists(
            where
              .selectFrom('rollout_agents')
              .select('rollout_id')
              .whereRef('rollout_id', '=', 'rollouts.id')
              .where('state', 'in', RECALLED_STATES),
          ),
        ]),
      ]),
    )
    .orderBy('id')
    .execute();
  let count = 0;
  for (const { id } of open) {
    const told = await store.transaction((tx) => advance(tx, id));
    for (const { agent, command } of told) send(agent, command);
    count += told.length;
  }
  return count;
}

async function advance(tx: Tx, id: string): Promise<Told[]> {
  const query = tx.db.selectFrom('rollouts').selectAll().where('id', '=', id);
  const rollout = await tx.lockedOrSkipped(query).executeTakeFirst();
  if (rollout === undefined) return [];
  const boxes = await giveUpSilent(tx, id, await boxesOf(tx, id));
  if (rollout.state === 'cancelled') return recall(tx, rollout, boxes);
  if (rollout.state !== 'running' && rollout.state !== 'paused' && rollout.state !== 'halted') return [];
  const release = await tx.db
    .selectFrom('releases')
    .selectAll()
    .where('id', '=', rollout.release_id)
    .executeTakeFirstOrThrow();
  const again = boxes.filter((box) => isOverdue(box, tx.at) && isOnline(box));
  const next = rollout.state === 'running' ? await nextBoxes(tx, rollout, release, boxes) : [];
  const told = [...again, ...next];
  await markTold(tx, id, told);
  return told.map((agent) => ({ agent, command: offer(rollout, release, tx.at) }));
}

/** Who never answers fails, so that nobody waits for it. What it says later counts all the same. */
async function giveUpSilent(tx: Tx, id: string, boxes: readonly Box[]): Promise<readonly Box[]> {
  const silent = new Set(boxes.filter((box) => isSilent(box, tx.at)));
  if (silent.size === 0) return boxes;
  const change = { state: 'refused', code: 'not_answered', changed_at: tx.at } as const;
  for (const { site, agent } of silent)
    await tx.db
      .updateTable('rollout_agents')
      .set(change)
      .where('rollout_id', '=', id)
      .where('site', '=', site)
      .where('agent', '=', agent)
      .execute();
  tx.changed({ kind: 'fleet', subject: id, data: {} });
  return boxes.map((box) => (silent.has(box) ? { ...box, ...change } : box));
}

function isSilent(box: Box, now: number): boolean {
  if (box.state !== 'told' || box.report !== null || !isOnline(box)) return false;
  return Math.max(box.changed_at, Number(box.since ?? 0)) < now - ANSWER_MS;
}

/** Who is told now for the first time. Ends the rollout when nobody is left, and halts it when too many have failed. */
async function nextBoxes(
  tx: Tx,
  rollout: RolloutRow,
  release: ReleaseRow,
  boxes: readonly Box[],
): Promise<readonly Box[]> {
  const failures = boxes.filter(({ state }) => FAILED_STATES.includes(state)).length;
  const waiting = boxes.filter(({ state }) => state === 'waiting');
  const busy = boxes.filter(({ state }) => BUSY_STATES.includes(state));
  const isHalted = failures > rollout.max_failures && waiting.length > 0;
  if (isHalted || release.withdrawn_at !== null) {
    await setState(tx, rollout, 'halted');
    const after = { failures, withdrawn: release.withdrawn_at !== null };
    tx.audit({
      actor: 'system',
      channel: 'gateway',
      action: 'rollout.halted',
      subject: `rollout:${rollout.id}`,
      after,
    });
    return [];
  }
  if (waiting.length + busy.length === 0) {
    await setState(tx, rollout, 'done');
    return [];
  }
  return waiting.filter(isOnline).slice(0, Math.max(0, rollout.at_once - busy.length));
}

/** It was taken back: those that are at it are told so until they have let go. */
async function recall(tx: Tx, rollout: RolloutRow, boxes: readonly Box[]): Promise<Told[]> {
  const late = boxes.filter(
    (box) =>
      RECALLED_STATES.includes(box.state) &&
      isOnline(box) &&
      (box.told_at === null || box.told_at < tx.at - AGAIN_MS || box.told_at < (rollout.ended_at ?? 0)),
  );
  await markTold(tx, rollout.id, late);
  return late.map((agent) => ({
    agent,
    command: { ...envelope(tx.at), kind: 'update.cancel', rollout: rollout.id },
  }));
}

function isOverdue({ state, told_at }: Box, now: number): boolean {
  if (!BUSY_STATES.includes(state) && state !== 'shadow') return false;
  return (told_at ?? 0) < now - (state === 'told' ? AGAIN_MS : REMIND_MS);
}

async function boxesOf(tx: Tx, id: string): Promise<Box[]> {
  return tx.db
    .selectFrom('rollout_agents')
    .innerJoin('agents', (join) =>
      join
        .onRef('agents.site', '=', 'rollout_agents.site')
        .onRef('agents.agent', '=', 'rollout_agents.agent'),
    )
    .selectAll('rollout_agents')
    .select(['agents.status', 'agents.silent_at', 'agents.revoked_at'])
    .select((select) =>
      select
        .selectFrom('agent_history')
        .select((of) => of.fn.max<number | string | null>('agent_history.at').as('at'))
        .whereRef('agent_history.site', '=', 'rollout_agents.site')
        .whereRef('agent_history.agent', '=', 'rollout_agents.agent')
        .as('since'),
    )
    .where('rollout_agents.rollout_id', '=', id)
    .orderBy('rollout_agents.site')
    .orderBy('rollout_agents.agent')
    .execute();
}

async function markTold(tx: Tx, id: string, boxes: readonly Box[]): Promise<void> {
  for (const { site, agent, state } of boxes)
    await tx.db
      .updateTable('rollout_agents')
      .set({ told_at: tx.at, ...(state === 'waiting' ? { state: 'told', changed_at: tx.at } : {}) })
      .where('rollout_id', '=', id)
      .where('site', '=', site)
      .where('agent', '=', agent)
      .execute();
  if (boxes.length > 0) tx.changed({ kind: 'fleet', subject: id, data: {} });
}

async function setState(tx: Tx, { id }: RolloutRow, state: 'halted' | 'done'): Promise<void> {
  await tx.db
    .updateTable('rollouts')
    .set({ state, ended_at: state === 'done' ? tx.at : null })
    .where('id', '=', id)
    .execute();
  tx.changed({ kind: 'fleet', subject: id, data: {} });
}

function offer({ id, mode, terms }: RolloutRow, { text, signature }: ReleaseRow, now: number): UpdateCommand {
  return {
    ...envelope(now),
    kind: 'update.offer',
    rollout: id,
    mode,
    release: text,
    ...(signature === null ? {} : { signature: JSON.parse(signature) as ReleaseSignature }),
    terms: JSON.parse(terms) as UpdateTerms,
  };
}

function envelope(now: number) {
  return {
    v: WIRE_VERSION,
    id: newId(),
    issuedAt: timestamp(now),
    expiresAt: timestamp(now + WORTH_MS),
  } as const;
}
