import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClockEvent, foldClock } from '../clocks/clock.ts';
import { type Calendars, calendarProblems, calendarsOf, type WorkCalendar } from './working-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OFFICE: WorkCalendar = {
  hours: ['08:30-12:00', '13:30-17:30'],
  weekdays: [1, 2, 3, 4, 5],
  holidays: ['2026-10-01/2026-10-07', '2026-04-06'],
  workdays: ['2026-09-20', '2026-10-10'],
};

function at(local: string, zone = '+08:00'): number {
  return Date.parse(`${local}:00${zone}`);
}

describe('in Hangzhou, over National Day 2026', () => {
  const { working_hours: hours, working_days: days, always } = calendarsOf(OFFICE, 'Asia/Shanghai');
  test.each<[string, string, number, string]>([
    ['within the morning', '2026-09-28T09:00', 2, '2026-09-28T11:00'],
    ['over the noon break', '2026-09-28T11:00', 2, '2026-09-28T14:30'],
    ['to the very end of the day', '2026-09-28T13:30', 4, '2026-09-28T17:30'],
    ['from before the day begins', '2026-09-28T03:00', 1, '2026-09-28T09:30'],
    ['from the evening into the next day', '2026-09-28T20:00', 1, '2026-09-29T09:30'],
    ['over the seven days of the holiday', '2026-09-30T16:30', 2, '2026-10-08T09:30'],
    ['on the Saturday that is worked for it', '2026-10-09T16:30', 2, '2026-10-10T09:30'],
    ['over the Sunday after it', '2026-10-10T16:30', 2, '2026-10-12T09:30'],
    ['a Sunday that is worked', '2026-09-20T08:30', 7.5, '2026-09-20T17:30'],
  ])('working hours %s', (_name, from, count, to) => {
    expect(new Date(hours.add(at(from), count * HOUR)).toISOString()).toBe(new Date(at(to)).toISOString());
  });
  test.each<[string, number, string]>([
    ['2026-09-28T15:00', 1, '2026-09-29T15:00'],
    ['2026-09-30T15:00', 1, '2026-10-08T15:00'],
    ['2026-10-03T15:00', 1, '2026-10-09T00:00'],
    ['2026-10-09T15:00', 2, '2026-10-12T15:00'],
  ])('from %s %d working days last until %s', (from, count, to) => {
    expect(new Date(days.add(at(from), count * DAY)).toISOString()).toBe(new Date(at(to)).toISOString());
  });
  test('what is urgent counts round the clock', () => {
    expect(always.add(at('2026-10-02T23:50'), 30 * MINUTE)).toBe(at('2026-10-03T00:20'));
  });
});

test('where the clock is put forward, the day is an hour shorter, and office hours are those on the wall', () => {
  const { working_hours: hours, working_days: days } = calendarsOf(
    { ...OFFICE, hours: ['00:00-24:00'], weekdays: [1, 2, 3, 4, 5, 6, 7] },
    'Europe/Berlin',
  );
  const midnight = at('2026-03-29T00:00', '+01:00');
  for (const calendar of [hours, days])
    expect(calendar.between(midnight, at('2026-03-30T00:00', '+02:00'))).toBe(23 * HOUR);
  const office = calendarsOf({ ...OFFICE, hours: ['09:00-17:00'] }, 'Europe/Berlin').working_hours;
  expect(office.add(at('2026-03-27T16:00', '+01:00'), 2 * HOUR)).toBe(at('2026-03-30T10:00', '+02:00'));
});

describe.each(['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns'])('in %s', (timeZone) => {
  const calendars = calendarsOf({ ...OFFICE, holidays: ['2026-10-26'], workdays: ['2026-10-31'] }, timeZone);
  const start = Date.UTC(2026, 9, 19);
  const LENGTH = 21 * 24 * 60;
  /** Minute by minute, by the clock on the wall: which count. Daylight saving ends within. */
  const wall = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
    hour12: false,
  });
  const counted = { working_hours: [] as boolean[], working_days: [] as boolean[] };
  for (let minute = 0; minute < LENGTH; minute++) {
    const text = wall.format(start + minute * MINUTE);
    const [date = '', time = ''] = text.split(', ');
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    const works = date === '2026-10-31' || (date !== '2026-10-26' && weekday >= 1 && weekday <= 5);
    const office = (time >= '08:30' && time < '12:00') || (time >= '13:30' && time < '17:30');
    counted.working_days.push(works);
    counted.working_hours.push(works && office);
  }
  const minute = fc.integer({ min: 0, max: 14 * 24 * 60 });

  test.each(['working_hours', 'working_days'] as const)(
    '%s are those that a person counts on the wall',
    (kind) => {
      const calendar = calendars[kind];
      fc.assert(
        fc.property(minute, minute, (a, b) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const expected = counted[kind].slice(from, to).filter(Boolean).length;
          expect(calendar.between(start + from * MINUTE, start + to * MINUTE)).toBe(expected * MINUTE);
        }),
      );
    },
  );

  test.each(['working_hours', 'working_days'] as const)(
    '%s: a deadline has exactly the time allowed before it',
    (kind) => {
      const calendar = calendars[kind];
      fc.assert(
        fc.property(
          minute,
          fc.integer({ min: 1, max: 40 * HOUR }),
          fc.integer({ min: 0, max: 20 * HOUR }),
          (from, ms, more) => {
            const begin = start + from * MINUTE;
            const deadline = calendar.add(begin, ms);
            expect(calendar.between(begin, deadline)).toBe(ms);
            expect(calendar.between(begin, deadline - 1)).toBe(ms - 1);
            expect(calendar.add(begin, ms + more)).toBe(calendar.add(deadline, more));
          },
        ),
      );
    },
  );
});

test('whatever happens to a clock, the working time that it counts is what lies between', () => {
  const calendars: Calendars = calendarsOf(OFFICE, 'Asia/Shanghai');
  const begin = at('2026-09-28T09:00');
  const event = fc.record({
    event: fc.constantFrom('paused' as const, 'resumed' as const, 'met' as const, 'reopened' as const),
    at: fc.integer({ min: 1, max: 14 * 24 * 60 }).map((minute) => begin + minute * MINUTE),
  });
  fc.assert(
    fc.property(
      fc.constantFrom('working_hours' as const, 'working_days' as const),
      fc.uniqueArray(event, { maxLength: 10, selector: (entry) => entry.at }),
      (kind, events) => {
        const calendar = calendars[kind];
        const started: ClockEvent = { event: 'started', at: begin, durationMs: 30 * HOUR };
        const clock = foldClock([started, ...events], calendar);
        expect(foldClock([...events.toReversed(), started], calendar)).toEqual(clock);
        const until = begin + 15 * DAY;
        let used = 0;
        let running: number | null = begin;
        for (const entry of [...events].sort((a, b) => a.at - b.at)) {
          const state = foldClock([started, ...events.filter((other) => other.at <= entry.at)], calendar);
          if (running !== null && state?.runningSince === null) {
            used += calendar.between(running, entry.at);
            running = null;
          } else if (running === null && state?.runningSince != null) running = entry.at;
        }
        if (running !== null) used += calendar.between(running, until);
        const since = clock?.runningSince ?? null;
        expect((clock?.usedMs ?? 0) + (since === null ? 0 : calendar.between(since, until))).toBe(used);
        if (since !== null && (clock?.usedMs ?? 0) < 30 * HOUR)
          expect(calendar.between(since, clock?.deadlineAt as number)).toBe(
            30 * HOUR - (clock?.usedMs as number),
          );
      },
    ),
    { numRuns: 300 },
  );
});

test('what is wrong with a calendar is said with its key', () => {
  expect(calendarProblems(OFFICE)).toEqual([]);
  const wrong = {
    hours: ['9-17', '08:00-12:00', '11:00-13:00', '17:00-08:00'],
    weekdays: [],
    holidays: ['2026-02-30'],
  };
  expect(calendarProblems({ ...wrong, workdays: ['2026-10-07/2026-10-01'] })).toEqual([
    'hours[0]: "9-17" is not allowed; expected hours such as 08:30-12:00',
    'hours[2]: 11:00-13:00 begins before the hours listed before it end',
    'hours[3]: "17:00-08:00" is not allowed; expected hours such as 08:30-12:00',
    'holidays[0]: "2026-02-30" is not allowed; expected a date such as 2026-10-01, or FIRST/LAST of at most a year',
    'workdays[0]: "2026-10-07/2026-10-01" is not allowed; expected a date such as 2026-10-01, or FIRST/LAST of at most a year',
    'weekdays: without a working day no time would ever count',
  ]);
});
