/** What commands were answered, kept for a while beside the keys that they came with. */
import type { Kysely } from 'kysely';
import { index, table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'kept_answers', {
    asked_by: 'text!',
    key: 'text!',
    request: 'text',
    answer: 'text',
    at: 'instant',
  });
  await index(db, 'kept_answers', ['at']);
}
