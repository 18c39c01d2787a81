/** A confirmed alert becomes a ticket, with the order to dispatch it, in the transaction of the verdict. */
import { newId } from '@roadwatch/contract';
import { type Actor, authorOf } from '../refusal.ts';
import { reserve } from '../store/counters.ts';
import type { Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';

export interface OpenedTicket {
  readonly id: string;
  readonly number: string;
  /** Until then the verdict can be taken back and nothing has left the gateway. */
  readonly recallUntil: number;
}

export async function openTicket(
  tx: Tx,
  alert: AlertRow,
  order: {
    readonly unitId: string;
    readonly note: string | null;
    readonly actor: Actor;
    readonly recallMs: number;
    readonly timeZone: string;
  },
): Promise<OpenedTicket> {
  const id = newId();
  const number = await ticketNumber(tx, order.timeZone);
  const { damage_class, site, agent, camera, latitude, longitude } = alert;
  const common = { damage_class, site, agent, camera, latitude, longitude };
  await tx.db
    .insertInto('tickets')
    .values({
      id,
      number,
      alert_id: alert.id,
      state: 'filed',
      ...common,
      unit_id: order.unitId,
      note: order.note,
      created_at: tx.at,
      created_by: order.actor.name,
      dispatched_at: null,
      accepted_at: null,
      on_site_at: null,
      made_safe_at: null,
      repaired_at: null,
      closed_at: null,
      outcome: null,
      rework_reason: null,
      review_at: null,
      suspended_from: null,
      updated_at: tx.at,
      version: 1,
    })
    .execute();
  await assign(tx, id, order.unitId, order.recallMs);
  tx.audit({
    ...authorOf(order.actor),
    action: 'ticket.opened',
    subject: `ticket:${id}`,
    after: { number, alert: alert.id, unit: order.unitId },
  });
  tx.changed({ kind: 'ticket', subject: id, data: { state: 'filed' } });
  return { id, number, recallUntil: tx.at + order.recallMs };
}

/** Gives the ticket to a unit: an assignment, and the order to send it once the recall is over. */
export async function assign(tx: Tx, ticketId: string, unitId: string, recallMs: number): Promise<void> {
  const assignment = newId();
  await tx.db
    .insertInto('assignments')
    .values({
      id: assignment,
      ticket_id: ticketId,
      unit_id: unitId,
      state: 'pending',
      created_at: tx.at,
      sent_at: null,
      ended_at: null,
      reason: null,
    })
    .execute();
  await placeOrder(tx, {
    ticketId,
    assignmentId: assignment,
    unitId,
    kind: 'dispatch',
    at: tx.at + recallMs,
  });
}

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

/** `RW-20261123-000123`: the day in the tenant's time zone, and a number that begins anew each day. */
function ticketNumber(tx: Tx, timeZone: string): Promise<string> {
  return numberOfDay(tx, { prefix: 'RW', counter: 'ticket' }, timeZone);
}

export async function numberOfDay(
  tx: Tx,
  { prefix, counter }: { readonly prefix: string; readonly counter: string },
  timeZone: string,
): Promise<string> {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
    .format(tx.at)
    .replaceAll('-', '');
  const count = await reserve(tx.db, `${counter}:${day}`);
  return `${prefix}-${day}-${String(count).padStart(6, '0')}`;
}
