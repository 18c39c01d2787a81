/** Which tickets are shown, and how: what stands in the address, so that it can be sent to somebody, kept and gone back to. */
import { TICKET_LANES, type TicketLane } from '@roadwatch/contract/api/vocabulary.ts';
import type { TicketFilter } from '../../shared/api/tickets.ts';
import type { WallClock } from '../../shared/time/time.ts';

export interface Shown {
  readonly view: 'list' | 'board';
  /** Null: not one lane only. */
  readonly lane: TicketLane | null;
  /** Those that are closed or cancelled, instead of those that are open. */
  readonly closed: boolean;
  readonly narrowed: Readonly<Partial<Record<Narrowing, string>>>;
}

/** `from` and `to` are days, such as 2026-11-23, the last one included. */
const NARROWINGS = ['q', 'unit', 'damageClass', 'camera', 'area', 'overdue', 'from', 'to'] as const;
export type Narrowing = (typeof NARROWINGS)[number];

const DAY = /^\d{4}-\d\d-\d\d$/;

export function shownBy(search: string): Shown {
  const given = new URLSearchParams(search);
  const lane = TICKET_LANES.find((name) => name === given.get('lane')) ?? null;
  const narrowed = Object.fromEntries(
    NARROWINGS.flatMap((name) => {
      const value = given.get(name)?.trim() ?? '';
      const isDay = name === 'from' || name === 'to';
      return value === '' || (isDay && !DAY.test(value)) ? [] : [[name, value.slice(0, 100)]];
    }),
  );
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

/** As the gateway takes what narrows the list. Days are those of the city. */
export function narrowingFor({ from, to, ...words }: Shown['narrowed'], wall: WallClock): TicketFilter {
  const startOf = (day: string): number => wall.instantOf(day);
  return {
    ...words,
    ...(from === undefined ? {} : { from: new Date(startOf(from)).toISOString() }),
    // Over a change of the clock a day has 23 or 25 hours.
    ...(to === undefined
      ? {}
      : { to: new Date(startOf(wall.localOf(startOf(to) + 36 * 3_600_000).slice(0, 10))).toISOString() }),
  };
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
