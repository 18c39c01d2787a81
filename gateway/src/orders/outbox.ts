/** The outbox of orders to units: written with the decision that causes them, so that nothing is sent that was not decided, and nothing decided is forgotten. */
import { newId } from '@roadwatch/contract';
import type { Tx } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';

/** Into the outbox: sent from `at` on, as part of the decision that this transaction is. */
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
