import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALWAYS } from '../calendar/calendar.ts';
import { type Clock, type ClockEvent, foldClock, instantOf, project } from './clock.ts';

/** The clock as somebody with a stopwatch would keep it: one unit of time after the other. */
function stopwatch(events: readonly ClockEvent[], until: number) {
  let state: Clock['state'] = 'running';
  let used = 0;
  for (let now = 0; now <= until; now++) {
    for (const event of events.filter((entry) => entry.at === now)) {
      if (state === 'cancelled' && event.event !== 'restarted') continue;
      if (event.event === 'paused' && state === 'running') state = 'paused';
      else if (event.event === 'resumed' && state === 'paused') state = 'running';
      else if (event.event === 'reopened' && state === 'met') state = 'running';
      else if (event.event === 'met') state = 'met';
      else if (event.event === 'cancelled' && state !== 'met') state = 'cancelled';
      else if (event.event === 'restarted') {
        state = 'running';
        used = 0;
      }
    }
    if (state === 'running') used++;
  }
  return { state, used };
}

const UNTIL = 200;
const at = fc.integer({ min: 1, max: UNTIL - 1 });
const event = fc.record({
  event: fc.constantFrom('paused', 'resumed', 'met', 'reopened', 'cancelled', 'restarted'),
  at,
}) as fc.Arbitrary<ClockEvent>;

test('whatever happens, the log adds up to what a stopwatch shows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.array(event, { maxLength: 20 }),
      (durationMs, history) => {
        const started: ClockEvent = { event: 'started', at: 0, durationMs };
        const clock = foldClock([started, ...history]) as Clock;
        const watch = stopwatch(history, UNTIL);
        const ran = clock.runningSince === null ? 0 : UNTIL + 1 - clock.runningSince;
        expect(clock.state).toBe(watch.state);
        expect(clock.usedMs + ran).toBe(watch.used);
        expect(clock.durationMs).toBe(durationMs);
        if (clock.runningSince !== null && clock.usedMs < clock.durationMs)
          expect(clock.deadlineAt).toBe(clock.runningSince + clock.durationMs - clock.usedMs);
      },
    ),
    { numRuns: 2000 },
  );
});

test('events entered late and out of order give the clock that they would have given in time', () => {
  const distinct = fc.uniqueArray(event, { maxLength: 20, selector: (entry) => entry.at });
  fc.assert(
    fc.property(distinct, fc.infiniteStream(fc.nat()), (history, order) => {
      const started: ClockEvent = { event: 'started', at: 0, durationMs: 60 };
      const shuffled = history
        .map((entry) => ({ entry, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ entry }) => entry);
      expect(foldClock([...shuffled, started])).toEqual(foldClock([started, ...history]));
    }),
  );
});

describe('the deadline', () => {
  const started: ClockEvent = { event: 'started', at: 1000, durationMs: 100 };
  const cases: [string, readonly ClockEvent[], number][] = [
    ['is the whole time after the start', [], 1100],
    [
      'moves by as long as it stood still',
      [
        { event: 'paused', at: 1040 },
        { event: 'resumed', at: 1500 },
      ],
      1560,
    ],
    ['begins anew when it is restarted', [{ event: 'restarted', at: 1090 }], 1190],
    [
      'goes on from where it stood when the repair did not hold',
      [
        { event: 'met', at: 1080 },
        { event: 'reopened', at: 5000 },
      ],
      5020,
    ],
    [
      'stays where it was once it has been overrun',
      [
        { event: 'paused', at: 1300 },
        { event: 'resumed', at: 1400 },
      ],
      1100,
    ],
  ];
  test.each(cases)('%s', (_name, events, deadline) => {
    expect(foldClock([started, ...events])?.deadlineAt).toBe(deadline);
  });

  test('is told in steps of the time allowed, and not at all while the clock stands still', () => {
    const running = foldClock([started]) as Clock;
    expect([50, 80, 100, 150].map((percent) => instantOf(running, percent))).toEqual([
      1050, 1080, 1100, 1150,
    ]);
    expect(instantOf(foldClock([started, { event: 'paused', at: 1010 }]) as Clock, 50)).toBeNull();
  });
});

describe('a breach', () => {
  const started: ClockEvent = { event: 'started', at: 1000, durationMs: 100 };
  const cases: [string, readonly ClockEvent[], number | null][] = [
    ['is none while nothing shows it', [], null],
    ['is none when it was met in time', [{ event: 'met', at: 1100 }], null],
    ['is at the deadline, whenever its step was noticed', [{ event: 'rung', at: 1100, percent: 100 }], 1100],
    ['is at the deadline when it was met late and nobody had noticed', [{ event: 'met', at: 1900 }], 1100],
    ['is none of what was cancelled', [{ event: 'cancelled', at: 1900 }], null],
    [
      'is never taken back, neither by a suspension nor by a new beginning',
      [
        { event: 'rung', at: 1100, percent: 100 },
        { event: 'paused', at: 1200 },
        { event: 'resumed', at: 1300 },
        { event: 'restarted', at: 1400 },
        { event: 'met', at: 1410 },
      ],
      1100,
    ],
    [
      'is none when it begins anew after it was met',
      [
        { event: 'met', at: 1050 },
        { event: 'restarted', at: 1900 },
        { event: 'met', at: 1950 },
      ],
      null,
    ],
  ];
  test.each(cases)('%s', (_name, events, breachedAt) => {
    expect(foldClock([started, ...events])?.breachedAt).toBe(breachedAt);
  });
});

test('its row follows from its log alone: the steps that have fired, and when the next is due', () => {
  const started: ClockEvent = { event: 'started', at: 1000, durationMs: 100 };
  const rung: ClockEvent = { event: 'rung', at: 1050, percent: 50 };
  expect(project([started], 'response', ALWAYS)).toMatchObject({ fired: 0, due_at: 1050 });
  expect(project([started, rung], 'response', ALWAYS)).toMatchObject({ fired: 50, due_at: 1080 });
  expect(project([started, rung, { event: 'met', at: 1060 }], 'response', ALWAYS)).toMatchObject({
    state: 'met',
    fired: 50,
    due_at: null,
    breached_at: null,
  });
  expect(project([started, rung, { event: 'restarted', at: 1060 }], 'response', ALWAYS)).toMatchObject({
    fired: 0,
    due_at: 1110,
  });
});
