/** Today until now, and yesterday until the same time of day: a morning is compared with a morning. */
import { Temporal } from 'temporal-polyfill';
import type { Span } from './day-figures.ts';

export function todayAndYesterday(
  now: number,
  timeZone: string,
): { readonly today: Span; readonly yesterday: Span } {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  // By the calendar: on days on which the clock is changed a day has not 24 hours.
  const before = here.subtract({ days: 1 });
  const startOf = (day: typeof here): number => day.startOfDay().epochMilliseconds;
  return {
    today: { from: startOf(here), until: now + 1 },
    yesterday: { from: startOf(before), until: before.epochMilliseconds + 1 },
  };
}
