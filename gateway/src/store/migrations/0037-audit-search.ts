/** The audit is searched by who and by what, the latest first, when it has years in it. */
import type { Kysely } from 'kysely';
import { index } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await index(db, 'audit_log', ['actor', 'seq']);
  await index(db, 'audit_log', ['action', 'seq']);
}
