/** Pictures and clips that come in parts, until each is whole; in the store, so that several gateways may each take some. */
import type { Kysely } from 'kysely';
import { table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'evidence_parts', {
    site: 'text!',
    agent: 'text!',
    sha256: 'text!',
    start: 'count!',
    bytes: 'count',
    total: 'count',
    at: 'instant',
    payload: 'text',
  });
}
