/** A confirmed alert becomes a ticket, with the order to dispatch it, in the transaction of the verdict. */

import { newId } from '@roadwatch/contract';
import { type Actor, authorOf } from '../identity/actor.ts';
import { placeOrder } from '../orders/outbox.ts';
import type { Tx } from '../store/database.ts';
import { numberOfDay } from '../store/numbers.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { NEVER } from '../store/tables/tickets.ts';
import { openAssignment } from './assignments.ts';

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
      suspended_from: null,
      review_at: null,
      updated_at: tx.at,
      deadline_at: NEVER,
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
  const assignment = await openAssignment(tx, ticketId, unitId);
  await placeOrder(tx, {
    ticketId,
    assignmentId: assignment,
    unitId,
    kind: 'dispatch',
    at: tx.at + recallMs,
  });
}

/** `RW-20261123-000123`: the day in the tenant's time zone, and a number that begins anew each day. */
function ticketNumber(tx: Tx, timeZone: string): Promise<string> {
  return numberOfDay(tx, { prefix: 'RW', counter: 'ticket' }, timeZone);
}
