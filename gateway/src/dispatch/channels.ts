/** The ways to a unit's own system. */
import type { Config, UnitConfig } from '../config/config.ts';
import type { Store } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';
import type { Mailer } from './mail/mail.ts';
import { sendByOpen311 } from './open311/client.ts';
import { orderBody } from './order.ts';
import { callWebhook } from './webhook/webhook.ts';

/** Whether the unit has a system of its own that orders are sent to. */
export function hasSystem({ webhook, open311, mail }: UnitConfig): boolean {
  return webhook !== undefined || open311 !== undefined || mail !== undefined;
}

export type DeliveryConfig = Pick<Config, 'clocks' | 'dispatch' | 'http' | 'inspection' | 'units'>;

export type Delivery = Awaited<ReturnType<typeof sendByOpen311>>;

export async function send(
  store: Store,
  config: DeliveryConfig,
  { webhook, open311, mail }: UnitConfig,
  order: OutboxRow,
  signal: AbortSignal,
  mailer: Mailer | null,
): Promise<Delivery> {
  if (open311 !== undefined) return sendByOpen311(store, config, open311, order, signal);
  if (mail !== undefined && mailer !== null) return mailer(mail, order, signal);
  if (webhook === undefined) throw new Error(`the unit ${order.destination} has no system`);
  const body = await orderBody(store, config, order);
  return callWebhook(webhook, { id: order.id, body, nowMs: store.now() }, signal);
}
