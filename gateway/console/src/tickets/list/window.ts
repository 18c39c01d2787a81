/**
 * The part of a list of tickets that is on the screen, and what becomes of it as tickets change: while somebody's pointer is on it
 * nothing moves, what has left the list says so in its place, and what has come waits.
 */
import type { Ticket, TicketPage } from '@roadwatch/contract/api';

export interface TicketRow {
  readonly ticket: Ticket;
  /** It is in this list no longer. */
  readonly gone: boolean;
}

export interface TicketWindow {
  readonly rows: readonly TicketRow[];
  /** Come, or in another place than they are shown, since nothing may move. */
  readonly waiting: readonly Ticket[];
  /** Of the whole list. */
  readonly total: number;
  /** What to give as `after` for more; null when all are there. */
  readonly next: string | null;
}

type Order = (a: Ticket, b: Ticket) => number;

const NEVER = '~';
export const byDeadline: Order = (a, b) =>
  order(a.deadlineAt ?? NEVER, b.deadlineAt ?? NEVER) || order(a.id, b.id);
export const byOpening: Order = (a, b) => order(b.createdAt, a.createdAt) || order(b.id, a.id);

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function opened({ items, total, next }: TicketPage): TicketWindow {
  const rows = items.map((ticket) => ({ ticket, gone: false }));
  return { rows, waiting: [], total: total ?? items.length, next };
}

/** With the page behind it. */
export function continued(window: TicketWindow, { items, next }: TicketPage): TicketWindow {
  const there = new Set(window.rows.map(({ ticket }) => ticket.id));
  const more = items.filter(({ id }) => !there.has(id)).map((ticket) => ({ ticket, gone: false }));
  return { ...window, rows: [...window.rows, ...more], next };
}

/** `asked`: which tickets have changed; `found`: those of them that are in the list now. `held`: nothing may move. */
export function renewed(
  window: TicketWindow,
  asked: readonly string[],
  found: Pick<TicketPage, 'items' | 'total'>,
  by: Order,
  held: boolean,
): TicketWindow {
  const fresh = new Map(found.items.map((ticket) => [ticket.id, ticket]));
  const rows = window.rows.map((row): TicketRow => {
    if (!asked.includes(row.ticket.id)) return row;
    const ticket = fresh.get(row.ticket.id);
    return ticket === undefined ? { ...row, gone: true } : { ticket, gone: false };
  });
  const shown = new Set(rows.map(({ ticket }) => ticket.id));
  const waiting = [
    ...window.waiting.filter(({ id }) => !asked.includes(id)),
    ...found.items.filter(({ id }) => !shown.has(id)),
  ];
  const next = { ...window, rows, waiting, total: found.total ?? window.total };
  return held ? next : settled(next, by);
}

/** Everything to its place. What belongs behind the last row that has been loaded comes with the next page. */
export function settled(window: TicketWindow, by: Order): TicketWindow {
  const last = window.rows.at(-1)?.ticket;
  const stay = window.rows.filter(({ gone }) => !gone);
  const come = window.waiting.filter(
    (ticket) => window.next === null || (last !== undefined && by(ticket, last) < 0),
  );
  const rows = [...stay, ...come.map((ticket) => ({ ticket, gone: false }))];
  return { ...window, rows: rows.toSorted((a, b) => by(a.ticket, b.ticket)), waiting: [] };
}

/** How many rows would move, come or go if everything went to its place. */
export function unsettled(window: TicketWindow, by: Order): number {
  const after = settled(window, by).rows.map(({ ticket }) => ticket.id);
  const kept = window.rows.filter(({ gone }) => !gone).map(({ ticket }) => ticket.id);
  const gone = window.rows.length - kept.length;
  const come = after.length - kept.length;
  const inOrder = after.filter((id) => kept.includes(id));
  const moved = kept.filter((id, at) => inOrder[at] !== id).length;
  return gone + come + (moved > 0 ? 1 : 0);
}
