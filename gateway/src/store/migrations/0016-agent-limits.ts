/** How much each agent has sent, and since when nothing came; and which limit turned a message away. */
import type { Kysely } from 'kysely';
import { table } from './schema.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'agent_contacts', {
    site: 'text!',
    agent: 'text!',
    seen_at: 'instant',
    day: 'text',
    day_bytes: 'count',
  });
  await db.schema.alterTable('refused_messages').addColumn('turned_away', 'text').execute();
}
