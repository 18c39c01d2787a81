/**
 * Sends what the outbox orders, once the recall is over. Orders are written in the transaction of the decision that caused
 * them, so nothing is sent that was not decided, and nothing decided is forgotten.
 */
import type { Logger } from 'pino';
import { endEvents } from '../clocks/notices.ts';
import type { Config, UnitConfig } from '../config/config.ts';
import type { Store, Tx } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';
import { markDispatched } from '../workflow/commands.ts';

const BATCH = 50;

type DispatchConfig = Pick<Config, 'clocks' | 'dispatch' | 'inspection' | 'units'>;

/**
 * Carries out every order that is due by now and whose unit has no system of its own: such units work on the built-in desk, and
 * to have it there is to have received it. Returns how many.
 */
export async function dispatchDue(store: Store, config: DispatchConfig, log: Logger): Promise<number> {
  const systems = config.units.filter(hasSystem).map((unit) => unit.id);
  for (let sent = 0; ; ) {
    const orders = await store.transaction(async (tx) => {
      let due = tx.db
        .selectFrom('dispatch_outbox')
        .selectAll()
        .where('state', '=', 'pending')
        .where('next_attempt_at', '<=', tx.at)
        .orderBy('next_attempt_at')
        .limit(BATCH);
      if (systems.length > 0) due = due.where('destination', 'not in', systems);
      const rows = await tx.lockedOrSkipped(due).execute();
      for (const row of rows) await markSent(tx, config, { ...row, attempts: row.attempts + 1 });
      return rows;
    });
    for (const { ticket_id: ticket, destination, kind } of orders)
      log.info({ ticket, destination, kind }, 'order handed to the desk');
    sent += orders.length;
    if (orders.length < BATCH) return sent;
  }
}

/** Whether the unit has a system of its own that orders are sent to. */
export function hasSystem({ webhook, open311, mail }: UnitConfig): boolean {
  return webhook !== undefined || open311 !== undefined || mail !== undefined;
}

/** The order has reached the unit. */
export async function markSent(tx: Tx, config: DispatchConfig, order: OutboxRow): Promise<void> {
  await tx.db
    .updateTable('dispatch_outbox')
    .set({ state: 'sent', attempts: order.attempts, sent_at: tx.at, last_error: null })
    .where('id', '=', order.id)
    .execute();
  await endEvents(tx, order.ticket_id, ['undelivered']);
  if (order.kind === 'dispatch') await hasReceived(tx, config, order);
}

/**
 * The unit has the ticket, in its own system or on the desk: from now on its time runs. Returns whether it had not before.
 */
export async function hasReceived(
  tx: Tx,
  config: DispatchConfig,
  order: Pick<OutboxRow, 'assignment_id' | 'ticket_id'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('assignments')
    .set({ state: 'sent', sent_at: tx.at })
    .where('id', '=', order.assignment_id)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', order.ticket_id);
  const ticket = await tx.locked(query).executeTakeFirstOrThrow();
  if (ticket.state === 'filed' && numUpdatedRows > 0n) await markDispatched(tx, config, ticket);
  return numUpdatedRows > 0n;
}
