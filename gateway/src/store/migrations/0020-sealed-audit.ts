/** The audit is sealed with a key outside the store; and a store says which gateway brought it to its shape. */
import type { Kysely } from 'kysely';
import { table } from './schema.ts';

/** An older gateway would go on writing entries without a seal. */
export const breaking = true;

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'audit_keys', { from_seq: 'count!', key_id: 'text', at: 'instant' });
  await table(db, 'store_shapes', {
    migration: 'text!',
    gateway: 'text',
    breaking: 'count',
    at: 'instant',
  });
}
