/** The unit has the ticket, in its own system or on the desk: its time begins. */
import { hasCamera } from '../cameras/source.ts';
import { clockEvent, startClock } from '../clocks/clocks.ts';
import { endEvents } from '../clocks/notices.ts';
import { timesOf } from '../clocks/sla.ts';
import type { Tx } from '../store/database.ts';
import type { OutboxRow, TicketRow } from '../store/tables/tickets.ts';
import type { TransitionConfig } from './effects.ts';

/** The unit has the ticket: its time begins, and that of handing over ends. */
export async function markDispatched(tx: Tx, config: TransitionConfig, ticket: TicketRow): Promise<void> {
  await tx.db
    .updateTable('tickets')
    .set({ state: 'dispatched', dispatched_at: tx.at, updated_at: tx.at, version: ticket.version + 1 })
    .where('id', '=', ticket.id)
    .execute();
  await clockEvent(tx, ticket.id, ['handover'], { event: 'met', at: tx.at }, config.clocks.calendars);
  const times = timesOf(config.clocks, ticket.damage_class);
  // Without a camera nobody can look at the scene.
  for (const { kind, ...time } of times.filter(({ kind }) => kind !== 'scene_look' || hasCamera(ticket)))
    await startClock(tx, ticket.id, kind, time, config.clocks.calendars);
  tx.audit({
    actor: 'system',
    channel: 'gateway',
    action: 'ticket.dispatched',
    subject: `ticket:${ticket.id}`,
    after: { unit: ticket.unit_id },
  });
  tx.changed({ kind: 'ticket', subject: ticket.id, data: { state: 'dispatched' } });
}

/** The order has reached the unit. */
export async function markSent(tx: Tx, config: TransitionConfig, order: OutboxRow): Promise<void> {
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
  config: TransitionConfig,
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
