/** Looks of the camera at a place after its repair. */
import { type Kysely, sql } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'inspections', {
    id: 'text!',
    ticket_id: 'text',
    state: 'text',
    result: 'text?',
    reason: 'text?',
    looked: 'count?',
    seen: 'count?',
    score: 'real?',
    evidence: 'text',
    command_id: 'text?',
    attempts: 'count',
    max_attempts: 'count',
    retry_ms: 'count',
    due_at: 'instant?',
    requested_at: 'instant',
    requested_by: 'text',
    ended_at: 'instant?',
  });
  await index(db, 'inspections', ['ticket_id']);
  await index(db, 'inspections', ['command_id']);
  await sql`create index inspections_due_at on inspections (due_at) where due_at is not null`.execute(db);
}
