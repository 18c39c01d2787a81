import type { Clock, Ticket } from '@roadwatch/contract/api';
import { describe, expect, test } from 'vitest';
import {
  clockView,
  inOrder,
  isOverdue,
  repairClock,
  responseClock,
  resultToDecide,
  sceneLookDue,
} from './clock-view.ts';

const START = Date.UTC(2026, 4, 6, 8);
const MINUTE = 60_000;
const after = (minutes: number) => START + minutes * MINUTE;

function clock(kind: Clock['kind'], minutes: number, more: Partial<Clock> = {}): Clock {
  const [startedAt, deadlineAt] = [START, after(minutes)].map((at) => new Date(at).toISOString());
  return {
    kind,
    state: 'running',
    startedAt,
    deadlineAt,
    stoppedAt: null,
    breachedAt: null,
    ...more,
  } as Clock;
}

function ticket(number: string, clocks: readonly Clock[], state: Ticket['state'] = 'dispatched'): Ticket {
  return { number, state, clocks } as Ticket;
}

describe('the response clock of 30 minutes', () => {
  test.each([
    [0, 'calm', 30 * MINUTE],
    [23, 'calm', 7 * MINUTE],
    [24, 'soon', 6 * MINUTE],
    [30, 'soon', 0],
    [31, 'late', -MINUTE],
  ])('at +%i min is %s', (minutes, urgency, remainingMs) =>
    expect(clockView(clock('response', 30), after(minutes))).toMatchObject({ urgency, remainingMs }),
  );

  test('that was met in time is done, and one met late stays late', () => {
    const met = { state: 'met', stoppedAt: new Date(after(31)).toISOString() } as const;
    expect(clockView(clock('response', 30, met), after(50)).urgency).toBe('done');
    const breachedAt = new Date(after(30)).toISOString();
    expect(clockView(clock('response', 30, { ...met, breachedAt }), after(50)).urgency).toBe('late');
  });
});

describe('looking at the scene', () => {
  const waiting = ticket('1', [clock('response', 30), clock('scene_look', 20)]);

  test('is offered from +20 min on', () => {
    expect(sceneLookDue(waiting, after(19.9))).toBe(false);
    expect(sceneLookDue(waiting, after(20))).toBe(true);
  });

  test('is not offered once it no longer matters', () =>
    expect(sceneLookDue(ticket('1', [clock('scene_look', 20, { state: 'cancelled' })]), after(25))).toBe(
      false,
    ));

  test('makes no ticket overdue, nor its clock late', () => {
    expect(isOverdue(waiting, after(25))).toBe(false);
    expect(clockView(clock('scene_look', 20), after(25)).urgency).toBe('soon');
  });
});

test('a ticket is overdue from its deadline until its unit has answered', () => {
  expect(isOverdue(ticket('1', [clock('response', 30)]), after(31))).toBe(true);
  expect(isOverdue(ticket('1', [clock('response', 30, { state: 'met' })]), after(31))).toBe(false);
});

test('clocks are shown in the order in which they run out', () => {
  const clocks = [clock('resolution', 600), clock('scene_look', 20), clock('response', 30)];
  expect(inOrder(clocks).map(({ kind }) => kind)).toEqual(['response', 'scene_look', 'resolution']);
});

test('until the unit has the ticket the list shows how long that may take, then the response', () => {
  const met = { state: 'met' } as const;
  expect(responseClock(ticket('1', [clock('handover', 2)], 'filed'))?.kind).toBe('handover');
  expect(responseClock(ticket('1', [clock('handover', 2, met), clock('response', 30)]))?.kind).toBe(
    'response',
  );
  expect(responseClock(ticket('1', []))).toBeNull();
});

test('of the repair the list shows the deadline that comes next, and never "in time" while one runs', () => {
  const met = { state: 'met' } as const;
  const shown = (...clocks: Clock[]) => repairClock(ticket('1', clocks))?.kind;
  expect(shown(clock('resolution', 600, met), clock('review', 60))).toBe('review');
  expect(shown(clock('resolution', 600), clock('rework', 1440), clock('review', 60, met))).toBe('resolution');
  expect(shown(clock('resolution', 600, met), clock('review', 60, met))).toBe('resolution');
  expect(shown(clock('review', 60, met))).toBeUndefined();
});

test('what the camera said of the repair stands until somebody has decided', () => {
  const done = { state: 'done', result: 'fail' };
  const inspected = (state: string, ...inspections: object[]) =>
    resultToDecide({ state, inspections } as unknown as Ticket)?.result ?? null;
  expect(inspected('inspecting', done)).toBe('fail');
  expect(inspected('inspecting', done, { state: 'asked', result: null })).toBeNull();
  expect(inspected('rework', done)).toBeNull();
});
