/** Puts every clock that has not ended under the rules of now: what runs goes on by the rules it began with unless somebody asks for this. */
import { changeRule } from '../clocks/clocks.ts';
import { type ClockTime, handoverTime, reviewTime, reworkTime, timesOf } from '../clocks/sla.ts';
import type { Config } from '../config/config.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { cancelOrders } from '../orders/outbox.ts';
import type { Store, Tx } from '../store/database.ts';

/** Of one transaction: so long does a command to one of their tickets wait. */
const BATCH = 100;

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
    const page = await tx.db
      .selectFrom('clocks')
      .select(['id', 'ticket_id'])
      .where('id', '>', after)
      .where('state', 'in', ['running', 'paused'])
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const rows = await lockedClocks(tx, page);
    let changed = 0;
    for (const { row, damageClass: name } of rows) {
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
    return { changed, last: page.length < BATCH ? null : (page.at(-1)?.id ?? null) };
  });
}

/** Those that still run, as nobody else changes them any more: the tickets first, as everybody does who gives a ticket a command. */
async function lockedClocks(tx: Tx, page: readonly { readonly id: string; readonly ticket_id: string }[]) {
  if (page.length === 0) return [];
  const tickets = tx.db
    .selectFrom('tickets')
    .select(['id', 'damage_class'])
    .where('id', 'in', [...new Set(page.map(({ ticket_id }) => ticket_id))])
    .orderBy('id');
  const classes = new Map((await tx.locked(tickets).execute()).map((row) => [row.id, row.damage_class]));
  const clocks = tx.db
    .selectFrom('clocks')
    .selectAll()
    .where(
      'id',
      'in',
      page.map(({ id }) => id),
    )
    .where('state', 'in', ['running', 'paused'])
    .orderBy('id');
  const rows = await tx.locked(clocks).execute();
  return rows.flatMap((row) => {
    const damageClass = classes.get(row.ticket_id);
    return damageClass === undefined ? [] : [{ row, damageClass }];
  });
}
