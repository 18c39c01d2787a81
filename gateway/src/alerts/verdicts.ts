/** What an operator does with an alert that opens no ticket: reject it, put it off. */
import type { RejectReason } from '@roadwatch/contract/api';
import type { Actor } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Transactions } from '../store/database.ts';
import { commandAlert, saveStanding, verdictBy } from './command.ts';
import { TRANSITIONS } from './machine.ts';
import { unmerge, unmergeOtherBoxes } from './merge.ts';
import { closePlaces } from './merged-group.ts';

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

/** Alerts whose shelf time is over go back into the queue. Returns how many. */
export function returnAlerts(store: Store): Promise<number> {
  return store.transaction(async (tx) => {
    const due = tx.db
      .selectFrom('alerts')
      .selectAll()
      .where('state', '=', 'shelved')
      .where('shelved_until', '<=', tx.at)
      .limit(500);
    const rows = await tx.lockedOrSkipped(due).execute();
    for (const alert of rows) {
      await saveStanding(tx, alert, { state: TRANSITIONS.return.to });
      const subject = `alert:${alert.id}`;
      tx.audit({ actor: 'system', channel: 'gateway', subject, action: TRANSITIONS.return.action });
    }
    return rows.length;
  });
}
