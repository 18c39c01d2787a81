/** Turns messages away for who sent them, before anything of them is stored. */
import type { Kysely } from 'kysely';
import { type AgentName, formatAgentName, revokedAmong } from '../identity/agents.ts';
import type { Tables } from '../store/tables.ts';
import type { Limit } from './limits.ts';
import type { Received } from './message.ts';

/** The messages in their order; what may not come in is marked with the reason. */
export async function screen(db: Kysely<Tables>, messages: readonly Received[]): Promise<Received[]> {
  const senders = new Map<string, AgentName>();
  for (const { from } of messages) if (from !== null) senders.set(formatAgentName(from), from);
  const revoked = await revokedAmong(db, [...senders.values()]);
  return messages.map((message) => {
    const { from } = message;
    if (from !== null && revoked.has(formatAgentName(from)))
      return turnedAway(message, 'revoked', 'the agent is revoked');
    return message;
  });
}

function turnedAway(message: Received, limit: Limit, reason: string): Received {
  return { ...message, content: { kind: 'turned-away', limit, reason } };
}
