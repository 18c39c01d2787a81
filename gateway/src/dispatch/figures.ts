/** How many orders have not reached their units, for the monitoring. */
import type { TicketState } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables/index.ts';

/** While a ticket is in one of these, nothing shows that its unit knows. */
const UNHEARD: readonly TicketState[] = ['filed', 'dispatched', 'rework'];

export interface OrderFigures {
  /** Not sent yet, or tried again. */
  readonly waiting: number;
  /** Of those the ones that should have arrived. */
  readonly overdue: number;
  /** Given up, and the unit has done nothing since that would show that it knows. */
  readonly dead: number;
}

export async function orderFigures(db: Kysely<Tables>): Promise<OrderFigures> {
  const pending = await db
    .selectFrom('dispatch_outbox')
    .select([sql<number>`count(*)`.as('waiting'), sql<number>`count(overdue_at)`.as('overdue')])
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  const dead = await db
    .selectFrom('tickets')
    .innerJoin('dispatch_outbox', 'dispatch_outbox.ticket_id', 'tickets.id')
    .innerJoin('assignments', 'assignments.id', 'dispatch_outbox.assignment_id')
    .select(sql<number>`count(*)`.as('count'))
    .where('tickets.state', 'in', UNHEARD)
    .where('dispatch_outbox.state', '=', 'dead')
    .where('dispatch_outbox.kind', 'in', ['dispatch', 'rework'])
    .where('assignments.ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return {
    waiting: Number(pending.waiting),
    overdue: Number(pending.overdue),
    dead: Number(dead.count),
  };
}
