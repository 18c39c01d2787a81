/** The last looks at the repairs of a camera are found by its tickets; and verdicts are in order of time once, not twice. */
import type { Kysely } from 'kysely';
import { index } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await index(db, 'tickets', ['site', 'agent', 'camera']);
  // `alerts_verdict_at_id` has it all.
  await db.schema.dropIndex('alerts_judged').execute();
}
