/** A ticket changes its state, and with it, in the same transaction, all that hangs on it. */

import { timestamp } from '@roadwatch/contract';
import type { TicketState } from '@roadwatch/contract/api';
import { closePlaces } from '../alerts/merged-group.ts';
import { endEvents } from '../clocks/notices.ts';
import { authorOf } from '../identity/actor.ts';
import { cancelOrders } from '../orders/outbox.ts';
import type { Tx } from '../store/database.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import { endExtensions } from '../tickets/extensions.ts';
import { isInRepair, isOpen } from '../tickets/machine.ts';
import { setState } from '../tickets/state.ts';
import {
  assignmentsOf,
  clocksOf,
  inspectionsOf,
  type Move,
  orderRework,
  type TransitionConfig,
} from './effects.ts';

/** Puts the ticket into a state, with all that belongs to it: its stamps, clocks, assignments, orders and alert. */
export async function moveTicket(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  to: TicketState,
  move: Move,
): Promise<void> {
  await setState(tx, ticket, to, {
    unit_id: ticket.unit_id,
    suspended_from: to === 'suspended' ? ticket.state : null,
    review_at: move.reviewAt ?? null,
    ...(move.outcome === null ? {} : { outcome: move.outcome }),
    ...(to === 'rework' && ticket.state !== 'suspended' ? { rework_reason: move.reason } : {}),
  });
  await clocksOf(tx, config, ticket, to, move);
  await inspectionsOf(tx, config, ticket, to, move);
  await endEvents(tx, ticket.id);
  if (!isInRepair(to)) await endExtensions(tx, ticket.id);
  if (to === 'rework') await orderRework(tx, ticket);
  else await cancelOrders(tx, ticket.id, 'rework');
  if (!isOpen(to) || to === 'returned') await assignmentsOf(tx, ticket.id, to, move.reason);
  if (!isOpen(to)) await closePlaces(tx, ticket.alert_id);
  tx.audit({
    ...authorOf(move.actor),
    action: `ticket.${move.command}`,
    subject: `ticket:${ticket.id}`,
    before: { state: ticket.state },
    after: {
      state: to,
      unit: ticket.unit_id,
      reason: move.reason,
      outcome: move.outcome,
      ...(move.reviewAt === undefined ? {} : { until: timestamp(move.reviewAt) }),
    },
  });
  tx.changed({ kind: 'ticket', subject: ticket.id, data: { state: to } });
  tx.changed({ kind: 'alert', subject: ticket.alert_id, data: { ticket: to } });
}
