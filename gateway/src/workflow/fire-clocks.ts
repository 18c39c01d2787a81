/** Fires what is due on the clocks. Deadlines are rows, so one that passed while no gateway ran fires when one runs again. */

import type { Logger } from 'pino';
import { fireSteps } from '../clocks/clocks.ts';
import type { Config } from '../config/config.ts';
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
      const due = tx.db
        .selectFrom('clocks')
        .selectAll()
        .where('due_at', '<=', tx.at)
        .orderBy('due_at')
        .limit(BATCH);
      const rows = await tx.lockedOrSkipped(due).execute();
      const percents: { ticket: string; kind: string; percent: number; at: number }[] = [];
      for (const row of rows) percents.push(...(await fire(tx, config, row)));
      return percents;
    });
    for (const step of steps) log.info(step, 'clock step');
    fired += steps.length;
    if (steps.length === 0) return fired;
  }
}

async function fire(tx: Tx, config: Pick<Config, 'clocks' | 'units'>, row: ClockRow) {
  const steps = await fireSteps(tx, row, config.clocks.calendars);
  // After a long stop only the last step is told, for it says all that the others would.
  const last = steps.at(-1);
  if (last === undefined) return [];
  await tell(tx, config, row, last);
  const { ticket_id: ticket, kind } = row;
  tx.changed({ kind: 'ticket', subject: ticket, data: { clock: kind, percent: last.percent } });
  return steps.map((step) => ({ ticket, kind, ...step }));
}
