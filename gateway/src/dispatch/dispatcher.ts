/**
 * Sends what the outbox orders, once the recall is over. Orders are written in the transaction of the decision that caused
 * them, so nothing is sent that was not decided, and nothing decided is forgotten.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Store, Tx } from '../store/database.ts';
import type { OutboxRow } from '../store/tables.ts';
import { markDispatched } from '../tickets/transition.ts';

const BATCH = 50;

/** Carries out every order that is due by now and returns how many. */
export async function dispatchDue(
  store: Store,
  config: Pick<Config, 'clocks' | 'dispatch'>,
  log: Logger,
): Promise<number> {
  for (let sent = 0; ; ) {
    const orders = await store.transaction(async (tx) => {
      const due = tx.db
        .selectFrom('dispatch_outbox')
        .selectAll()
        .where('state', '=', 'pending')
        .where('next_attempt_at', '<=', tx.at)
        .orderBy('next_attempt_at')
        .limit(BATCH);
      const rows = await tx.lockedOrSkipped(due).execute();
      for (const row of rows) await toDesk(tx, config, row);
      return rows;
    });
    for (const { ticket_id: ticket, destination } of orders)
      log.info({ ticket, destination }, 'ticket dispatched');
    sent += orders.length;
    if (orders.length < BATCH) return sent;
  }
}

/** Units without a system of their own work on the built-in desk: to have it there is to have received it. */
async function toDesk(tx: Tx, config: Pick<Config, 'clocks' | 'dispatch'>, order: OutboxRow): Promise<void> {
  await tx.db
    .updateTable('dispatch_outbox')
    .set({ state: 'sent', attempts: order.attempts + 1, sent_at: tx.at })
    .where('id', '=', order.id)
    .execute();
  await tx.db
    .updateTable('assignments')
    .set({ state: 'sent', sent_at: tx.at })
    .where('id', '=', order.assignment_id)
    .execute();
  const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', order.ticket_id);
  const ticket = await tx.locked(query).executeTakeFirstOrThrow();
  if (ticket.state === 'filed') await markDispatched(tx, config, ticket);
}
