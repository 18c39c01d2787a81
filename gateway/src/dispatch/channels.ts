/** Every way to a unit's own system, by its name in the configuration. */
import type { System } from '../config/channels.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';
import type { Channel } from './channel.ts';
import { mail } from './mail/channel.ts';
import { open311 } from './open311/channel.ts';
import { webhook } from './webhook/channel.ts';

export const CHANNELS: Readonly<Record<System, Channel>> = { webhook, open311, mail };

/** Which of its methods an order asks for. */
export const METHODS = {
  dispatch: 'send',
  rework: 'rework',
  recall: 'recall',
  reminder: 'remind',
} as const satisfies Record<OutboxRow['kind'], keyof Channel>;
