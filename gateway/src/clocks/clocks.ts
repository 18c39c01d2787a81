/** The clocks of a ticket in the store: every event is appended to the log, and the row becomes what the log adds up to. */

import { newId } from '@roadwatch/contract';
import type { ClockKind } from '@roadwatch/contract/api';
import type { Calendars, Counts } from '../calendar/working-time.ts';
import type { Config } from '../config/config.ts';
import type { Store, Tx } from '../store/database.ts';
import type { ClockRow } from '../store/tables/clocks.ts';
import { type Clock, type ClockEvent, foldClock, nextStep, project, type Step } from './clock.ts';
import { keepNextDeadline } from './next-deadline.ts';
import { endNotices } from './notices.ts';

/**
 * Starts a clock of a ticket, or starts the one that it has of that kind anew. Returns whether a clock has ended by it, as
 * `clockEvent` does.
 */
export async function startClock(
  tx: Tx,
  ticketId: string,
  kind: ClockKind,
  { durationMs, counts }: { readonly durationMs: number; readonly counts: Counts },
  calendars: Calendars,
): Promise<boolean> {
  const id = newId();
  const event: ClockEvent = { event: 'started', at: tx.at, durationMs };
  const inserted = await tx.db
    .insertInto('clocks')
    .values({ id, ticket_id: ticketId, kind, counts, ...project([event], kind, calendars[counts]) })
    .onConflict((conflict) => conflict.columns(['ticket_id', 'kind']).doNothing())
    .executeTakeFirst();
  if ((inserted.numInsertedOrUpdatedRows ?? 0n) === 0n)
    return clockEvent(tx, ticketId, [kind], { event: 'restarted', at: tx.at, durationMs }, calendars);
  await append(tx, { id, ticket_id: ticketId }, event);
  await keepNextDeadline(tx, ticketId);
  return false;
}

/** What was told of the clock until then no longer holds. */
const STARTS_OVER: ReadonlySet<ClockEvent['event']> = new Set(['restarted', 'extended']);

/**
 * Applies an event to the clocks of the ticket of these kinds; those that do not exist are left out. Returns whether one of them
 * no longer runs out as it did, so that what was told of it has ended.
 */
export async function clockEvent(
  tx: Tx,
  ticketId: string,
  kinds: readonly ClockKind[],
  event: ClockEvent,
  calendars: Calendars,
): Promise<boolean> {
  const rows = await tx
    .locked(
      tx.db
        .selectFrom('clocks')
        .selectAll()
        .where('ticket_id', '=', ticketId)
        .where('kind', 'in', [...kinds]),
    )
    .execute();
  let ended = false;
  for (const row of rows) {
    await append(tx, row, event);
    const { state } = await save(tx, row, calendars);
    if (state === 'running' && !STARTS_OVER.has(event.event)) continue;
    await endNotices(tx, row);
    ended = true;
  }
  if (rows.length > 0) await keepNextDeadline(tx, ticketId);
  return ended;
}

/** Every step of the clock that is due by now; each fires once. */
export async function fireSteps(tx: Tx, row: ClockRow, calendars: Calendars): Promise<readonly Step[]> {
  const calendar = calendars[row.counts];
  const events = await clockLog(tx, row.id);
  const steps: Step[] = [];
  const next = () => nextStep(row.kind, foldClock(events, calendar) as Clock, calendar);
  for (let step = next(); step !== null && step.at <= tx.at; step = next()) {
    const event: ClockEvent = { event: 'rung', ...step };
    await append(tx, row, event, { noticedAt: tx.at });
    events.push(event);
    steps.push(step);
  }
  await save(tx, row, calendars, events);
  return steps;
}

/** Once the calendars have changed: what runs in working time is due by the new ones. */
export async function recountClocks(
  store: Store,
  { clocks: { calendars } }: Pick<Config, 'clocks'>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('clocks').selectAll().where('state', '=', 'running');
    for (const row of await tx.locked(query.where('counts', '!=', 'always').orderBy('id')).execute()) {
      const { deadline_at } = await save(tx, row, calendars);
      if (deadline_at === row.deadline_at) continue;
      await keepNextDeadline(tx, row.ticket_id);
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
  return rows.map(
    (row) => ({ ...(JSON.parse(row.data) as object), event: row.event, at: row.at }) as ClockEvent,
  );
}

async function save(tx: Tx, row: ClockRow, calendars: Calendars, events?: readonly ClockEvent[]) {
  const columns = project(events ?? (await clockLog(tx, row.id)), row.kind, calendars[row.counts]);
  await tx.db.updateTable('clocks').set(columns).where('id', '=', row.id).execute();
  return columns;
}

/** `noted`: what only the log says. */
async function append(
  tx: Tx,
  { id, ticket_id }: Pick<ClockRow, 'id' | 'ticket_id'>,
  { event, at, ...data }: ClockEvent,
  noted: object = {},
): Promise<void> {
  await tx.db
    .insertInto('clock_log')
    .values({ id: newId(), clock_id: id, ticket_id, at, event, data: JSON.stringify({ ...data, ...noted }) })
    .execute();
}
