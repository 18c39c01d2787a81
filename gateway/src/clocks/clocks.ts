/** The clocks of a ticket in the store: every event is appended to the log, and the row becomes what the log adds up to. */
import { newId } from '@roadwatch/contract';
import type { Tx } from '../store/database.ts';
import type { ClockKind, ClockRow } from '../store/tables.ts';
import { type Clock, type ClockEvent, foldClock } from './clock.ts';
import { nextRung } from './rungs.ts';

/** Starts a clock of a ticket, or starts the one that it has of that kind anew. */
export async function startClock(
  tx: Tx,
  ticketId: string,
  kind: ClockKind,
  durationMs: number,
): Promise<void> {
  const id = newId();
  const event: ClockEvent = { event: 'started', at: tx.at, durationMs };
  const clock = foldClock([event]) as Clock;
  const inserted = await tx.db
    .insertInto('clocks')
    .values({ id, ticket_id: ticketId, kind, fired: 0, breached_at: null, ...columnsOf(kind, clock, 0) })
    .onConflict((conflict) => conflict.columns(['ticket_id', 'kind']).doNothing())
    .executeTakeFirst();
  if ((inserted.numInsertedOrUpdatedRows ?? 0n) > 0n) await log(tx, id, ticketId, event);
  else await clockEvent(tx, ticketId, [kind], { event: 'restarted', at: tx.at });
}

/** Applies an event to the clocks of the ticket of these kinds; those that do not exist are left out. */
export async function clockEvent(
  tx: Tx,
  ticketId: string,
  kinds: readonly ClockKind[],
  event: ClockEvent,
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
    const clock = foldClock(await clockLog(tx, row.id)) as Clock;
    const fired = event.event === 'restarted' ? 0 : row.fired;
    await tx.db
      .updateTable('clocks')
      .set({ ...columnsOf(row.kind, clock, fired), fired, breached_at: breachOf(row, clock, tx.at) })
      .where('id', '=', row.id)
      .execute();
  }
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

function columnsOf(kind: ClockKind, clock: Clock, fired: number) {
  return {
    state: clock.state,
    started_at: clock.startedAt,
    duration_ms: clock.durationMs,
    deadline_at: clock.deadlineAt,
    used_ms: clock.usedMs,
    ended_at: clock.endedAt,
    due_at: nextRung(kind, clock, fired)?.at ?? null,
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
