/** What people report: each is an alert without a camera, and what they said about it. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'citizen_reports', {
    alert_id: 'text!',
    number: 'text',
    token_id: 'text',
    idempotency_key: 'text?',
    description: 'text?',
    address: 'text?',
    media_url: 'text?',
    attributes: 'text',
    created_at: 'instant',
  });
  await index(db, 'citizen_reports', ['number'], true);
  await index(db, 'citizen_reports', ['token_id', 'idempotency_key'], true);
  await index(db, 'citizen_reports', ['created_at']);
}
