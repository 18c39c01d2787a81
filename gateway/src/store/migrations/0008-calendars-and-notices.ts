/** Which time a clock counts, and who was told that it runs out. */
import { type Kysely, sql } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('clocks')
    .addColumn('counts', 'text', (column) => column.notNull().defaultTo('always'))
    .execute();
  await table(db, 'notices', {
    id: 'text!',
    ticket_id: 'text',
    clock_id: 'text',
    kind: 'text',
    percent: 'count',
    audience: 'text',
    unit_id: 'text?',
    at: 'instant',
    told_at: 'instant',
    seen_by: 'text?',
    seen_at: 'instant?',
    ended_at: 'instant?',
  });
  await index(db, 'notices', ['clock_id']);
  await sql`create index notices_open on notices (audience, at)
    where seen_at is null and ended_at is null`.execute(db);
}
