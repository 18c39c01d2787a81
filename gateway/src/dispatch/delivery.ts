/**
 * Orders to units that have a system of their own. An order is taken out of the outbox with a lease, sent, and its result
 * recorded: a gateway that dies in between leaves it to be sent again under the same id once the lease is over.
 */
import type { DeliveryCode } from '@roadwatch/contract/codes';
import type { Logger } from 'pino';
import { channelOf } from '../config/channels.ts';
import type { Config } from '../config/config.ts';
import type { UnitConfig } from '../config/units.ts';
import { dueOrders, leaseOrder, orderFailed } from '../orders/outbox.ts';
import type { Store } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';
import { markSent } from '../workflow/hand-over.ts';
import type { Channel, Delivery } from './channel.ts';
import { CHANNELS, METHODS } from './channels.ts';
import type { Mailer } from './mail/mail.ts';
import { undelivered } from './overdue.ts';
import { nextWaitMs } from './retry.ts';

const LEASE_MS = 60_000;
/** As many are under way at once, so that one unit's system that hangs does not hold up the others for long. */
const AT_ONCE = 16;

type DeliveryConfig = Pick<Config, 'clocks' | 'dispatch' | 'http' | 'inspection' | 'units'>;

interface Destination {
  readonly unit: UnitConfig;
  readonly channel: Channel;
}

/** Attempts every order that is due by now, once, and returns how many. */
export async function deliverDue(
  store: Store,
  config: DeliveryConfig,
  log: Logger,
  signal: AbortSignal,
  mailer: Mailer | null = null,
): Promise<number> {
  const systems = new Map(
    config.units.flatMap((unit) => {
      const name = channelOf(unit);
      return name === 'desk' ? [] : [[unit.id, { unit, channel: CHANNELS[name] }] as const];
    }),
  );
  if (systems.size === 0) return 0;
  const orders = await lease(store, [...systems.keys()]);
  await Promise.all(
    orders.map(async (order) => {
      const { unit, channel } = systems.get(order.destination) as Destination;
      const result = await channel[METHODS[order.kind]]({ store, config, unit, order, signal, mailer });
      // The gateway stops: whether the order came through is not known, so the lease decides.
      if (!result.ok && signal.aborted) return;
      await record(store, config, channel, order, result);
      const { ticket_id: ticket, destination, attempts } = order;
      if (result.ok) log.info({ ticket, destination }, 'order delivered');
      else log.warn({ ticket, destination, attempts, reason: result.error }, 'order not delivered');
    }),
  );
  return orders.length;
}

function lease(store: Store, only: readonly string[]): Promise<OutboxRow[]> {
  return store.transaction(async (tx) => {
    const leased: OutboxRow[] = [];
    for (const order of await dueOrders(tx, { only }, AT_ONCE))
      leased.push(await leaseOrder(tx, order, LEASE_MS));
    return leased;
  });
}

function record(
  store: Store,
  config: DeliveryConfig,
  channel: Channel,
  order: OutboxRow,
  result: Delivery,
): Promise<void> {
  return store.transaction(async (tx) => {
    const query = tx.db.selectFrom('dispatch_outbox').selectAll().where('id', '=', order.id);
    const now = await tx.locked(query).executeTakeFirstOrThrow();
    if (result.ok) {
      await channel.sent?.(tx, now, result);
      return markSent(tx, config, now);
    }
    // Recalled while it was under way: the recall has its own order.
    if (now.state !== 'pending') return;
    const wait = result.again ? nextWaitMs(order.attempts, result.afterMs) : null;
    const state = wait === null ? 'dead' : 'pending';
    const reason = result.error.slice(0, 500);
    await orderFailed(tx, order.id, reason, wait);
    if (state === 'dead') {
      tx.audit({
        actor: 'system',
        channel: 'gateway',
        action: 'dispatch.failed',
        subject: `ticket:${order.ticket_id}`,
        after: {
          unit: order.destination,
          attempts: order.attempts,
          error: result.error,
          code: (result.again ? 'unit_system_failed' : 'unit_system_refused') satisfies DeliveryCode,
        },
      });
      await undelivered(tx, config, now, reason);
    }
    tx.changed({ kind: 'ticket', subject: order.ticket_id, data: { delivery: state } });
  });
}
