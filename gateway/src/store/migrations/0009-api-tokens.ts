/** Tokens with which other programs use the API. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'api_tokens', {
    id: 'text!',
    name: 'text',
    token_hash: 'text',
    scopes: 'text',
    unit_id: 'text?',
    created_at: 'instant',
    created_by: 'text',
    expires_at: 'instant',
    last_used_at: 'instant?',
    revoked_at: 'instant?',
  });
  await index(db, 'api_tokens', ['name'], true);
  await index(db, 'api_tokens', ['token_hash'], true);
}
