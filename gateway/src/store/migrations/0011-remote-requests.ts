/** Assignments that units keep as requests in Open311 systems of their own. */
import { type Kysely, sql } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'remote_requests', {
    assignment_id: 'text!',
    ticket_id: 'text',
    unit_id: 'text',
    request_id: 'text?',
    token: 'text?',
    posted_at: 'instant',
    state: 'text?',
    failures: 'count',
    check_at: 'instant?',
  });
  await index(db, 'remote_requests', ['ticket_id']);
  await index(db, 'remote_requests', ['unit_id', 'request_id']);
  await sql`create index remote_requests_check_at on remote_requests (check_at) where check_at is not null`.execute(
    db,
  );
}
