/**
 * Orders that do not reach their unit. Nobody waits for them in silence: people are told, and the ticket falls back to the
 * built-in desk, where the unit has it and its time runs, while the order to its own system is tried on or can be sent again.
 */

import type { Logger } from 'pino';
import { tellOf } from '../clocks/notices.ts';
import { handoverTime } from '../clocks/sla.ts';
import { withSystem } from '../config/channels.ts';
import type { Config } from '../config/config.ts';
import { orderOverdue } from '../orders/outbox.ts';
import type { Store, Tx } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';
import { hasReceived } from '../workflow/hand-over.ts';

const BATCH = 50;
/** What somebody must hear of; a reminder that is late is followed by the next one. */
const ORDERS: readonly OutboxRow['kind'][] = ['dispatch', 'rework', 'recall'];

type OverdueConfig = Pick<Config, 'clocks' | 'dispatch' | 'inspection' | 'units'>;

/**
 * Notes every order to a unit's own system that should have arrived by now, once, and returns how many. One for the desk is there as
 * soon as a gateway runs: after a stop it is late, which its clock says, but not undelivered.
 */
export async function noteOverdue(store: Store, config: OverdueConfig, log: Logger): Promise<number> {
  const systems = withSystem(config.units);
  if (systems.length === 0) return 0;
  const { durationMs } = handoverTime(config);
  const orders = await store.transaction(async (tx) => {
    const due = tx.db
      .selectFrom('dispatch_outbox')
      .selectAll()
      .where('state', '=', 'pending')
      .where('kind', 'in', ORDERS)
      .where('destination', 'in', systems)
      .where('created_at', '<=', tx.at - durationMs)
      .where('overdue_at', 'is', null)
      .orderBy('created_at')
      .limit(BATCH);
    const rows = await tx.lockedOrSkipped(due).execute();
    for (const row of rows) {
      await orderOverdue(tx, row.id, row.created_at + durationMs);
      await undelivered(tx, config, row, row.last_error ?? 'no answer yet');
    }
    return rows;
  });
  for (const { ticket_id: ticket, destination, kind, attempts, last_error } of orders)
    log.warn({ ticket, destination, kind, attempts, reason: last_error }, 'order overdue');
  return orders.length;
}

/** The unit's own system has not got it, or will not: in the transaction that notes so. */
export async function undelivered(
  tx: Tx,
  config: OverdueConfig,
  order: OutboxRow,
  reason: string,
): Promise<void> {
  if (!ORDERS.includes(order.kind)) return;
  if (order.kind === 'dispatch' && (await hasReceived(tx, config, order)))
    tx.audit({
      actor: 'system',
      channel: 'gateway',
      action: 'ticket.fell_back',
      subject: `ticket:${order.ticket_id}`,
      after: { unit: order.destination, reason },
    });
  await tellOf(tx, config, order.ticket_id, 'undelivered', reason);
}
