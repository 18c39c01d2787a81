/** What a change of state means for the clocks, inspections, assignments and orders of a ticket. */
import { CLOCK_KINDS, type ClockKind, type TicketCommand, type TicketState } from '@roadwatch/contract/api';
import { hasCamera } from '../cameras/source.ts';
import { type ClockTime, reviewTime, reworkTime, suspensionTime } from '../clocks/sla.ts';
import type { Config } from '../config/config.ts';
import type { Actor } from '../identity/actor.ts';
import { cancelInspections, scheduleInspection } from '../inspections/inspections.ts';
import { cancelOrders, placeOrder } from '../orders/outbox.ts';
import type { Tx } from '../store/database.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import { endAssignments, presentAssignment } from '../tickets/assignments.ts';
import { isOpen } from '../tickets/machine.ts';
import { beginClock, moveClocks, type TicketEvent } from './ticket-clocks.ts';

export type TransitionConfig = Pick<Config, 'clocks' | 'dispatch' | 'inspection'>;

const MINUTE_MS = 60_000;

/** What counts until the road is whole; it stands still while the ticket is suspended. */
const REPAIR = ['resolution', 'rework'] as const;

export interface Move {
  readonly actor: Actor;
  readonly command: TicketCommand | 'recalled';
  readonly reason: string | null;
  readonly outcome: string | null;
  /** Of a suspension: when somebody looks at it again. */
  readonly reviewAt?: number;
}

/** What a change of state means for the clocks, in the same transaction. */
export async function clocksOf(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  to: TicketState,
  move: Pick<Move, 'reviewAt'>,
): Promise<void> {
  const { clocks } = config;
  const on = (event: TicketEvent, kinds: readonly ClockKind[]) =>
    moveClocks(tx, ticket.id, kinds, event, clocks.calendars);
  const start = (time: ClockTime) => beginClock(tx, ticket.id, time, clocks.calendars);
  if (ticket.state === 'suspended') {
    await on('resumed', REPAIR);
    await on('met', ['suspension']);
  }
  switch (to) {
    case 'accepted':
    case 'on_site':
    case 'made_safe':
      return on('met', ['response']);
    case 'returned':
      return on('cancelled', ['response', 'scene_look', 'rework']);
    case 'repaired':
      await on('met', ['response', ...REPAIR]);
      await on('cancelled', ['scene_look']);
      // Otherwise it is judged once the camera has looked.
      if (!isInspected(config, ticket)) await start(reviewTime(clocks, ticket.damage_class));
      return;
    case 'inspecting':
      return on('cancelled', ['review']);
    case 'rework':
      if (ticket.state === 'suspended') return;
      await on('met', ['review']);
      await on('reopened', ['resolution']);
      return start(reworkTime(clocks, ticket.damage_class));
    case 'closed':
      return on('met', ['review']);
    case 'filed':
      return on('cancelled', ['response', 'scene_look', 'rework']);
    case 'suspended':
      await on('paused', REPAIR);
      // No crew is looked for meanwhile.
      await on('cancelled', ['scene_look']);
      return start(suspensionTime(tx.at, move.reviewAt ?? tx.at));
    case 'cancelled':
      return on('cancelled', CLOCK_KINDS);
    default:
      return;
  }
}

/** Whether the camera looks by itself once the repair is reported. */
function isInspected({ inspection }: TransitionConfig, ticket: TicketRow): boolean {
  return inspection.automatic && hasCamera(ticket);
}

export async function inspectionsOf(
  tx: Tx,
  config: TransitionConfig,
  ticket: TicketRow,
  to: TicketState,
  { actor }: Move,
): Promise<void> {
  const by = actor.name;
  const { inspection } = config;
  if (to === 'repaired' && isInspected(config, ticket))
    await scheduleInspection(tx, ticket.id, inspection, {
      at: tx.at + inspection.afterMinutes * MINUTE_MS,
      by,
    });
  if (to === 'inspecting') await scheduleInspection(tx, ticket.id, inspection, { at: tx.at, by });
  if (to === 'rework' || !isOpen(to)) await cancelInspections(tx, ticket.id);
}

/** No unit has it any more; whoever has, or may have, received the order is told so. */
export async function assignmentsOf(
  tx: Tx,
  ticketId: string,
  to: TicketState,
  reason: string | null,
): Promise<void> {
  const state = to === 'returned' ? 'returned' : to === 'closed' ? 'done' : 'recalled';
  await endAssignments(tx, ticketId, state, reason);
  if (state === 'recalled') await orderRecalls(tx, ticketId);
  await cancelOrders(tx, ticketId, 'dispatch');
}

/** The unit's own system hears that the repair did not hold; on the desk it is there to be seen. */
export async function orderRework(tx: Tx, { id: ticketId, unit_id: unitId }: TicketRow): Promise<void> {
  const assignmentId = await presentAssignment(tx, ticketId);
  if (assignmentId !== null)
    await placeOrder(tx, { ticketId, assignmentId, unitId, kind: 'rework', at: tx.at });
}

/** Whoever has, or may have, received the order is told that it no longer holds. */
async function orderRecalls(tx: Tx, ticketId: string): Promise<void> {
  const orders = await tx.db
    .selectFrom('dispatch_outbox')
    .innerJoin('assignments', 'assignments.id', 'dispatch_outbox.assignment_id')
    .selectAll('dispatch_outbox')
    .where('dispatch_outbox.ticket_id', '=', ticketId)
    .where('dispatch_outbox.kind', '=', 'dispatch')
    .where('dispatch_outbox.attempts', '>', 0)
    .where('assignments.state', '=', 'recalled')
    .where('assignments.ended_at', '=', tx.at)
    .execute();
  for (const { assignment_id: assignmentId, destination: unitId, state, next_attempt_at } of orders) {
    // An order that is under way must not arrive after its recall.
    const at = state === 'pending' ? next_attempt_at : tx.at;
    await placeOrder(tx, { ticketId, assignmentId, unitId, kind: 'recall', at });
  }
}
