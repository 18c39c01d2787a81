/** The deadline of a ticket that comes next, kept in its row: by it lists are ordered, and by it a ticket is overdue. */
import { sql } from 'kysely';
import type { Tx } from '../store/database.ts';
import { NEVER } from '../store/tables/tickets.ts';

/** Nobody is late with a look at the scene, so that one is not a deadline. */
const NEXT = sql<number>`coalesce((
  select min(clocks.deadline_at) from clocks
  where clocks.ticket_id = tickets.id and clocks.state = 'running' and clocks.kind <> 'scene_look'
), ${sql.lit(NEVER)})`;

/** After whatever has happened to a clock of the ticket. */
export async function keepNextDeadline(tx: Tx, ticketId: string): Promise<void> {
  await tx.db.updateTable('tickets').set({ deadline_at: NEXT }).where('id', '=', ticketId).execute();
}

/** Of all tickets, where their rows come from a gateway that did not keep it. */
export async function keepNextDeadlines(tx: Tx): Promise<void> {
  await tx.db.updateTable('tickets').set({ deadline_at: NEXT }).where('closed_at', 'is', null).execute();
}
