/** Fires what is due on the clocks. Deadlines are rows, so one that passed while no gateway ran fires when one runs again. */

import type { Logger } from 'pino';
import { fireSteps } from '../clocks/clocks.ts';
import type { Config } from '../config/config.ts';
import { wantSceneHint } from '../inspections/scene-hints.ts';
import type { Store, Tx } from '../store/database.ts';
import type { ClockRow } from '../store/tables/clocks.ts';
import { tell } from './escalate.ts';

const BATCH = 100;

/** Fires everything that is due by now and returns how many steps fired. */
export async function fireDueClocks(
  store: Store,
  config: Pick<Config, 'clocks' | 'units'>,
  log: Logger,
): Promise<number> {
  let fired = 0;
  for (;;) {
    const steps = await store.transaction(async (tx) => {
      const percents: { ticket: string; kind: string; percent: number; at: number }[] = [];
      for (const row of await dueClocks(tx)) percents.push(...(await fire(tx, config, row)));
      return percents;
    });
    for (const step of steps) log.info(step, 'clock step');
    fired += steps.length;
    if (steps.length === 0) return fired;
  }
}

/**
 * Those that are due, as nobody else changes them any more: the tickets first, as everybody does who gives a ticket a command. One that
 * is given a command in this moment has its turn after it, and then fires only what is still due.
 */
async function dueClocks(tx: Tx): Promise<readonly ClockRow[]> {
  const tickets = tx.db
    .selectFrom('tickets')
    .innerJoin('clocks', 'clocks.ticket_id', 'tickets.id')
    .select('clocks.id')
    .where('clocks.due_at', '<=', tx.at)
    .orderBy('clocks.due_at')
    .limit(BATCH);
  const ids = (await tx.lockedOrSkipped(tickets, 'tickets').execute()).map(({ id }) => id);
  if (ids.length === 0) return [];
  const clocks = tx.db.selectFrom('clocks').selectAll().where('id', 'in', ids).where('due_at', '<=', tx.at);
  return tx.locked(clocks.orderBy('due_at').orderBy('id')).execute();
}

async function fire(tx: Tx, config: Pick<Config, 'clocks' | 'units'>, row: ClockRow) {
  const steps = await fireSteps(tx, row, config.clocks.calendars);
  const last = steps.at(-1);
  if (last === undefined) return [];
  await tell(tx, config, row, steps);
  const { ticket_id: ticket, kind } = row;
  if (kind === 'scene_look') await wantSceneHint(tx, ticket);
  tx.changed({ kind: 'ticket', subject: ticket, data: { clock: kind, percent: last.percent } });
  return steps.map((step) => ({ ticket, kind, ...step }));
}
