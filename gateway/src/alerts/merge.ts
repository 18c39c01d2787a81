/** An operator says that two alerts are one thing, or takes that back. */

import { hasCamera } from '../cameras/source.ts';
import { metresBetween } from '../geo/distance.ts';
import { positionOf } from '../geo/position.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { AlertRow, AlertState } from '../store/tables/alerts.ts';
import { below, freeKey, MAX_GROUP, membersOf, putUnder } from './merged-group.ts';

/** Whatever two cameras see from one place is not further apart than this. */
const FARTHEST_M = 500;
const UNJUDGED: readonly AlertState[] = ['new', 'claimed', 'shelved'];

/**
 * From now on the alert is part of `into`, with all that was merged into it before: one entry of the queue, one ticket. Classes
 * may differ, for one thing is often reported under two; each keeps its own.
 */
export async function mergeAlert(store: Store, id: string, into: string, actor: Actor): Promise<void> {
  if (id === into) throw new Refusal('invalid', 'into: an alert cannot be merged into itself');
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('alerts').selectAll().where('id', 'in', [id, into]).orderBy('id');
    const rows = await tx.locked(query).execute();
    const alert = rows.find((row) => row.id === id);
    const target = rows.find((row) => row.id === into);
    if (alert === undefined) throw new Refusal('not_found', `there is no alert ${id}`);
    if (target === undefined) throw new Refusal('invalid', `into: there is no alert ${into}`);
    mayBeMerged(alert, actor, tx.at);
    await mayTakeIn(tx, target);
    oneSurrounding(alert, target);
    const members = await membersOf(tx, id);
    const size = members.length + (await membersOf(tx, into)).length + 2;
    if (size > MAX_GROUP)
      throw new Refusal('conflict', `more than ${MAX_GROUP} alerts cannot be merged into one`);
    await tx.db
      .updateTable('alerts')
      .set({
        ...{ state: 'merged', merged_into: into, root_id: into, verdict_by: actor.name, verdict_at: tx.at },
        ...{ claimed_by: null, claim_until: null, shelved_until: null, reason: null, updated_at: tx.at },
        version: alert.version + 1,
      })
      .where('id', '=', id)
      .execute();
    await putUnder(tx, members, into);
    tx.audit({
      ...authorOf(actor),
      action: 'alert.merged',
      subject: `alert:${id}`,
      before: { state: alert.state },
      after: { state: 'merged', into },
    });
    tx.changed({ kind: 'alert', subject: id, data: { state: 'merged' } });
    tx.changed({ kind: 'alert', subject: into, data: { state: target.state } });
  });
}

/** What becomes of a merged alert that stands for itself again, and of those that came with it. */
export async function letGo(tx: Tx, alert: AlertRow): Promise<Partial<AlertRow>> {
  const root = alert.root_id as string;
  await putUnder(tx, below(alert.id, await membersOf(tx, root)), alert.id);
  tx.changed({ kind: 'alert', subject: root, data: { unmerged: alert.id } });
  return { merged_into: null, root_id: null, open_key: alert.open_key ?? (await freeKey(tx, alert)) };
}

/**
 * What other boxes reported and the gateway itself put under the alert becomes one alert of its own, the earliest of them standing
 * for the rest; what a person merged stays.
 */
export async function letGoOthers(tx: Tx, root: AlertRow, actor: Actor): Promise<void> {
  const members = await membersOf(tx, root.id);
  const others = members.filter(
    (row) =>
      row.merged_into === root.id &&
      row.verdict_by === 'system' &&
      (row.site !== root.site || row.agent !== root.agent),
  );
  const [first, ...rest] = others;
  if (first === undefined) return;
  const fresh = {
    state: 'new',
    merged_into: null,
    root_id: null,
    verdict_by: null,
    verdict_at: null,
  } as const;
  await tx.db
    .updateTable('alerts')
    .set({ ...fresh, version: first.version + 1, updated_at: tx.at })
    .where('id', '=', first.id)
    .execute();
  const under = others.flatMap((row) => below(row.id, members));
  await putUnder(tx, [...rest, ...under], first.id);
  for (const { id } of rest)
    await tx.db.updateTable('alerts').set({ merged_into: first.id }).where('id', '=', id).execute();
  tx.audit({
    ...authorOf(actor),
    action: 'alert.left_open',
    subject: `alert:${first.id}`,
    before: { state: 'merged', into: root.id },
    after: { state: 'new' },
  });
  tx.changed({ kind: 'alert', subject: first.id, data: { state: 'new' } });
}

function mayBeMerged(alert: AlertRow, actor: Actor, at: number): void {
  if (alert.state === 'merged')
    throw new Refusal('conflict', `the alert is part of ${alert.merged_into} already; take that back first`);
  if (alert.state === 'confirmed')
    throw new Refusal(
      'conflict',
      'the alert has a ticket of its own; cancel that, or merge the other alert into this one',
    );
  if (!UNJUDGED.includes(alert.state)) throw new Refusal('conflict', `the alert is ${alert.state} already`);
  if (alert.state === 'claimed' && alert.claimed_by !== actor.name && (alert.claim_until ?? 0) > at)
    throw new Refusal('conflict', `the alert is with ${alert.claimed_by}`);
}

async function mayTakeIn(tx: Tx, target: AlertRow): Promise<void> {
  if (target.state === 'merged')
    throw new Refusal('conflict', `into: that alert is part of ${target.root_id}; merge into that one`);
  if (UNJUDGED.includes(target.state)) return;
  if (target.state === 'rejected') throw new Refusal('conflict', 'into: that alert was rejected');
  const ticket = await tx.db
    .selectFrom('tickets')
    .select(['number', 'state'])
    .where('id', '=', target.ticket_id)
    .executeTakeFirst();
  if (ticket === undefined || ticket.state === 'closed' || ticket.state === 'cancelled')
    throw new Refusal('conflict', `into: ticket ${ticket?.number} of that alert is ${ticket?.state}`);
}

function oneSurrounding(alert: AlertRow, target: AlertRow): void {
  if (hasCamera(alert) && hasCamera(target) && alert.site !== target.site)
    throw new Refusal('invalid', `into: that alert is of another site, ${target.site}`);
  const [from, to] = [positionOf(alert), positionOf(target)];
  const metres = from === null || to === null ? 0 : metresBetween(from, to);
  if (metres > FARTHEST_M)
    throw new Refusal('invalid', `into: that alert is ${Math.round(metres)} m away; at most ${FARTHEST_M} m`);
}
