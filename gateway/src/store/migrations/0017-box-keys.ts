/** The keys of the boxes, with what they sign and the certificates that were issued for them, and the codes that pair them. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'agent_keys', {
    key_id: 'text!',
    site: 'text',
    agent: 'text',
    certificate: 'text',
    valid_from: 'instant',
    valid_to: 'instant?',
    revoked_at: 'instant?',
  });
  await index(db, 'agent_keys', ['site', 'agent']);
  await table(db, 'agent_certificates', { serial: 'text!', key_id: 'text', not_after: 'instant' });
  await index(db, 'agent_certificates', ['key_id']);
  await table(db, 'agent_pairings', {
    site: 'text!',
    agent: 'text!',
    secret: 'text',
    expires_at: 'instant',
    key_id: 'text?',
  });
  await db.schema.alterTable('detection_messages').addColumn('key_id', 'text').execute();
}
