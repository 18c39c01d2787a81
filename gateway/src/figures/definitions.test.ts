/** The definitions as tables: what the sentences beside the figures say, case by case. */
import type { ClockState, TicketState } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import {
  CLOSED,
  DISPATCHED,
  DUE,
  FILED,
  JUDGED,
  median,
  RECURRENCE_MS,
  REPAIRED,
  share,
} from './definitions.ts';

const NOW = 1_000_000_000_000;
const clock = (state: ClockState, deadlineAt: number, breachedAt: number | null = null) => ({
  state,
  deadlineAt: NOW + deadlineAt,
  breachedAt,
});

test.each([
  ['answered before its deadline', clock('met', -10), true],
  ['answered after it', clock('met', -10, NOW - 10), false],
  ['not answered, deadline ahead', clock('running', 10), null],
  ['not answered, at the deadline itself', clock('running', 0), null],
  ['not answered, past it though nobody noticed', clock('running', -1), false],
  ['returned before its deadline', clock('cancelled', -10), null],
  ['returned after it', clock('cancelled', -10, NOW - 10), false],
  ['of a class without a deadline', null, null],
])('answered in time: %s', (_, response, counts) =>
  expect(DISPATCHED.answeredInTime({ response }, NOW)).toBe(counts),
);

test.each<[string, TicketState, ReturnType<typeof clock>, boolean | null]>([
  ['closed, repaired in time', 'closed', clock('met', -10), true],
  ['closed, repaired late', 'closed', clock('met', -10, NOW - 10), false],
  ['repaired in time, being inspected', 'inspecting', clock('met', -10), null],
  ['repaired late, being inspected', 'inspecting', clock('met', -10, NOW - 10), false],
  ['being worked on, deadline ahead', 'on_site', clock('running', 10), null],
  ['being worked on, deadline past', 'on_site', clock('running', -1), false],
  ['to be done again, deadline past', 'rework', clock('running', -1), false],
  ['suspended', 'suspended', clock('paused', -10), null],
  ['suspended after its deadline', 'suspended', clock('paused', -10, NOW - 10), null],
  ['cancelled after its deadline', 'cancelled', clock('cancelled', -10, NOW - 10), null],
])('closed on time: %s', (_, state, resolution, counts) =>
  expect(DUE.closedOnTime({ state, resolution, extended: false }, NOW)).toBe(counts),
);

test('more time counts for every ticket that was due, but for the cancelled', () => {
  const due = (state: TicketState, extended: boolean) =>
    DUE.extended({ state, extended, resolution: clock('met', -10) });
  expect([due('closed', true), due('on_site', false), due('cancelled', true)]).toEqual([true, false, null]);
});

test.each<[string, TicketState, number | null, true | null]>([
  ['under way', 'on_site', 5, true],
  ['cancelled once the unit had it', 'cancelled', 5, true],
  ['recalled before it left', 'cancelled', null, null],
])('filed: %s', (_, state, dispatchedAt, counts) =>
  expect(FILED.filed({ state, dispatchedAt })).toBe(counts),
);

test.each([
  ['repaired at once', { reworked: false, passed: true, recurred: false }, [false, true, false]],
  [
    'repaired twice, without a look',
    { reworked: true, passed: false, recurred: false },
    [true, false, false],
  ],
  ['back again', { reworked: false, passed: true, recurred: true }, [false, true, true]],
])('of a ticket closed 30 days ago, %s', (_, facts, counts) => {
  const ticket = { state: 'closed', outcome: 'repaired', closedAt: NOW - RECURRENCE_MS, ...facts } as const;
  expect([CLOSED.reworked(ticket), CLOSED.cameraProven(ticket), CLOSED.recurred(ticket, NOW)]).toEqual(
    counts,
  );
});

test('whether damage comes back is not known before 30 days are over, nor of what was not repaired', () => {
  const facts = {
    state: 'closed',
    closedAt: NOW - RECURRENCE_MS + 1,
    reworked: false,
    passed: false,
    recurred: true,
  } as const;
  expect(CLOSED.recurred({ ...facts, outcome: 'repaired' }, NOW)).toBeNull();
  const other = { ...facts, closedAt: 0, outcome: 'duplicate' } as const;
  expect([CLOSED.recurred(other, NOW), CLOSED.reworked(other), CLOSED.cameraProven(other)]).toEqual([
    null,
    null,
    null,
  ]);
});

test.each([
  ['confirmed', true, 60, true],
  ['rejected', true, 60, false],
  ['merged', true, 60, null],
  ['shelved', true, null, null],
  ['new', true, null, null],
  ['merged', false, null, null],
  ['shelved', false, null, null],
] as const)(
  'an alert %s (by a person: %s) has a time to verdict of %s, precision %s',
  (state, byPerson, ms, counts) => {
    const fact = { state, byPerson, createdAt: NOW - 60, judgedAt: NOW };
    expect([JUDGED.timeToVerdict(fact), JUDGED.precision(fact)]).toEqual([ms, counts]);
  },
);

test.each([
  ['dispatched and repaired', 10, 70, 60],
  ['sent on after its repair was refused', 80, 70, null],
  ['never dispatched', null, 70, null],
])('time to repair: %s', (_, dispatchedAt, repairedAt, ms) =>
  expect(REPAIRED.timeToRepair({ dispatchedAt, repairedAt })).toBe(ms),
);

test('nothing has no share and no median, and never NaN or 0 %', () => {
  expect([share(0, 0), median([])]).toEqual([
    { value: null, of: 0 },
    { value: null, of: 0 },
  ]);
  expect([share(0, 2).value, share(1, 4).value]).toEqual([0, 0.25]);
  expect([median([5, 1, 3]).value, median([4, 1, 3, 2]).value]).toEqual([3, 2.5]);
});

test('a cancelled ticket is not closed, whatever else is known of it', () => {
  const facts = { outcome: null, closedAt: 0, reworked: true, passed: true, recurred: true } as const;
  const values = (state: 'closed' | 'cancelled') => CLOSED.closed({ ...facts, state });
  expect([values('closed'), values('cancelled')]).toEqual([true, null]);
});
