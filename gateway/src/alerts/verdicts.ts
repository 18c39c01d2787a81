/** What an operator does with an alert. Every verdict can be taken back; a confirmation only until its ticket has left. */
import type { Config } from '../config/config.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { AlertRow, AlertState } from '../store/tables/alerts.ts';
import { letGo, letGoOthers } from './merge.ts';
import { closePlaces } from './merged-group.ts';
/** Why an alert is rejected; the reasons become labels for training. */
export const REJECT_REASONS = [
  'no_damage',
  'repaired_already',
  'manhole_or_patch',
  'shadow_or_water',
  'object_on_road',
  'marking',
  'too_small',
  'other',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export type JudgeConfig = Pick<
  Config,
  'alerts' | 'clocks' | 'dispatch' | 'inspection' | 'defaultUnit' | 'units' | 'areas' | 'timeZone'
>;
export const OPEN: readonly AlertState[] = ['new', 'claimed', 'shelved'];
export const VERDICTS: readonly AlertState[] = ['confirmed', 'rejected', 'shelved', 'merged'];

/** Holds the alert for one operator for a while, so that two do not judge the same. Claiming one's own again renews it. */
export function claimAlert(store: Store, config: JudgeConfig, id: string, actor: Actor): Promise<void> {
  return judge(store, id, actor, 'alert.claimed', ['new', 'claimed'], async (tx, alert) => {
    if (heldByOther(alert, actor, tx.at))
      throw new Refusal('conflict', `the alert is with ${alert.claimed_by}`);
    return {
      state: 'claimed',
      claimed_by: actor.name,
      claim_until: tx.at + config.alerts.claimSeconds * 1000,
    };
  });
}

export function releaseAlert(store: Store, id: string, actor: Actor): Promise<void> {
  return judge(store, id, actor, 'alert.released', ['claimed'], async (tx, alert) => {
    if (heldByOther(alert, actor, tx.at))
      throw new Refusal('conflict', `the alert is with ${alert.claimed_by}`);
    return { state: 'new', claimed_by: null, claim_until: null };
  });
}

/**
 * Closes the matter for the box that is judged: a new detection at the place makes a new alert. What another box reported and the
 * gateway took for the same thing by itself is not judged with it, and waits in the queue as an alert of its own.
 */
export function rejectAlert(
  store: Store,
  id: string,
  { reason, note }: { readonly reason: RejectReason; readonly note?: string },
  actor: Actor,
): Promise<void> {
  return judge(store, id, actor, 'alert.rejected', [...OPEN, 'merged'], async (tx, alert) => {
    if (heldByOther(alert, actor, tx.at))
      throw new Refusal('conflict', `the alert is with ${alert.claimed_by}`);
    // A part that is rejected leaves what it was part of as it is.
    const apart = alert.state === 'merged' ? await letGo(tx, alert) : {};
    await letGoOthers(tx, alert, actor);
    await closePlaces(tx, id);
    return { ...apart, ...verdict(tx, actor, 'rejected'), open_key: null, reason, note: note ?? null };
  });
}

/** Out of the queue until an instant, with the reason; it comes back by itself. */
export function shelveAlert(
  store: Store,
  id: string,
  { until, reason }: { readonly until: number; readonly reason: string },
  actor: Actor,
): Promise<void> {
  return judge(store, id, actor, 'alert.shelved', ['new', 'claimed'], async (tx) => {
    if (until <= tx.at) throw new Refusal('invalid', 'until: lies in the past');
    return { ...verdict(tx, actor, 'shelved'), shelved_until: until, reason };
  });
}

/** Alerts whose shelf time is over, and claims that have lapsed, go back into the queue. Returns how many. */
export function returnAlerts(store: Store): Promise<number> {
  return store.transaction(async (tx) => {
    const due = tx.db
      .selectFrom('alerts')
      .selectAll()
      .where((where) =>
        where.or([
          where.and([where('state', '=', 'shelved'), where('shelved_until', '<=', tx.at)]),
          where.and([where('state', '=', 'claimed'), where('claim_until', '<=', tx.at)]),
        ]),
      )
      .limit(500);
    const rows = await tx.lockedOrSkipped(due).execute();
    const fresh = { state: 'new', shelved_until: null, claimed_by: null, claim_until: null } as const;
    for (const alert of rows) {
      await write(tx, alert, { ...fresh, reason: null, verdict_by: null, verdict_at: null });
      const entry = { actor: 'system', channel: 'gateway', subject: `alert:${alert.id}` };
      if (alert.state === 'shelved') tx.audit({ ...entry, action: 'alert.unshelved' });
    }
    return rows.length;
  });
}

export function heldByOther(alert: AlertRow, actor: Actor, at: number): boolean {
  return alert.state === 'claimed' && alert.claimed_by !== actor.name && (alert.claim_until ?? 0) > at;
}

export function verdict(tx: Tx, actor: Actor, state: AlertState): Partial<AlertRow> {
  return { state, verdict_by: actor.name, verdict_at: tx.at, claimed_by: null, claim_until: null };
}

export async function judge(
  store: Store,
  id: string,
  actor: Actor,
  action: string,
  from: readonly AlertState[],
  decide: (tx: Tx, alert: AlertRow) => Promise<Partial<AlertRow>>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('alerts').selectAll().where('id', '=', id);
    const alert = await tx.locked(query).executeTakeFirst();
    if (alert === undefined) throw new Refusal('not_found', `there is no alert ${id}`);
    if (!from.includes(alert.state)) throw new Refusal('conflict', `the alert is ${alert.state} already`);
    const set = await decide(tx, alert);
    await write(tx, alert, set);
    tx.audit({
      ...authorOf(actor),
      action,
      subject: `alert:${id}`,
      before: { state: alert.state },
      after: { state: set.state, reason: set.reason ?? undefined },
    });
  });
}

async function write(tx: Tx, alert: AlertRow, set: Partial<AlertRow>): Promise<void> {
  await tx.db
    .updateTable('alerts')
    .set({ ...set, version: alert.version + 1, updated_at: tx.at })
    .where('id', '=', alert.id)
    .execute();
  tx.changed({ kind: 'alert', subject: alert.id, data: { state: set.state ?? alert.state } });
}
