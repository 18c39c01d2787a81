/** Which unit has a ticket: one assignment after the other, at most one of them not ended. */
import { newId } from '@roadwatch/contract';
import type { Tx } from '../store/database.ts';
import type { AssignmentRow } from '../store/tables/tickets.ts';

/** Returns the id of the new one. */
export async function openAssignment(tx: Tx, ticketId: string, unitId: string): Promise<string> {
  const id = newId();
  await tx.db
    .insertInto('assignments')
    .values({
      id,
      ticket_id: ticketId,
      unit_id: unitId,
      state: 'pending',
      created_at: tx.at,
      sent_at: null,
      ended_at: null,
      reason: null,
    })
    .execute();
  return id;
}

/** Its unit has received it. Returns whether it had not before. */
export async function assignmentReceived(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('assignments')
    .set({ state: 'sent', sent_at: tx.at })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function endAssignments(
  tx: Tx,
  ticketId: string,
  state: Extract<AssignmentRow['state'], 'returned' | 'recalled' | 'done'>,
  reason: string | null,
): Promise<void> {
  await tx.db
    .updateTable('assignments')
    .set({ state, ended_at: tx.at, reason })
    .where('ticket_id', '=', ticketId)
    .where('ended_at', 'is', null)
    .execute();
}

/** The id of the one that has not ended; null when no unit has the ticket. */
export async function presentAssignment(tx: Tx, ticketId: string): Promise<string | null> {
  const row = await tx.db
    .selectFrom('assignments')
    .select('id')
    .where('ticket_id', '=', ticketId)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row?.id ?? null;
}
