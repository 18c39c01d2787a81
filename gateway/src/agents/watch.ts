/** Agents that have gone without a word, and names that two boxes use: both are told once somebody can act on them. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { noteAgent } from '../cameras/history.ts';
import { noteBox } from '../cameras/incidents.ts';
import { formatAgentName } from '../cameras/source.ts';
import type { Store } from '../store/database.ts';
import type { AgentRow } from '../store/tables/field.ts';
import type { Tables } from '../store/tables/index.ts';

/** An agent says how it is every 30 s. One that has said nothing for so long is gone, though no last will has told of it. */
export const SILENT_MS = 120_000;
/** So long after two boxes were seen to use one name it is shown. */
export const SHARED_MS = 600_000;

/** Whether the agent is there as far as anybody can tell. */
export function isOnline(
  row: Pick<AgentRow, 'status' | 'silent_at' | 'revoked_at'>,
): row is typeof row & { readonly status: string } {
  if (row.status === null || row.silent_at !== null || row.revoked_at !== null) return false;
  return (JSON.parse(row.status) as { state: string }).state === 'online';
}

/** Each agent beside what has come from it, if something has. */
export function agentsWithContact(db: Kysely<Tables>) {
  return db
    .selectFrom('agents')
    .leftJoin('agent_contacts', (join) =>
      join
        .onRef('agent_contacts.site', '=', 'agents.site')
        .onRef('agent_contacts.agent', '=', 'agents.agent'),
    );
}

/** Of every agent that may connect: `SITE/AGENT`, when something last came from it, and whether it is there. */
export async function agentFigures(db: Kysely<Tables>) {
  const rows = await agentsWithContact(db)
    .select(['agents.site', 'agents.agent', 'agents.status', 'agents.silent_at', 'agents.revoked_at'])
    .select('agent_contacts.seen_at')
    .where('agents.revoked_at', 'is', null)
    .execute();
  return rows.map((row) => ({
    agent: formatAgentName(row),
    lastSeenAt: row.seen_at,
    isOnline: isOnline(row),
  }));
}

/** Marks who has gone silent. Returns how many. */
export async function noteSilence(store: Store): Promise<number> {
  const before = store.now() - SILENT_MS;
  const silent = agentsWithContact(store.db)
    .select(['agents.site', 'agents.agent', 'agents.status', 'agents.silent_at', 'agents.revoked_at'])
    .where('agents.silent_at', 'is', null)
    .where('agents.status', 'is not', null)
    .where((where) =>
      where.or([where('agent_contacts.seen_at', 'is', null), where('agent_contacts.seen_at', '<', before)]),
    );
  const gone = (await silent.execute()).filter(isOnline);
  if (gone.length === 0) return 0;
  return store.transaction(async (tx) => {
    let marked = 0;
    for (const { site, agent } of gone) {
      const { numUpdatedRows } = await tx.db
        .updateTable('agents')
        .set({ silent_at: tx.at })
        .where('site', '=', site)
        .where('agent', '=', agent)
        .where((where) => where.or([where('status_at', 'is', null), where('status_at', '<', before)]))
        .executeTakeFirst();
      // It has said something meanwhile.
      if (numUpdatedRows === 0n) continue;
      marked++;
      await noteAgent(tx, { site, agent }, false);
      await noteBox(tx, { site, agent }, false);
      tx.changed({ kind: 'agent', subject: formatAgentName({ site, agent }), data: { state: 'offline' } });
    }
    return marked;
  });
}

/** Says which names two boxes have used since `since`. Returns the instant to ask from the next time. */
export async function tellSharedNames(
  store: Store,
  since: number,
  log: Pick<Logger, 'warn'>,
): Promise<number> {
  const rows = await store.db
    .selectFrom('agents')
    .select(['site', 'agent', 'shared_at'])
    .where('shared_at', '>', since)
    .orderBy('shared_at')
    .execute();
  for (const row of rows)
    log.warn({ agent: formatAgentName(row) }, 'two boxes use one name, and push each other off');
  return rows.at(-1)?.shared_at ?? since;
}
