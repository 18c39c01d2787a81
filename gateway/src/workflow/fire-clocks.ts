/** Fires what is due on the clocks. Deadlines are rows, so one that passed while no gateway ran fires when one runs again. */
import { newId } from '@roadwatch/contract';
import type { Logger } from 'pino';
import { type Clock, foldClock } from '../clocks/clock.ts';
import { clockLog } from '../clocks/clocks.ts';
import { nextRung } from '../clocks/rungs.ts';
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
  const calendar = config.clocks.calendars[row.counts];
  const clock = foldClock(await clockLog(tx, row.id), calendar) as Clock;
  const steps: { ticket: string; kind: string; percent: number; at: number }[] = [];
  let { fired } = row;
  for (
    let rung = nextRung(row.kind, clock, fired, calendar);
    rung !== null && rung.at <= tx.at;
    rung = nextRung(row.kind, clock, fired, calendar)
  ) {
    fired = rung.percent;
    steps.push({ ticket: row.ticket_id, kind: row.kind, ...rung });
    await tx.db
      .insertInto('clock_log')
      .values({
        id: newId(),
        clock_id: row.id,
        ticket_id: row.ticket_id,
        at: rung.at,
        event: 'rung',
        data: JSON.stringify({ percent: rung.percent, noticedAt: tx.at }),
      })
      .execute();
  }
  // After a long stop only the last step is told, for it says all that the others would.
  const last = steps.at(-1);
  if (last !== undefined) await tell(tx, config, row, last);
  await tx.db
    .updateTable('clocks')
    .set({
      fired,
      due_at: nextRung(row.kind, clock, fired, calendar)?.at ?? null,
      breached_at: row.breached_at ?? (fired >= 100 ? clock.deadlineAt : null),
    })
    .where('id', '=', row.id)
    .execute();
  if (steps.length > 0)
    tx.changed({ kind: 'ticket', subject: row.ticket_id, data: { clock: row.kind, percent: fired } });
  return steps;
}
