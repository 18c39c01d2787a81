/** The unit has the ticket, in its own system or on the desk: its time begins. */
import { hasCamera } from '../cameras/source.ts';
import { endEvents } from '../clocks/notices.ts';
import { timesOf } from '../clocks/sla.ts';
import { dismissOrder, orderSent } from '../orders/outbox.ts';
import type { Tx } from '../store/database.ts';
import type { OutboxRow, TicketRow } from '../store/tables/tickets.ts';
import { assignmentReceived } from '../tickets/assignments.ts';
import { setState } from '../tickets/state.ts';
import type { TransitionConfig } from './effects.ts';
import { beginClock, moveClocks } from './ticket-clocks.ts';

/** The unit has the ticket: its time begins, and that of handing over ends. */
async function markDispatched(tx: Tx, config: TransitionConfig, ticket: TicketRow): Promise<void> {
  const { calendars } = config.clocks;
  await setState(tx, ticket, 'dispatched');
  await moveClocks(tx, ticket.id, ['handover'], 'met', calendars);
  // Without a camera nobody can look at the scene.
  for (const time of timesOf(config.clocks, ticket.damage_class))
    if (time.kind !== 'scene_look' || hasCamera(ticket)) await beginClock(tx, ticket.id, time, calendars);
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
  await orderSent(tx, order);
  await endEvents(tx, order.ticket_id, ['undelivered']);
  if (order.kind === 'dispatch') await hasReceived(tx, config, order);
}

/**
 * An order that was given up is let go: whoever does that has told the unit in another way, so that the ticket is with it, and can be
 * taken back or sent on as any other. Returns the order; null when none of that id had been given up.
 */
export async function orderLetGo(tx: Tx, config: TransitionConfig, id: string): Promise<OutboxRow | null> {
  const order = await dismissOrder(tx, id);
  if (order === null) return null;
  await endEvents(tx, order.ticket_id, ['undelivered']);
  if (order.kind === 'dispatch') await hasReceived(tx, config, order);
  return order;
}

/**
 * The unit has the ticket, in its own system or on the desk: from now on its time runs. Returns whether it had not before.
 */
export async function hasReceived(
  tx: Tx,
  config: TransitionConfig,
  order: Pick<OutboxRow, 'assignment_id' | 'ticket_id'>,
): Promise<boolean> {
  const isNew = await assignmentReceived(tx, order.assignment_id);
  const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', order.ticket_id);
  const ticket = await tx.locked(query).executeTakeFirstOrThrow();
  if (ticket.state === 'filed' && isNew) await markDispatched(tx, config, ticket);
  return isNew;
}
