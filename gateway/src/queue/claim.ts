/** Somebody takes one particular alert before it is its turn, or gives it back. */
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Transactions, Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { type Desk, end, leasesOf, mustNotBeHeld, take, tellHolder } from './lease.ts';

/** For how long a desk has an alert unless it renews that. */
export interface LeaseRule {
  readonly claimSeconds: number;
}

/** Throws Refusal. To claim one's own again renews it, and takes it to this desk. */
export async function claimAlert(
  store: Transactions,
  { alerts }: { readonly alerts: LeaseRule },
  id: string,
  actor: Actor,
  desk: Omit<Desk, 'holder'> = { id: '', session: null },
): Promise<void> {
  await store.transaction(async (tx) => {
    const held = await waiting(tx, id, actor);
    await end(tx, [id]);
    const until = tx.at + alerts.claimSeconds * 1000;
    await take(tx, { ...desk, holder: actor.name }, [id], until);
    tellHolder(tx, [id], { holder: actor.name, until });
    if (held === undefined) tx.audit({ ...authorOf(actor), action: 'alert.claimed', subject: `alert:${id}` });
  });
}

/** Throws Refusal. */
export async function releaseAlert(store: Transactions, id: string, actor: Actor): Promise<void> {
  await store.transaction(async (tx) => {
    if ((await waiting(tx, id, actor)) === undefined) return;
    await end(tx, [id]);
    tellHolder(tx, [id], null);
    tx.audit({ ...authorOf(actor), action: 'alert.released', subject: `alert:${id}` });
  });
}

/** The lease that the person has on it, if any; the alert is locked. Throws Refusal unless it waits and nobody else has it. */
async function waiting(tx: Tx, id: string, actor: Actor) {
  const query = tx.db.selectFrom('alerts').selectAll().where('id', '=', id);
  const alert: AlertRow | undefined = await tx.locked(query).executeTakeFirst();
  if (alert === undefined) throw new Refusal('alert_unknown', `there is no alert ${id}`);
  if (alert.state !== 'new') throw new Refusal('alert_judged', `the alert is ${alert.state} already`);
  const lease = (await leasesOf(tx.db, [id], tx.at)).get(id);
  mustNotBeHeld(lease, actor.name);
  return lease;
}
