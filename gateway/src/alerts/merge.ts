/** An operator says that two alerts are one thing, or takes that back. */

import { hasCamera } from '../cameras/source.ts';
import { metresBetween } from '../geo/distance.ts';
import { positionOf } from '../geo/position.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { leasesOf } from '../queue/lease.ts';
import { Refusal } from '../refusal.ts';
import type { Transactions, Tx } from '../store/database.ts';
import type { AlertLeaseRow, AlertRow } from '../store/tables/alerts.ts';
import { commandAlert, saveStanding, verdictBy } from './command.ts';
import { checkCommand, TRANSITIONS, UNDECIDED } from './machine.ts';
import { descendantsOf, freeKey, MAX_GROUP, membersOf, setParent, setRoot } from './merged-group.ts';

/** Whatever two cameras see from one place is not further apart than this. */
const FARTHEST_M = 500;

/**
 * From now on the alert is part of `into`, with all that was merged into it before: one entry of the queue, one ticket. Classes
 * may differ, for one thing is often reported under two; each keeps its own.
 */
export async function mergeAlert(store: Transactions, id: string, into: string, actor: Actor): Promise<void> {
  if (id === into) throw new Refusal('merge_itself', 'into: an alert cannot be merged into itself');
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('alerts').selectAll().where('id', 'in', [id, into]).orderBy('id');
    const rows = await tx.locked(query).execute();
    const alert = rows.find((row) => row.id === id);
    const target = rows.find((row) => row.id === into);
    if (alert === undefined) throw new Refusal('alert_unknown', `there is no alert ${id}`);
    if (target === undefined) throw new Refusal('merge_target_unknown', `into: there is no alert ${into}`);
    mayBeMerged(alert, actor, (await leasesOf(tx.db, [id], tx.at)).get(id));
    await mayTakeIn(tx, target);
    oneSurrounding(alert, target);
    const members = await membersOf(tx, id);
    const size = members.length + (await membersOf(tx, into)).length + 2;
    if (size > MAX_GROUP)
      throw new Refusal('merge_group_full', `more than ${MAX_GROUP} alerts cannot be merged into one`);
    await saveStanding(tx, alert, {
      state: 'merged',
      ...verdictBy(tx, actor),
      merged_into: into,
      root_id: into,
    });
    await setRoot(tx, members, into);
    tx.audit({
      ...authorOf(actor),
      action: TRANSITIONS.merge.action,
      subject: `alert:${id}`,
      before: { state: alert.state },
      after: { state: 'merged', into },
    });
    tx.changed({ kind: 'alert', subject: into, data: { state: target.state } });
  });
}

/** Somebody says that it is not the same after all: it waits again. */
export function unmergeAlert(store: Transactions, id: string, actor: Actor): Promise<void> {
  return commandAlert(store, id, 'unmerge', actor, async (tx, alert) => ({
    state: 'new',
    ...(await unmerge(tx, alert)),
  }));
}

/** A merged alert stands for itself again, and for those that came with it. Returns its place for further detections. */
export async function unmerge(tx: Tx, alert: AlertRow): Promise<Pick<AlertRow, 'open_key'>> {
  const root = alert.root_id as string;
  await setRoot(tx, descendantsOf(alert.id, await membersOf(tx, root)), alert.id);
  tx.changed({ kind: 'alert', subject: root, data: { unmerged: alert.id } });
  return { open_key: alert.open_key ?? (await freeKey(tx, alert)) };
}

/**
 * What other boxes reported and the gateway itself put under the alert becomes one alert of its own, the earliest of them standing
 * for the rest; what a person merged stays.
 */
export async function unmergeOtherBoxes(tx: Tx, root: AlertRow, actor: Actor): Promise<void> {
  const members = await membersOf(tx, root.id);
  const others = members.filter(
    (row) =>
      row.merged_into === root.id &&
      row.verdict_by === 'system' &&
      (row.site !== root.site || row.agent !== root.agent),
  );
  const [first, ...rest] = others;
  if (first === undefined) return;
  await saveStanding(tx, first, { state: TRANSITIONS.leave_open.to });
  await setRoot(tx, [...rest, ...others.flatMap((row) => descendantsOf(row.id, members))], first.id);
  await setParent(tx, rest, first.id);
  tx.audit({
    ...authorOf(actor),
    action: TRANSITIONS.leave_open.action,
    subject: `alert:${first.id}`,
    before: { state: 'merged', into: root.id },
    after: { state: 'new' },
  });
}

function mayBeMerged(alert: AlertRow, actor: Actor, lease: AlertLeaseRow | undefined): void {
  if (alert.state === 'merged')
    throw new Refusal(
      'alert_merged',
      `the alert is part of ${alert.merged_into} already; take that back first`,
    );
  if (alert.state === 'confirmed')
    throw new Refusal(
      'alert_has_ticket',
      'the alert has a ticket of its own; cancel that, or merge the other alert into this one',
    );
  checkCommand(alert, 'merge', actor.name, lease);
}

async function mayTakeIn(tx: Tx, target: AlertRow): Promise<void> {
  if (target.state === 'merged')
    throw new Refusal(
      'merge_target_merged',
      `into: that alert is part of ${target.root_id}; merge into that one`,
    );
  if (UNDECIDED.includes(target.state)) return;
  if (target.state === 'rejected')
    throw new Refusal('merge_target_rejected', 'into: that alert was rejected');
  const ticket = await tx.db
    .selectFrom('tickets')
    .select(['number', 'state'])
    .where('id', '=', target.ticket_id)
    .executeTakeFirst();
  if (ticket === undefined || ticket.state === 'closed' || ticket.state === 'cancelled')
    throw new Refusal(
      'merge_target_over',
      `into: ticket ${ticket?.number} of that alert is ${ticket?.state}`,
    );
}

function oneSurrounding(alert: AlertRow, target: AlertRow): void {
  if (hasCamera(alert) && hasCamera(target) && alert.site !== target.site)
    throw new Refusal('merge_other_site', `into: that alert is of another site, ${target.site}`);
  const [from, to] = [positionOf(alert), positionOf(target)];
  const metres = from === null || to === null ? 0 : metresBetween(from, to);
  if (metres > FARTHEST_M)
    throw new Refusal(
      'merge_too_far',
      `into: that alert is ${Math.round(metres)} m away; at most ${FARTHEST_M} m`,
    );
}
