/**
 * Periods on the city's calendar: their instants, their days, weeks and months, the period before (环比) and the same a year before
 * (同比). Days and weeks are those of the time zone, so that one may have 23 or 25 hours.
 */
import type { FigureSpan, FigureStep } from '@roadwatch/contract/api';
import { Temporal } from 'temporal-polyfill';
import { Refusal } from '../refusal.ts';

/** Instants in milliseconds: from `start` on, and before `end`. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** A day, week or month of a period, by its first day within it. */
export interface Part extends Period {
  readonly key: string;
}

const MAX_DAYS = 3_660;
const MAX_PARTS = 400;

/** Throws Refusal for what is no such period. */
export function checkSpan({ from, to }: FigureSpan): void {
  const days = dayOf(from, 'from').until(dayOf(to, 'to')).days + 1;
  if (days < 1) throw new Refusal('fields_invalid', `to: ${to} is before from: ${from}`);
  if (days > MAX_DAYS)
    throw new Refusal('fields_invalid', `to: a period of ${days} days; expected at most ${MAX_DAYS}`);
}

/** The month of the instant so far, for whoever names no period. */
export function monthOf(at: number, timeZone: string): FigureSpan {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  return {
    from: day.with({ day: 1 }).toString(),
    to: day.with({ day: day.daysInMonth }).toString(),
  };
}

export function periodOf({ from, to }: FigureSpan, timeZone: string): Period {
  return { start: startOf(plain(from), timeZone), end: startOf(plain(to).add({ days: 1 }), timeZone) };
}

/** As many whole months before whole months; as many days before any other days. */
export function spanBefore({ from, to }: FigureSpan): FigureSpan {
  const [first, last] = [plain(from), plain(to)];
  if (first.day === 1 && last.day === last.daysInMonth) {
    const months = (last.year - first.year) * 12 + last.month - first.month + 1;
    return span(first.subtract({ months }), first.subtract({ days: 1 }));
  }
  const days = first.until(last).days + 1;
  return span(first.subtract({ days }), first.subtract({ days: 1 }));
}

/** The same days of the year before; of whole months the whole months, also in a leap year. */
export function spanYearBefore({ from, to }: FigureSpan): FigureSpan {
  const last = plain(to);
  const before = last.subtract({ years: 1 });
  const wholeMonths = plain(from).day === 1 && last.day === last.daysInMonth;
  return span(
    plain(from).subtract({ years: 1 }),
    wholeMonths ? before.with({ day: before.daysInMonth }) : before,
  );
}

/** An earlier period only as far as the present one has come by `now`: by days and time of day on the clocks of the city. */
export function asFarAs(earlier: FigureSpan, present: FigureSpan, now: number, timeZone: string): Period {
  const whole = periodOf(earlier, timeZone);
  const { start, end } = periodOf(present, timeZone);
  if (now >= end) return whole;
  if (now <= start) return { start: whole.start, end: whole.start };
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const days = plain(present.from).until(here.toPlainDate()).days;
  const then = plain(earlier.from)
    .add({ days })
    .toPlainDateTime(here.toPlainTime())
    .toZonedDateTime(timeZone).epochMilliseconds;
  return { start: whole.start, end: Math.min(then, whole.end) };
}

/** In order, without a gap; the first and the last are cut where the period is. Throws Refusal when they are too many. */
export function partsOf(asked: FigureSpan, step: FigureStep, timeZone: string): readonly Part[] {
  const last = plain(asked.to);
  const parts: Part[] = [];
  for (let day = plain(asked.from); Temporal.PlainDate.compare(day, last) <= 0; ) {
    if (parts.length === MAX_PARTS)
      throw new Refusal('fields_invalid', `each: more than ${MAX_PARTS} parts; expected longer ones`);
    const next = nextPart(day, step);
    const end = Temporal.PlainDate.compare(next, last) > 0 ? last.add({ days: 1 }) : next;
    parts.push({ key: day.toString(), start: startOf(day, timeZone), end: startOf(end, timeZone) });
    day = next;
  }
  return parts;
}

/** The days of the city, in order: from the one that holds the first instant to the one that holds the last. */
export function daysOf(first: number, last: number, timeZone: string): readonly Period[] {
  const days: Period[] = [];
  let day = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(timeZone).toPlainDate();
  for (let start = startOf(day, timeZone); start <= last; ) {
    day = day.add({ days: 1 });
    const end = startOf(day, timeZone);
    days.push({ start, end });
    start = end;
  }
  return days;
}

/** Weeks begin on Monday (ISO 8601). */
function nextPart(day: Temporal.PlainDate, step: FigureStep): Temporal.PlainDate {
  if (step === 'day') return day.add({ days: 1 });
  if (step === 'week') return day.add({ days: 8 - day.dayOfWeek });
  return day.with({ day: 1 }).add({ months: 1 });
}

function startOf(day: Temporal.PlainDate, timeZone: string): number {
  return day.toZonedDateTime(timeZone).epochMilliseconds;
}

function dayOf(text: string, field: string): Temporal.PlainDate {
  try {
    return plain(text);
  } catch {
    throw new Refusal('fields_invalid', `${field}: there is no day ${JSON.stringify(text)}`);
  }
}

function plain(text: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(text, { overflow: 'reject' });
}

function span(from: Temporal.PlainDate, to: Temporal.PlainDate): FigureSpan {
  return { from: from.toString(), to: to.toString() };
}
