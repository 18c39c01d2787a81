/** Evidence by age. */
import type { Kysely } from 'kysely';
import { index } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await index(db, 'evidence', ['stored_at', 'sha256']);
}
