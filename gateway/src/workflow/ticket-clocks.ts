/** The clocks of a ticket as its commands move them; of a clock that no longer runs out as it did, no reminder is sent. */
import type { ClockKind } from '@roadwatch/contract/api';
import { clockEvent, startClock } from '../clocks/clocks.ts';
import { type ClockTime, handoverTime } from '../clocks/sla.ts';
import type { CalendarBook } from '../config/calendar-book.ts';
import type { Config } from '../config/config.ts';
import { cancelOrders } from '../orders/outbox.ts';
import type { Tx } from '../store/database.ts';

/** What a change of state does to a clock. */
export type TicketEvent = 'met' | 'paused' | 'resumed' | 'cancelled' | 'reopened';

export async function moveClocks(
  tx: Tx,
  ticketId: string,
  kinds: readonly ClockKind[],
  event: TicketEvent,
  calendars: CalendarBook,
): Promise<void> {
  if (await clockEvent(tx, ticketId, kinds, { event, at: tx.at }, calendars))
    await cancelOrders(tx, ticketId, 'reminder');
}

/** Begins the clock, or begins it anew. */
export async function beginClock(
  tx: Tx,
  ticketId: string,
  { kind, ...time }: ClockTime,
  calendars: CalendarBook,
): Promise<void> {
  if (await startClock(tx, ticketId, kind, time, calendars)) await cancelOrders(tx, ticketId, 'reminder');
}

/** In the transaction that decides who gets the ticket. */
export function startHandover(
  tx: Tx,
  config: Pick<Config, 'clocks' | 'dispatch'>,
  ticketId: string,
): Promise<void> {
  return beginClock(tx, ticketId, handoverTime(config), config.clocks.calendars);
}
