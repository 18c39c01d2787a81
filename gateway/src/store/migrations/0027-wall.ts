/** What the wall asks every few seconds, however many tickets there have been. */
import { type Kysely, sql } from 'kysely';
import { index } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await index(db, 'tickets', ['dispatched_at']);
  await index(db, 'clocks', ['kind', 'started_at']);
  await sql`create index clocks_running on clocks (kind, deadline_at) where state = 'running'`.execute(db);
  await sql`create index inspections_passed on inspections (ended_at) where result = 'pass'`.execute(db);
}
