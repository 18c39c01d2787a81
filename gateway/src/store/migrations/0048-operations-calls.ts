/** The last call of the maintainers' system of every kind, and what came of it. */
import type { Kysely } from 'kysely';
import { table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'operations_calls', {
    event: 'text!',
    at: 'instant',
    address: 'text',
    outcome: 'text',
    answer: 'text',
  });
}
