/** What comes back from those who repair: messages of units' systems, links for crews, their photographs. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'unit_messages', { unit_id: 'text!', message_id: 'text!', sha256: 'text', at: 'instant' });
  await index(db, 'unit_messages', ['at']);
  await table(db, 'crew_links', {
    token_hash: 'text!',
    assignment_id: 'text',
    ticket_id: 'text',
    created_at: 'instant',
    created_by: 'text',
    revoked_at: 'instant?',
  });
  await index(db, 'crew_links', ['assignment_id']);
  await table(db, 'ticket_photos', {
    id: 'text!',
    ticket_id: 'text',
    assignment_id: 'text',
    step: 'text',
    sha256: 'text',
    taken_at: 'instant',
    latitude: 'real?',
    longitude: 'real?',
    accuracy_m: 'real?',
  });
  await index(db, 'ticket_photos', ['ticket_id']);
  await index(db, 'ticket_photos', ['sha256']);
}
