/** The next deadline of a ticket stands in its row, so that a list can begin with the one that runs out first. */
import { type Kysely, sql } from 'kysely';
import { NEVER } from '../tables/tickets.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tickets')
    .addColumn('deadline_at', 'bigint', (column) => column.notNull().defaultTo(NEVER))
    .execute();
  await sql`update tickets set deadline_at = coalesce((
    select min(clocks.deadline_at) from clocks
    where clocks.ticket_id = tickets.id and clocks.state = 'running' and clocks.kind <> 'scene_look'
  ), ${sql.lit(NEVER)})`.execute(db);
  await sql`create index tickets_open on tickets (deadline_at, id) where closed_at is null`.execute(db);
}
