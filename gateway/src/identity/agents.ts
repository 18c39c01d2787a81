/** Which agents may connect: each has a name, `SITE/AGENT`, and a password that the gateway made and shows once. */
import { agentTopics, parseTopic, Slug } from '@roadwatch/contract';
import { Value } from 'typebox/value';
import type { Store } from '../store/database.ts';
import { newSecret, secretHash, secretMatches } from './secret.ts';

export interface AgentName {
  readonly site: string;
  readonly agent: string;
}

/** Null unless it is two well-formed names with a slash between them. */
export function parseAgentName(text: string): AgentName | null {
  const [site, agent, ...rest] = text.split('/');
  return Value.Check(Slug, site) && Value.Check(Slug, agent) && rest.length === 0 ? { site, agent } : null;
}

/** Registers an agent, or gives one that exists a new password. Returns the password, which is kept nowhere. */
export async function registerAgent(
  store: Store,
  { site, agent }: AgentName,
  channel = 'cli',
): Promise<string> {
  const secret = newSecret();
  await store.transaction(async (tx) => {
    const fresh = { secret_hash: secretHash(secret), registered_at: tx.at, revoked_at: null };
    await tx.db
      .insertInto('agents')
      .values({ site, agent, ...fresh, status: null, status_at: null })
      .onConflict((conflict) => conflict.columns(['site', 'agent']).doUpdateSet(fresh))
      .execute();
    tx.audit({ actor: 'system', channel, action: 'agent.registered', subject: `agent:${site}/${agent}` });
  });
  return secret;
}

/** Whether there was such an agent to revoke. */
export async function revokeAgent(
  store: Store,
  { site, agent }: AgentName,
  channel = 'cli',
): Promise<boolean> {
  return store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx.db
      .updateTable('agents')
      .set({ revoked_at: tx.at })
      .where('site', '=', site)
      .where('agent', '=', agent)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    tx.audit({ actor: 'system', channel, action: 'agent.revoked', subject: `agent:${site}/${agent}` });
    return true;
  });
}

export async function isAgent(store: Store, { site, agent }: AgentName, secret: string): Promise<boolean> {
  const row = await store.db
    .selectFrom('agents')
    .select('secret_hash')
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined && secretMatches(secret, row.secret_hash);
}

/** An agent speaks only under its own name, and never as a gateway does. */
export function mayPublish({ site, agent }: AgentName, topic: string): boolean {
  const parsed = parseTopic(topic);
  if (parsed === null || parsed.site !== site || parsed.agent !== agent) return false;
  return parsed.kind !== 'ack' && parsed.kind !== 'command';
}

export function maySubscribe({ site, agent }: AgentName, filter: string): boolean {
  const own = agentTopics(site, agent);
  return filter === own.ack || filter === own.commands;
}
