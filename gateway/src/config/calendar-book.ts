/** The working calendars that a city has had: what begins now goes by the newest, and a clock that runs by the one it began with. */
import type { Kysely } from 'kysely';
import type { Calendars } from '../calendar/working-time.ts';
import type { Tables } from '../store/tables/index.ts';

export interface CalendarBook {
  /** Of the newest calendar; 0 where there has only ever been one. */
  readonly version: number;
  readonly now: Calendars;
  /** The calendars of a version, by which a clock began. */
  of(db: Kysely<Tables>, version: number): Promise<Calendars>;
}

/** Where the calendar never changes, as in a file that is read once. */
export function onlyCalendar(now: Calendars): CalendarBook {
  return { version: 0, now, of: async () => now };
}
