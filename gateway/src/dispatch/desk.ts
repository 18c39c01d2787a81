/**
 * Sends what the outbox orders, once the recall is over. Orders are written in the transaction of the decision that caused
 * them, so nothing is sent that was not decided, and nothing decided is forgotten.
 */

import type { Logger } from 'pino';
import { withSystem } from '../config/channels.ts';
import type { Config } from '../config/config.ts';
import { dueOrders } from '../orders/outbox.ts';
import type { Store } from '../store/database.ts';
import { markSent } from '../workflow/hand-over.ts';

const BATCH = 50;

type DispatchConfig = Pick<Config, 'clocks' | 'dispatch' | 'inspection' | 'units'>;

/**
 * Carries out every order that is due by now and whose unit has no system of its own: such units work on the built-in desk, and
 * to have it there is to have received it. Returns how many.
 */
export async function dispatchDue(store: Store, config: DispatchConfig, log: Logger): Promise<number> {
  const systems = withSystem(config.units);
  for (let sent = 0; ; ) {
    const orders = await store.transaction(async (tx) => {
      const rows = await dueOrders(tx, { not: systems }, BATCH);
      for (const row of rows) await markSent(tx, config, { ...row, attempts: row.attempts + 1 });
      return rows;
    });
    for (const { ticket_id: ticket, destination, kind } of orders)
      log.info({ ticket, destination, kind }, 'order handed to the desk');
    sent += orders.length;
    if (orders.length < BATCH) return sent;
  }
}
