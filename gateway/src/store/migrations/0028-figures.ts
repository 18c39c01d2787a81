/** What the figures of a period are read by: tickets and alerts at each of their steps, deadlines, and damage that came back. */
import { type Kysely, sql } from 'kysely';
import { index } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await index(db, 'alerts', ['verdict_at', 'id']);
  await sql`create index alerts_recurrence_of on alerts (recurrence_of) where recurrence_of is not null`.execute(
    db,
  );
  await index(db, 'tickets', ['dispatched_at', 'id']);
  await index(db, 'tickets', ['repaired_at', 'id']);
  await index(db, 'tickets', ['closed_at', 'id']);
  await index(db, 'clocks', ['kind', 'deadline_at', 'id']);
}
