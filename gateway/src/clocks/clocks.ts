/** The clocks of a ticket in the store: every event is appended to the log, and the row becomes what the log adds up to. */
import { newId } from '@roadwatch/contract';
import type { Calendar } from '../calendar/calendar.ts';
import type { Calendars, Counts } from '../calendar/working-time.ts';
import type { Config } from '../config/config.ts';
import type { Store, Tx } from '../store/database.ts';
import type { ClockKind, ClockRow } from '../store/tables/clocks.ts';
import { type Clock, type ClockEvent, foldClock } from './clock.ts';
import { endNotices } from './notices.ts';
import { nextRung } from './rungs.ts';
import { handoverTime } from './sla.ts';

/** In the transaction that decides who gets the ticket. */
export function startHandover(
  tx: Tx,
  config: Pick<Config, 'clocks' | 'dispatch'>,
  ticketId: string,
): Promise<void> {
  const { kind, ...time } = handoverTime(config);
  return startClock(tx, ticketId, kind, time, config.clocks.calendars);
}

/** Starts a clock of a ticket, or starts the one that it has of that kind anew. */
export async function startClock(
  tx: Tx,
  ticketId: string,
  kind: ClockKind,
  { durationMs, counts }: { readonly durationMs: number; readonly counts: Counts },
  calendars: Calendars,
): Promise<void> {
  const id = newId();
  const event: ClockEvent = { event: 'started', at: tx.at, durationMs };
  const calendar = calendars[counts];
  const clock = foldClock([event], calendar) as Clock;
  const inserted = await tx.db
    .insertInto('clocks')
    .values({
      id,
      ticket_id: ticketId,
      kind,
      counts,
      fired: 0,
      breached_at: null,
      ...columnsOf(kind, clock, 0, calendar),
    })
    .onConflict((conflict) => conflict.columns(['ticket_id', 'kind']).doNothing())
    .executeTakeFirst();
  if ((inserted.numInsertedOrUpdatedRows ?? 0n) > 0n) await log(tx, id, ticketId, event);
  else await clockEvent(tx, ticketId, [kind], { event: 'restarted', at: tx.at }, calendars);
}

/** Applies an event to the clocks of the ticket of these kinds; those that do not exist are left out. */
export async function clockEvent(
  tx: Tx,
  ticketId: string,
  kinds: readonly ClockKind[],
  event: ClockEvent,
  calendars: Calendars,
): Promise<void> {
  const rows = await tx
    .locked(
      tx.db
        .selectFrom('clocks')
        .selectAll()
        .where('ticket_id', '=', ticketId)
        .where('kind', 'in', [...kinds]),
    )
    .execute();
  for (const row of rows) {
    await log(tx, row.id, ticketId, event);
    const calendar = calendars[row.counts];
    const clock = foldClock(await clockLog(tx, row.id), calendar) as Clock;
    const fired = event.event === 'restarted' ? 0 : row.fired;
    if (clock.state !== 'running' || event.event === 'restarted') await endNotices(tx, row);
    await tx.db
      .updateTable('clocks')
      .set({
        ...columnsOf(row.kind, clock, fired, calendar),
        fired,
        breached_at: breachOf(row, clock, tx.at),
      })
      .where('id', '=', row.id)
      .execute();
  }
}

/** Once the calendars have changed: what runs in working time is due by the new ones. */
export async function recountClocks(
  store: Store,
  { clocks: { calendars } }: Pick<Config, 'clocks'>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('clocks').selectAll().where('state', '=', 'running');
    for (const row of await tx.locked(query.where('counts', '!=', 'always').orderBy('id')).execute()) {
      const calendar = calendars[row.counts];
      const clock = foldClock(await clockLog(tx, row.id), calendar) as Clock;
      const set = columnsOf(row.kind, clock, row.fired, calendar);
      if (set.deadline_at === row.deadline_at) continue;
      await tx.db.updateTable('clocks').set(set).where('id', '=', row.id).execute();
      tx.changed({ kind: 'ticket', subject: row.ticket_id, data: { clock: row.kind } });
    }
  });
}

/** The events of a clock in the order in which they were entered. */
export async function clockLog(tx: Tx, clockId: string): Promise<ClockEvent[]> {
  const rows = await tx.db
    .selectFrom('clock_log')
    .selectAll()
    .where('clock_id', '=', clockId)
    .orderBy('id')
    .execute();
  return rows
    .filter((row) => row.event !== 'rung')
    .map((row) => ({ ...(JSON.parse(row.data) as object), event: row.event, at: row.at }) as ClockEvent);
}

/** A breach is never taken back, and one that nobody has noticed yet is stamped with the deadline itself. */
function breachOf(row: ClockRow, clock: Clock, now: number): number | null {
  if (row.breached_at !== null) return row.breached_at;
  const until = clock.endedAt ?? (clock.state === 'running' ? now : null);
  return until !== null && clock.state !== 'cancelled' && until > clock.deadlineAt ? clock.deadlineAt : null;
}

function columnsOf(kind: ClockKind, clock: Clock, fired: number, calendar: Calendar) {
  return {
    state: clock.state,
    started_at: clock.startedAt,
    duration_ms: clock.durationMs,
    deadline_at: clock.deadlineAt,
    used_ms: clock.usedMs,
    ended_at: clock.endedAt,
    due_at: nextRung(kind, clock, fired, calendar)?.at ?? null,
  };
}

async function log(tx: Tx, clockId: string, ticketId: string, event: ClockEvent): Promise<void> {
  const { event: name, at, ...data } = event;
  await tx.db
    .insertInto('clock_log')
    .values({
      id: newId(),
      clock_id: clockId,
      ticket_id: ticketId,
      at,
      event: name,
      data: JSON.stringify(data),
    })
    .execute();
}
