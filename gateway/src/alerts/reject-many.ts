/** Several alerts that somebody has on screen are rejected for one reason; each is judged by itself, and each has its outcome. */
import type { RejectionOutcome, RejectReason } from '@roadwatch/contract/api';
import type { Actor } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Transactions, Tx } from '../store/database.ts';
import { rejectAlert } from './verdicts.ts';

/** An alert as it was on the screen. */
interface Seen {
  readonly id: string;
  readonly version: number;
}

/** In the order of `seen`. What has changed since, or cannot be rejected, stays as it is and says why. */
export function rejectMany(
  store: Transactions,
  seen: readonly Seen[],
  verdict: { readonly reason: RejectReason; readonly note?: string },
  actor: Actor,
): Promise<readonly RejectionOutcome[]> {
  return store.transaction(async (tx) => {
    const outcomes = new Map<string, RejectionOutcome>();
    // Always in this order, so that no two transactions wait for each other.
    for (const alert of seen.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
      outcomes.set(alert.id, await rejectOne(tx, alert, verdict, actor));
    return seen.map(({ id }) => outcomes.get(id) as RejectionOutcome);
  });
}

/** A refusal comes before anything is written, so what was done for the others stands. */
async function rejectOne(
  tx: Tx,
  { id, version }: Seen,
  verdict: { readonly reason: RejectReason; readonly note?: string },
  actor: Actor,
): Promise<RejectionOutcome> {
  try {
    const query = tx.db.selectFrom('alerts').selectAll().where('id', '=', id);
    const alert = await tx.locked(query).executeTakeFirst();
    if (alert !== undefined && alert.version !== version)
      throw new Refusal('alert_changed', `the alert has changed meanwhile; it is ${alert.state} now`);
    await rejectAlert(tx, id, verdict, actor);
    return { id, rejected: true, code: null, detail: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { id, rejected: false, code: error.code, detail: error.message };
  }
}
