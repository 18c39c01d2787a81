/** The clocks of a ticket in the store: every event is appended to the log, and the row becomes what the log adds up to. */

import { newId } from '@roadwatch/contract';
import type { ClockKind } from '@roadwatch/contract/api';
import { ALWAYS, type Calendar } from '../calendar/calendar.ts';
import type { Counts } from '../calendar/working-time.ts';
import type { CalendarBook } from '../config/calendar-book.ts';
import type { Tx } from '../store/database.ts';
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
  calendars: CalendarBook,
): Promise<boolean> {
  const id = newId();
  const event: ClockEvent = { event: 'started', at: tx.at, durationMs };
  const inserted = await tx.db
    .insertInto('clocks')
    .values({
      id,
      ticket_id: ticketId,
      kind,
      counts,
      calendar_version: calendars.version,
      ...project([event], kind, calendars.now[counts]),
    })
    .onConflict((conflict) => conflict.columns(['ticket_id', 'kind']).doNothing())
    .executeTakeFirst();
  if ((inserted.numInsertedOrUpdatedRows ?? 0n) === 0n) {
    // What begins anew does so by the rules of now.
    await tx.db
      .updateTable('clocks')
      .set({ counts, calendar_version: calendars.version })
      .where('ticket_id', '=', ticketId)
      .where('kind', '=', kind)
      .execute();
    return clockEvent(tx, ticketId, [kind], { event: 'restarted', at: tx.at, durationMs }, calendars);
  }
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
  calendars: CalendarBook,
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
export async function fireSteps(tx: Tx, row: ClockRow, calendars: CalendarBook): Promise<readonly Step[]> {
  const calendar = await calendarOf(tx, row, calendars);
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

/**
 * Puts a clock that has not ended under another rule, as if it had begun by it; time that was granted on top stays granted. Returns
 * whether its deadline is another now.
 */
export async function changeRule(
  tx: Tx,
  row: ClockRow,
  { durationMs: allowedMs, counts }: { readonly durationMs: number; readonly counts: Counts },
  calendars: CalendarBook,
): Promise<boolean> {
  const { version } = calendars;
  const durationMs = allowedMs + grantedMs(await clockLog(tx, row.id));
  const isSame = row.duration_ms === durationMs && row.counts === counts;
  if (isSame && (counts === 'always' || row.calendar_version === version)) return false;
  await append(tx, row, { event: 'rule_changed', at: tx.at, durationMs });
  await tx.db
    .updateTable('clocks')
    .set({ counts, calendar_version: version })
    .where('id', '=', row.id)
    .execute();
  const { deadline_at } = await save(tx, { ...row, counts, calendar_version: version }, calendars);
  if (deadline_at === row.deadline_at) return false;
  await endNotices(tx, row);
  await keepNextDeadline(tx, row.ticket_id);
  tx.changed({ kind: 'ticket', subject: row.ticket_id, data: { clock: row.kind } });
  return true;
}

/** Since it last began. */
function grantedMs(events: readonly ClockEvent[]): number {
  const begun = events.findLastIndex(({ event }) => event === 'started' || event === 'restarted');
  return events.slice(begun).reduce((sum, event) => sum + (event.event === 'extended' ? event.byMs : 0), 0);
}

/** The one by which it began. */
export async function calendarOf(
  tx: Tx,
  { counts, calendar_version }: Pick<ClockRow, 'counts' | 'calendar_version'>,
  calendars: CalendarBook,
): Promise<Calendar> {
  return counts === 'always' ? ALWAYS : (await calendars.of(tx.db, calendar_version))[counts];
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

async function save(tx: Tx, row: ClockRow, calendars: CalendarBook, events?: readonly ClockEvent[]) {
  const calendar = await calendarOf(tx, row, calendars);
  const columns = project(events ?? (await clockLog(tx, row.id)), row.kind, calendar);
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
