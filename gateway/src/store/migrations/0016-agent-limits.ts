/**
 * How much each agent has sent and when something last came, which limit turned a message away, and the order of what agents say
 * of themselves: by start and number instead of by their clocks.
 */
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
  const columns = {
    agents: {
      boot_id: 'text',
      boot_before: 'text',
      seq: 'bigint',
      clock_ahead_ms: 'bigint',
      silent_at: 'bigint',
      shared_at: 'bigint',
    },
    cameras: { boot_id: 'text', seq: 'bigint' },
  } as const;
  for (const [name, added] of Object.entries(columns))
    for (const [column, type] of Object.entries(added))
      await db.schema.alterTable(name).addColumn(column, type).execute();
}
