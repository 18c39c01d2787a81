/**
 * Why a message is turned away for who sent it or how much, by a word for machines and a sentence for people. Such messages are
 * counted and not kept: whoever sends too much must not fill the store with what it was refused.
 */
import type { Limit } from '@roadwatch/contract/api';
import type { AgentLimits } from '../config/agents.ts';

/** These pass by themselves within a minute: the sender keeps what was turned away, and sends it again. */
export const PASSING: readonly Limit[] = ['messages', 'bytes'];

export function sentenceOf(limit: Limit, limits: AgentLimits): string {
  switch (limit) {
    case 'revoked':
      return 'the agent is revoked';
    case 'retained':
      return 'only status and camera state may be retained';
    case 'messages':
      return `more than ${limits.messagesPerMinute} messages a minute (agents.limits.messagesPerMinute)`;
    case 'bytes':
      return `more than ${limits.megabytesPerMinute} MiB a minute (agents.limits.megabytesPerMinute)`;
    case 'day':
      return `more than ${limits.megabytesPerDay} MiB stored in one day (agents.limits.megabytesPerDay)`;
    case 'cameras':
      return `more than ${limits.cameras} cameras (agents.limits.cameras)`;
    case 'alerts':
      return `more than ${limits.openAlerts} open alerts (agents.limits.openAlerts)`;
  }
}
