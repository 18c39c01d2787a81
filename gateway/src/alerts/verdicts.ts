/** What an operator does with an alert that opens no ticket: hold it, reject it, put it off. */
import type { RejectReason } from '@roadwatch/contract/api';
import type { Config } from '../config/config.ts';
import type { Actor } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Transactions } from '../store/database.ts';
import { commandAlert, saveStanding, verdictBy } from './command.ts';
import { TRANSITIONS } from './machine.ts';
import { unmerge, unmergeOtherBoxes } from './merge.ts';
import { closePlaces } from './merged-group.ts';

/** Holds the alert for one operator for a while, so that two do not judge the same. Claiming one's own again renews it. */
export function claimAlert(
  store: Transactions,
  { alerts }: Pick<Config, 'alerts'>,
  id: string,
  actor: Actor,
): Promise<void> {
  return commandAlert(store, id, 'claim', actor, async (tx) => ({
    state: 'claimed',
    claimed_by: actor.name,
    claim_until: tx.at + alerts.claimSeconds * 1000,
  }));
}

export function releaseAlert(store: Transactions, id: string, actor: Actor): Promise<void> {
  return commandAlert(store, id, 'release', actor, async () => ({ state: 'new' }));
}

/**
 * Closes the matter for the box that is judged: a new detection at the place makes a new alert. What another box reported and the
 * gateway took for the same thing by itself is not judged with it, and waits in the queue as an alert of its own.
 */
export function rejectAlert(
  store: Transactions,
  id: string,
  { reason, note }: { readonly reason: RejectReason; readonly note?: string },
  actor: Actor,
): Promise<void> {
  return commandAlert(store, id, 'reject', actor, async (tx, alert) => {
    // A part that is rejected leaves what it was part of as it is.
    if (alert.state === 'merged') await unmerge(tx, alert);
    await unmergeOtherBoxes(tx, alert, actor);
    await closePlaces(tx, id);
    return { state: 'rejected', ...verdictBy(tx, actor), reason, note: note ?? null, open_key: null };
  });
}

/** Out of the queue until an instant, with the reason; it comes back by itself. */
export function shelveAlert(
  store: Transactions,
  id: string,
  { until, reason }: { readonly until: number; readonly reason: string },
  actor: Actor,
): Promise<void> {
  return commandAlert(store, id, 'shelve', actor, async (tx) => {
    if (until <= tx.at) throw new Refusal('shelve_past', 'until: lies in the past');
    return { state: 'shelved', ...verdictBy(tx, actor), reason, shelved_until: until };
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
    for (const alert of rows) {
      await saveStanding(tx, alert, { state: TRANSITIONS.return.to });
      const entry = { actor: 'system', channel: 'gateway', subject: `alert:${alert.id}` };
      if (alert.state === 'shelved') tx.audit({ ...entry, action: TRANSITIONS.return.action });
    }
    return rows.length;
  });
}
