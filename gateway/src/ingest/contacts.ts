/** What has come of each agent today, and when it was last heard. */
import { type Kysely, sql } from 'kysely';
import { type AgentName, formatAgentName } from '../cameras/source.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';

/** How many bytes each has had stored on the UTC day of `now`. */
export async function bytesOfDay(
  db: Kysely<Tables>,
  agents: readonly AgentName[],
  now: number,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('agent_contacts')
    .select(['site', 'agent', 'day_bytes'])
    .where('day', '=', dayOf(now))
    .where((where) => where.or(agents.map(({ site, agent }) => where.and({ site, agent }))))
    .execute();
  const found = new Map(rows.map((row) => [formatAgentName(row), row.day_bytes]));
  return new Map(agents.map((agent) => [formatAgentName(agent), found.get(formatAgentName(agent)) ?? 0]));
}

/** Of each agent that something has come from, how many bytes of it were stored; in one order, so that no two transactions wait for each other. */
export async function recordContacts(
  tx: Tx,
  heard: ReadonlyMap<string, { readonly agent: AgentName; readonly bytes: number }>,
): Promise<void> {
  if (heard.size === 0) return;
  const day = dayOf(tx.at);
  const rows = [...heard]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { agent, bytes }]) => ({
      site: agent.site,
      agent: agent.agent,
      seen_at: tx.at,
      day,
      day_bytes: bytes,
    }));
  await tx.db
    .insertInto('agent_contacts')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['site', 'agent']).doUpdateSet((row) => ({
        seen_at: row.ref('excluded.seen_at'),
        day: row.ref('excluded.day'),
        day_bytes: sql<number>`excluded.day_bytes + case when agent_contacts.day = excluded.day then agent_contacts.day_bytes else 0 end`,
      })),
    )
    .execute();
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
