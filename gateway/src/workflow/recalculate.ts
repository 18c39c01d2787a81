/** Puts every clock that has not ended under the rules of now: what runs goes on by the rules it began with unless somebody asks for this. */
import { changeRule } from '../clocks/clocks.ts';
import { type ClockTime, handoverTime, reviewTime, reworkTime, timesOf } from '../clocks/sla.ts';
import type { Config } from '../config/config.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { cancelOrders } from '../orders/outbox.ts';
import type { Store } from '../store/database.ts';

/** Of one transaction. */
const BATCH = 200;

/** Returns how many clocks have another deadline now. */
export async function recalculateClocks(
  store: Store,
  config: Pick<Config, 'clocks' | 'dispatch'>,
  actor: Actor,
): Promise<number> {
  let changed = 0;
  let after: string | null = '';
  while (after !== null) {
    const batch: { readonly changed: number; readonly last: string | null } = await recalculateSome(
      store,
      config,
      after,
    );
    changed += batch.changed;
    after = batch.last;
  }
  await store.transaction(async (tx) => {
    const subject = `settings:deadlines`;
    tx.audit({ ...authorOf(actor), action: 'clocks.recalculated', subject, after: { clocks: changed } });
  });
  return changed;
}

function recalculateSome(store: Store, config: Pick<Config, 'clocks' | 'dispatch'>, after: string) {
  return store.transaction(async (tx) => {
    const query = tx.db
      .selectFrom('clocks')
      .innerJoin('tickets', 'tickets.id', 'clocks.ticket_id')
      .selectAll('clocks')
      .select('tickets.damage_class')
      .where('clocks.id', '>', after)
      .where('clocks.state', 'in', ['running', 'paused'])
      .orderBy('clocks.id')
      .limit(BATCH);
    const rows = await query.execute();
    let changed = 0;
    for (const { damage_class: name, ...row } of rows) {
      const { clocks } = config;
      const times: readonly ClockTime[] = [
        ...timesOf(clocks, name),
        reworkTime(clocks, name),
        reviewTime(clocks, name),
        handoverTime(config),
      ];
      // A class that has no time to repair any more keeps the one that it had.
      const time = times.find(({ kind }) => kind === row.kind);
      if (time === undefined || !(await changeRule(tx, row, time, clocks.calendars))) continue;
      await cancelOrders(tx, row.ticket_id, 'reminder');
      changed += 1;
    }
    return { changed, last: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) };
  });
}
