import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Clock, type ClockEvent, foldClock, instantOf } from './clock.ts';

/** The clock as somebody with a stopwatch would keep it: one unit of time after the other. */
function stopwatch(durationMs: number, events: readonly ClockEvent[], until: number) {
  let state: Clock['state'] = 'running';
  let allowed = durationMs;
  let used = 0;
  for (let now = 0; now <= until; now++) {
    for (const event of events.filter((entry) => entry.at === now)) {
      if (state === 'cancelled' && event.event !== 'restarted') continue;
      if (event.event === 'paused' && state === 'running') state = 'paused';
      else if (event.event === 'resumed' && state === 'paused') state = 'running';
      else if (event.event === 'reopened' && state === 'met') state = 'running';
      else if (event.event === 'extended') allowed += event.byMs;
      else if (event.event === 'met') state = 'met';
      else if (event.event === 'cancelled' && state !== 'met') state = 'cancelled';
      else if (event.event === 'restarted') {
        state = 'running';
        used = 0;
      }
    }
    if (state === 'running') used++;
  }
  return { state, allowed, used };
}

const UNTIL = 200;
const at = fc.integer({ min: 1, max: UNTIL - 1 });
const event: fc.Arbitrary<ClockEvent> = fc.oneof(
  fc.record({
    event: fc.constantFrom('paused', 'resumed', 'met', 'reopened', 'cancelled', 'restarted'),
    at,
  }) as fc.Arbitrary<ClockEvent>,
  fc.record({ event: fc.constant('extended' as const), at, byMs: fc.integer({ min: 1, max: 50 }) }),
);

test('whatever happens, the log adds up to what a stopwatch shows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.array(event, { maxLength: 20 }),
      (durationMs, history) => {
        const started: ClockEvent = { event: 'started', at: 0, durationMs };
        const clock = foldClock([started, ...history]) as Clock;
        const watch = stopwatch(durationMs, history, UNTIL);
        const ran = clock.runningSince === null ? 0 : UNTIL + 1 - clock.runningSince;
        expect(clock.state).toBe(watch.state);
        expect(clock.usedMs + ran).toBe(watch.used);
        expect(clock.durationMs).toBe(watch.allowed);
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
    ['moves by what was granted', [{ event: 'extended', at: 1050, byMs: 30 }], 1130],
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
