/**
 * Working time by the tenant's clock on the wall: 工作时 counts the working hours of working days, 工作日 all 24 hours of working
 * days. Days are looked up in the time zone, so a day on which the clock is put forward is as long as it really is.
 */
import { Temporal } from 'temporal-polyfill';
import { ALWAYS, type Calendar } from './calendar.ts';

export const COUNTS = ['always', 'working_hours', 'working_days'] as const;
export type Counts = (typeof COUNTS)[number];
export type Calendars = Readonly<Record<Counts, Calendar>>;

export interface WorkCalendar {
  /** `08:30-12:00`, in order, not overlapping. */
  readonly hours: readonly string[];
  /** 1 is Monday (ISO 8601). */
  readonly weekdays: readonly number[];
  /** Dates, or `FIRST/LAST`; nobody works. */
  readonly holidays: readonly string[];
  /** The like; everybody works, whatever day of the week it is (调休). */
  readonly workdays: readonly string[];
}

/** Instants in milliseconds; the end is no longer part of it. */
type Interval = readonly [start: number, end: number];
type Day = { readonly intervals: readonly Interval[]; readonly end: number };

const MAX_CACHED_DAYS = 4000;
/** Nothing that counts in hours takes longer than this, in days. */
const MAX_DAYS = 200_000;
const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

export function calendarsOf(calendar: WorkCalendar, timeZone: string): Calendars {
  const hours = calendar.hours.map(parseHours);
  const isWorkday = workdays(calendar);
  return {
    always: ALWAYS,
    working_hours: countingDays(timeZone, (date) => (isWorkday(date) ? hours : [])),
    working_days: countingDays(timeZone, (date) => (isWorkday(date) ? [[0, 24 * 60]] : [])),
  };
}

/** What is wrong with it, one sentence each, with the key. */
export function calendarProblems({ hours, weekdays, holidays, workdays }: WorkCalendar): string[] {
  const problems: string[] = [];
  let before = 0;
  for (const [index, text] of hours.entries()) {
    const [start, end] = HOURS.test(text) ? parseHours(text) : [0, 0];
    if (!HOURS.test(text) || end > 24 * 60 || start >= end)
      problems.push(
        `hours[${index}]: ${JSON.stringify(text)} is not allowed; expected hours such as 08:30-12:00`,
      );
    else if (start < before)
      problems.push(`hours[${index}]: ${text} begins before the hours listed before it end`);
    before = end;
  }
  for (const [key, list] of Object.entries({ holidays, workdays }))
    for (const [index, text] of list.entries())
      if (parseRange(text) === null)
        problems.push(
          `${key}[${index}]: ${JSON.stringify(text)} is not allowed; expected a date such as 2026-10-01, or FIRST/LAST of at most a year`,
        );
  if (weekdays.length === 0) problems.push('weekdays: without a working day no time would ever count');
  if (hours.length === 0) problems.push('hours: without working hours no time would ever count');
  return problems;
}

function workdays({ weekdays, holidays, workdays }: WorkCalendar): (date: Temporal.PlainDate) => boolean {
  const [off, on] = [holidays, workdays].map(
    (list) => new Set(list.flatMap((text) => parseRange(text) ?? [])),
  );
  return (date) => {
    const name = date.toString();
    if (on?.has(name)) return true;
    return !off?.has(name) && weekdays.includes(date.dayOfWeek);
  };
}

/** The dates of a range; null when it is none. */
function parseRange(text: string): string[] | null {
  const [first, last = first, more] = text.split('/');
  if (more !== undefined || ![first, last].every((date) => /^\d{4}-\d\d-\d\d$/.test(date ?? ''))) return null;
  try {
    const from = Temporal.PlainDate.from(first as string, { overflow: 'reject' });
    const days = from.until(Temporal.PlainDate.from(last as string, { overflow: 'reject' })).days;
    if (days < 0 || days > 366) return null;
    return Array.from({ length: days + 1 }, (_, day) => from.add({ days: day }).toString());
  } catch {
    return null;
  }
}

/** Minutes of the day. */
function parseHours(text: string): readonly [number, number] {
  const [, h1, m1, h2, m2] = (HOURS.exec(text) ?? []).map(Number) as [number, number, number, number, number];
  return [h1 * 60 + m1, h2 * 60 + m2];
}

type Minutes = readonly (readonly [from: number, to: number])[];

function countingDays(timeZone: string, minutesOf: (date: Temporal.PlainDate) => Minutes): Calendar {
  const cache = new Map<string, Day>();
  const instant = (date: Temporal.PlainDate, minutes: number): number =>
    minutes === 24 * 60
      ? date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
      : date
          .toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
          .toZonedDateTime(timeZone).epochMilliseconds;
  const day = (date: Temporal.PlainDate): Day => {
    const name = date.toString();
    const known = cache.get(name);
    if (known !== undefined) return known;
    const intervals = minutesOf(date).map(([from, to]) => [instant(date, from), instant(date, to)] as const);
    const made = { intervals, end: instant(date, 24 * 60) };
    if (cache.size >= MAX_CACHED_DAYS) cache.clear();
    cache.set(name, made);
    return made;
  };
  /** What counts from an instant on, day by day. */
  function* intervalsFrom(from: number): Generator<Interval> {
    let date = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone).toPlainDate();
    for (let days = 0; days < MAX_DAYS; days++) {
      for (const [start, end] of day(date).intervals) if (end > from) yield [Math.max(start, from), end];
      date = date.add({ days: 1 });
    }
    throw new RangeError('no working time found');
  }
  return {
    add(from, ms) {
      let left = ms;
      if (left <= 0) return from;
      for (const [start, end] of intervalsFrom(from)) {
        if (start + left <= end) return start + left;
        left -= end - start;
      }
      return from;
    },
    between(from, to) {
      let counted = 0;
      if (to <= from) return 0;
      for (const [start, end] of intervalsFrom(from)) {
        if (start >= to) break;
        counted += Math.min(end, to) - start;
      }
      return counted;
    },
  };
}
