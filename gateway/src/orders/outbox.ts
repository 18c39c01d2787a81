/**
 * The outbox of orders to units: written with the decision that causes them, so that nothing is sent that was not decided, and
 * nothing decided is forgotten. Whatever becomes of an order is written here.
 */
import { newId } from '@roadwatch/contract';
import type { Tx } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';

/** Sent from `at` on, as part of the decision that this transaction is. */
export async function placeOrder(
  tx: Tx,
  order: {
    readonly ticketId: string;
    readonly assignmentId: string;
    readonly unitId: string;
    readonly kind: OutboxRow['kind'];
    readonly at: number;
  },
): Promise<void> {
  await tx.db
    .insertInto('dispatch_outbox')
    .values({
      id: newId(),
      ticket_id: order.ticketId,
      assignment_id: order.assignmentId,
      destination: order.unitId,
      kind: order.kind,
      state: 'pending',
      created_at: tx.at,
      next_attempt_at: order.at,
      attempts: 0,
      last_error: null,
      sent_at: null,
      overdue_at: null,
    })
    .execute();
}

/** Orders of the kind that have not left yet are not sent. */
export async function cancelOrders(tx: Tx, ticketId: string, kind: OutboxRow['kind']): Promise<void> {
  await tx.db
    .updateTable('dispatch_outbox')
    .set({ state: 'cancelled' })
    .where('ticket_id', '=', ticketId)
    .where('kind', '=', kind)
    .where('state', '=', 'pending')
    .execute();
}

/** Which units: those of `only`, or all but those of `not`. */
type Destinations = { readonly only: readonly string[] } | { readonly not: readonly string[] };

/** Orders that are due by now, locked; what another gateway has in hand is left out. */
export function dueOrders(tx: Tx, destinations: Destinations, limit: number): Promise<OutboxRow[]> {
  let due = tx.db
    .selectFrom('dispatch_outbox')
    .selectAll()
    .where('state', '=', 'pending')
    .where('next_attempt_at', '<=', tx.at)
    .orderBy('next_attempt_at')
    .limit(limit);
  if ('only' in destinations) due = due.where('destination', 'in', destinations.only);
  else if (destinations.not.length > 0) due = due.where('destination', 'not in', destinations.not);
  return tx.lockedOrSkipped(due).execute();
}

/** For whoever sends it now. A gateway that dies meanwhile leaves it to be sent again once the lease is over. */
export async function leaseOrder(tx: Tx, order: OutboxRow, leaseMs: number): Promise<OutboxRow> {
  const lease = { attempts: order.attempts + 1, next_attempt_at: tx.at + leaseMs };
  await set(tx, order.id, lease);
  return { ...order, ...lease };
}

export function orderSent(tx: Tx, { id, attempts }: OutboxRow): Promise<void> {
  return set(tx, id, { state: 'sent', attempts, sent_at: tx.at, last_error: null });
}

/** `waitMs`: until the next attempt; null gives the order up. */
export function orderFailed(tx: Tx, id: string, error: string, waitMs: number | null): Promise<void> {
  return set(tx, id, {
    state: waitMs === null ? 'dead' : 'pending',
    last_error: error,
    next_attempt_at: tx.at + (waitMs ?? 0),
  });
}

export function orderOverdue(tx: Tx, id: string, since: number): Promise<void> {
  return set(tx, id, { overdue_at: since });
}

/** Puts a dead order back. Returns it; null when there was none. */
export async function retryOrder(tx: Tx, id: string): Promise<OutboxRow | null> {
  const query = tx.db
    .selectFrom('dispatch_outbox')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'dead');
  const order = await tx.locked(query).executeTakeFirst();
  if (order === undefined) return null;
  await set(tx, id, { state: 'pending', attempts: 0, next_attempt_at: tx.at });
  tx.changed({ kind: 'ticket', subject: order.ticket_id, data: { delivery: 'pending' } });
  return order;
}

/** A dead order is not sent any more. Returns it; null when there was none. */
export async function dismissOrder(tx: Tx, id: string): Promise<OutboxRow | null> {
  const query = tx.db
    .selectFrom('dispatch_outbox')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'dead');
  const order = await tx.locked(query).executeTakeFirst();
  if (order === undefined) return null;
  await set(tx, id, { state: 'cancelled' });
  tx.changed({ kind: 'ticket', subject: order.ticket_id, data: { delivery: 'cancelled' } });
  return order;
}

async function set(tx: Tx, id: string, columns: Partial<OutboxRow>): Promise<void> {
  await tx.db.updateTable('dispatch_outbox').set(columns).where('id', '=', id).execute();
}
