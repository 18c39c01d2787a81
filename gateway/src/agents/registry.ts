/** Which agents may connect: each has a name, `SITE/AGENT`, and a password that the gateway made and shows once. */
import { agentTopics, parseTopic } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import { noteAgent } from '../cameras/history.ts';
import { type AgentName, formatAgentName, parseAgentName } from '../cameras/source.ts';
import { newSecret, secretHash } from '../identity/secret.ts';
import type { Store, Tx } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import { revokeKeys } from './keys.ts';

const SUBJECT = 'agent:';

/** The agent whose access a change of kind `access` tells of; null when it is a person's or a program's. */
export function agentOfSubject(subject: string): AgentName | null {
  return subject.startsWith(SUBJECT) ? parseAgentName(subject.slice(SUBJECT.length)) : null;
}

/** Whoever holds something open for the agent looks again. */
export function accessChanged(tx: Tx, name: AgentName): void {
  tx.changed({ kind: 'access', subject: `${SUBJECT}${formatAgentName(name)}`, data: {} });
}

/** Registers an agent, or gives one that exists a new password. Returns the password, which is kept nowhere. */
export async function registerAgent(
  store: Store,
  { site, agent }: AgentName,
  channel = 'cli',
): Promise<string> {
  const secret = newSecret();
  await store.transaction(async (tx) => {
    // Whoever is connected is put out, and whoever comes says so.
    const fresh = {
      secret_hash: secretHash(secret),
      registered_at: tx.at,
      revoked_at: null,
      silent_at: tx.at,
    };
    await tx.db
      .insertInto('agents')
      .values({ site, agent, ...fresh, status: null, status_at: null })
      .onConflict((conflict) => conflict.columns(['site', 'agent']).doUpdateSet(fresh))
      .execute();
    await noteGone(tx, { site, agent });
    tx.audit({ actor: 'system', channel, action: 'agent.registered', subject: `agent:${site}/${agent}` });
    accessChanged(tx, { site, agent });
  });
  return secret;
}

/**
 * Whether there was such an agent to revoke: one that is registered, or one that has been heard by way of another broker, which
 * alone knows its password.
 */
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
    await revokeKeys(tx, { site, agent });
    if (numUpdatedRows === 0n && !(await revokeUnregistered(tx, { site, agent }))) return false;
    await noteGone(tx, { site, agent });
    tx.audit({ actor: 'system', channel, action: 'agent.revoked', subject: `agent:${site}/${agent}` });
    accessChanged(tx, { site, agent });
    tx.changed({ kind: 'agent', subject: formatAgentName({ site, agent }), data: {} });
    return true;
  });
}

/** In the history, of one that has ever said how it is: of another nothing is held against its cameras. */
async function noteGone(tx: Tx, name: AgentName): Promise<void> {
  const said = await tx.db
    .selectFrom('agents')
    .select('agent')
    .where((where) => where.and({ site: name.site, agent: name.agent }))
    .where('status', 'is not', null)
    .executeTakeFirst();
  if (said !== undefined) await noteAgent(tx, name, false);
}

/** What is kept for one whose password another broker knows: nobody can log in here with it. */
export function nobodysSecret(): string {
  return secretHash(newSecret());
}

async function revokeUnregistered(tx: Tx, name: AgentName): Promise<boolean> {
  const heard = await tx.db
    .selectFrom('agent_contacts')
    .select('agent')
    .where((where) => where.and(name));
  if ((await heard.executeTakeFirst()) === undefined) return false;
  const nobody = { secret_hash: nobodysSecret(), registered_at: tx.at, revoked_at: tx.at };
  const { numInsertedOrUpdatedRows } = await tx.db
    .insertInto('agents')
    .values({ site: name.site, agent: name.agent, ...nobody, status: null, status_at: null })
    .onConflict((conflict) => conflict.columns(['site', 'agent']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** What the store keeps of the agent's password; null for one that is not registered, or revoked. */
export async function credentialOf(store: Store, { site, agent }: AgentName): Promise<string | null> {
  const row = await store.db
    .selectFrom('agents')
    .select('secret_hash')
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row?.secret_hash ?? null;
}

/** The names among these that are revoked, so that nothing is taken from them whatever broker still lets them in. */
export async function revokedAmong(db: Kysely<Tables>, names: readonly AgentName[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const rows = await db
    .selectFrom('agents')
    .select(['site', 'agent'])
    .where('revoked_at', 'is not', null)
    .where((where) =>
      where.or(
        names.map(({ site, agent }) => where.and([where('site', '=', site), where('agent', '=', agent)])),
      ),
    )
    .execute();
  return new Set(rows.map(formatAgentName));
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
