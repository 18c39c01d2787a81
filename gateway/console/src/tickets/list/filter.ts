/** Which tickets are shown, and how: what stands in the address, so that it can be sent to somebody, kept and gone back to. */
import { TICKET_LANES, type TicketLane } from '@roadwatch/contract/api/vocabulary.ts';
import type { TicketFilter } from '../../shared/api/tickets.ts';
import { type Narrowed, narrowedBy, periodOf } from '../../shared/narrowing/narrowed.ts';
import type { WallClock } from '../../shared/time/time.ts';

export interface Shown {
  readonly view: 'list' | 'board';
  /** Null: not one lane only. */
  readonly lane: TicketLane | null;
  /** Those that are closed or cancelled, instead of those that are open. */
  readonly closed: boolean;
  readonly narrowed: Narrowed<Narrowing>;
}

/** `from` and `to` are days, such as 2026-11-23, the last one included. */
const NARROWINGS = ['q', 'unit', 'damageClass', 'camera', 'area', 'overdue', 'from', 'to'] as const;
export type Narrowing = (typeof NARROWINGS)[number];

export function shownBy(search: string): Shown {
  const given = new URLSearchParams(search);
  const lane = TICKET_LANES.find((name) => name === given.get('lane')) ?? null;
  const narrowed = narrowedBy(search, NARROWINGS);
  const closed = lane === null && given.get('state') === 'closed';
  return { view: given.get('view') === 'board' && !closed ? 'board' : 'list', lane, closed, narrowed };
}

/** As `shownBy` reads it. */
export function searchOf({ view, lane, closed, narrowed }: Shown): string {
  const given = new URLSearchParams({
    ...(view === 'board' ? { view } : {}),
    ...(lane === null ? {} : { lane }),
    ...(closed ? { state: 'closed' } : {}),
    ...narrowed,
  }).toString();
  return given === '' ? '' : `?${given}`;
}

/** As the gateway takes what narrows the list. */
export function narrowingFor({ from, to, ...words }: Shown['narrowed'], wall: WallClock): TicketFilter {
  return { ...words, ...periodOf({ from, to }, wall) };
}

/** The whole question: of the closed the latest first, else what runs out next. */
export function questionFor(shown: Shown, wall: WallClock): TicketFilter {
  const { lane, closed, narrowed } = shown;
  return {
    ...narrowingFor(narrowed, wall),
    ...(lane === null ? { state: closed ? 'ended' : 'open' } : { lane }),
    order: closed ? 'newest' : 'deadline',
  };
}
