/** Instants that another program asks for: RFC 3339, or the same without a zone or a time of day, which then are the city's. */
import { Temporal } from 'temporal-polyfill';

const FORM = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:\d{2})?)?$/;
/** Of a calendar that a computer's clock may show. */
const [FIRST_YEAR, LAST_YEAR] = [1000, 2999];

/**
 * Milliseconds since 1970; null for what is no such time: `5`, 30 February, the year 0. A day alone begins or ends with the day in
 * `timeZone`, an IANA name, as `side` says; a time of the hour that a change of clocks leaves out is the one after it.
 */
export function askedTime(text: string, timeZone: string, side: 'start' | 'end'): number | null {
  const [, date, time, zone] = FORM.exec(text) ?? [];
  if (date === undefined || /^.{11}24/.test(text) || /:60/.test(text)) return null;
  try {
    const day = Temporal.PlainDate.from(date, { overflow: 'reject' });
    if (day.year < FIRST_YEAR || day.year > LAST_YEAR) return null;
    if (time !== undefined && zone !== undefined)
      return Temporal.Instant.from(`${date}T${time}${zone.toUpperCase()}`).epochMilliseconds;
    if (time !== undefined)
      return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).epochMilliseconds;
    if (side === 'start') return day.toZonedDateTime(timeZone).epochMilliseconds;
    return day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds - 1;
  } catch {
    return null;
  }
}
