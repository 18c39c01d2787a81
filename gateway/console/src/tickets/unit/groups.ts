/** A unit's tickets by what they ask of it: what is new first, then what is to be done again, what it works on, what waits elsewhere. */
import type { Ticket, TicketState } from '@roadwatch/contract/api';

const GROUPS = ['newOrders', 'again', 'atWork', 'elsewhere'] as const;
export type Group = (typeof GROUPS)[number];

const BY_STATE: Readonly<Partial<Record<TicketState, Group>>> = {
  filed: 'newOrders',
  dispatched: 'newOrders',
  rework: 'again',
  accepted: 'atWork',
  on_site: 'atWork',
  made_safe: 'atWork',
};

/** Each group in the order in which the tickets are given; empty ones are left out. */
export function grouped<Row extends { readonly ticket: Pick<Ticket, 'state'> }>(
  rows: readonly Row[],
): readonly (readonly [Group, readonly Row[]])[] {
  return GROUPS.map((group) => {
    const own = rows.filter(({ ticket }) => (BY_STATE[ticket.state] ?? 'elsewhere') === group);
    return [group, own] as const;
  }).filter(([, own]) => own.length > 0);
}

/** Those that ask the unit to begin, and did not before: of these it is told by a sound. */
export function newlyAsked(
  before: readonly Pick<Ticket, 'id' | 'state'>[],
  now: readonly Pick<Ticket, 'id' | 'state'>[],
): readonly string[] {
  const asks = ({ state }: Pick<Ticket, 'state'>): boolean => state === 'dispatched' || state === 'rework';
  const known = new Set(before.filter(asks).map(({ id }) => id));
  return now.filter((ticket) => asks(ticket) && !known.has(ticket.id)).map(({ id }) => id);
}
