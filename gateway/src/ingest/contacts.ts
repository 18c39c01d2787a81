/** What has come of each agent today, and when it was last heard. */
import { type Kysely, sql } from 'kysely';
import { type AgentName, formatAgentName } from '../identity/agents.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

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

/** In the same order everywhere, so that no two transactions wait for each other. */
export async function addBytes(
  tx: Tx,
  stored: ReadonlyMap<string, { readonly agent: AgentName; readonly bytes: number }>,
): Promise<void> {
  const day = dayOf(tx.at);
  for (const [, { agent, bytes }] of [...stored].sort(([a], [b]) => (a < b ? -1 : 1)))
    await tx.db
      .insertInto('agent_contacts')
      .values({ site: agent.site, agent: agent.agent, seen_at: tx.at, day, day_bytes: bytes })
      .onConflict((conflict) =>
        conflict.columns(['site', 'agent']).doUpdateSet({
          seen_at: tx.at,
          day,
          day_bytes: sql<number>`case when agent_contacts.day = ${day} then agent_contacts.day_bytes + ${bytes} else ${bytes} end`,
        }),
      )
      .execute();
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
