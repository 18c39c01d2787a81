import { describe, expect, test } from 'vitest';
import { after, alert, deskWith, entry, list, NOW, OPERATOR, outbox } from '../../testing/desk.ts';
import type { Entry } from '../outbox/entry.ts';
import type { DeskEvent } from './desk-events.ts';
import { type DeskState, emptyDesk, isGone } from './desk-state.ts';
import { isVerdict, standingOf } from './verdict-list.ts';

const [A, B, C] = [alert('a', 1), alert('b', 2), alert('c', 3)];
const CONFIRMED: DeskEvent = { kind: 'judged', decision: { kind: 'confirm' }, at: NOW };
const TICKET = { id: 't', number: 'RW-1', recallUntil: NOW + 5_000 };
const waits = entry('a', { kind: 'confirm' });
const stands = entry('a', { kind: 'confirm' }, { kind: 'stored', ticket: TICKET });
const refusal = { kind: 'overtaken', by: 'user:wang', state: 'rejected' } as const;
const undo = (outcome: Entry['outcome'] = null): Entry =>
  entry('a', { kind: 'undo', of: waits.key }, outcome, NOW + 50);
const UNDONE = undo({ kind: 'stored', ticket: null });
const ready = (id: string): DeskEvent => ({ kind: 'became_ready', id });
const viewed = (set: Partial<DeskState['view']>): DeskEvent => ({ kind: 'viewed', set });

/** What a person sees of the desk, in short. */
function seen({ queue, current, ready, waiting, menu, verdicts, fresh }: DeskState) {
  return {
    queue: queue.map(({ id }) => id).join(' '),
    current: current?.id ?? null,
    ready,
    waiting,
    menu,
    fresh: [...fresh].join(' '),
    verdicts: verdicts
      .filter(isVerdict)
      .map((verdict) => standingOf(verdict, verdicts))
      .join(' '),
  };
}

const empty = emptyDesk(OPERATOR);
const desk = deskWith([A, B]);
const judged = after(desk, CONFIRMED, outbox(waits));
const stored = after(judged, outbox(stands));

test.each<[string, DeskState, readonly DeskEvent[], Partial<ReturnType<typeof seen>>]>([
  [
    'the first list puts a current alert',
    empty,
    [list(A, B)],
    { queue: 'a b', current: 'a', ready: false, fresh: '' },
  ],
  ['an empty list leaves no current alert', empty, [list()], { queue: '', current: null }],
  [
    'the first alert of an empty queue is current at once',
    empty,
    [list(), list(A)],
    { queue: 'a', current: 'a', fresh: '' },
  ],
  [
    'what arrives is new until it has been looked at',
    desk,
    [list(A, B, C)],
    { queue: 'a b c', current: 'a', fresh: 'c' },
  ],
  [
    'what has been looked at is no longer new',
    desk,
    [list(A, B, C), { kind: 'selected', id: 'c' }],
    { current: 'c', fresh: '' },
  ],
  ['what has gone is no longer new', desk, [list(A, B, C), list(A, B)], { queue: 'a b', fresh: '' }],
  [
    'what arrives waits while the pointer is on the queue',
    desk,
    [{ kind: 'held', held: true }, list(A, B, C)],
    { queue: 'a b', waiting: 1 },
  ],
  [
    'and comes in when it has left',
    desk,
    [{ kind: 'held', held: true }, list(A, B, C), { kind: 'held', held: false }],
    { queue: 'a b c', waiting: 0 },
  ],

  ['a current alert is ready for a verdict after a while', empty, [list(A, B), ready('a')], { ready: true }],
  ['being ready counts for the alert that it is about', empty, [list(A, B), ready('b')], { ready: false }],
  [
    'another current alert is not yet ready',
    desk,
    [{ kind: 'stepped', by: 1 }],
    { current: 'b', ready: false },
  ],
  ['the same one again stays ready', desk, [{ kind: 'selected', id: 'a' }], { current: 'a', ready: true }],
  ['a list anew leaves it ready', desk, [list(A, B)], { ready: true }],
  [
    'there is no step past the end',
    desk,
    [
      { kind: 'stepped', by: 1 },
      { kind: 'stepped', by: 1 },
    ],
    { current: 'b' },
  ],
  ['what is not in the queue cannot be selected', desk, [{ kind: 'selected', id: 'x' }], { current: 'a' }],

  [
    'a verdict brings the next alert',
    desk,
    [CONFIRMED, outbox(waits)],
    { queue: 'b', current: 'b', ready: false, verdicts: 'sending' },
  ],
  ['the last verdict leaves no current alert', deskWith([A]), [CONFIRMED], { queue: '', current: null }],
  [
    'a second key right after it was meant for the alert before',
    desk,
    [CONFIRMED, CONFIRMED],
    { queue: 'b', current: 'b' },
  ],
  [
    'a list that has not heard of the verdict does not bring the alert back',
    desk,
    [CONFIRMED, list(A, B)],
    { queue: 'b' },
  ],
  ['a verdict closes the menu', desk, [{ kind: 'menu_opened', menu: 'reject' }, CONFIRMED], { menu: null }],
  [
    'what waited comes in when the queue is empty',
    deskWith([A]),
    [{ kind: 'held', held: true }, list(A, B), CONFIRMED],
    { queue: 'b', current: 'b', waiting: 0 },
  ],

  ['a stored verdict stands', judged, [outbox(stands)], { verdicts: 'stored', queue: 'b' }],
  [
    'a refused verdict puts the alert back and leaves the other as it is',
    judged,
    [outbox(entry('a', { kind: 'confirm' }, refusal))],
    { queue: 'b a', current: 'b', verdicts: 'failed' },
  ],
  [
    'what was given before the page was loaded anew is not in the queue',
    empty,
    [outbox(waits), list(A, B)],
    { queue: 'b', current: 'b' },
  ],
  ['an undo goes on its way', stored, [outbox(undo(), stands)], { verdicts: 'undoing', queue: 'b' }],
  [
    'an undone verdict puts the current alert again',
    stored,
    [outbox(undo(), stands), outbox(UNDONE, stands)],
    { queue: 'a b', current: 'a', verdicts: 'undone' },
  ],
  [
    'so does one that is taken back before it was sent',
    judged,
    [outbox(entry('a', { kind: 'confirm' }, { kind: 'withdrawn' }))],
    { queue: 'a b', current: 'a', verdicts: 'undone' },
  ],
  [
    'also when the list has forgotten it',
    stored,
    [list(B), outbox(UNDONE, stands)],
    { queue: 'a b', current: 'a', fresh: '' },
  ],
  [
    'also when the pointer is on the queue',
    stored,
    [{ kind: 'held', held: true }, outbox(UNDONE, stands)],
    { queue: 'a b', current: 'a', waiting: 0 },
  ],
  [
    'once only',
    stored,
    [outbox(UNDONE, stands), { kind: 'selected', id: 'b' }, outbox(UNDONE, stands)],
    { current: 'b' },
  ],
  [
    'a refused undo leaves the verdict standing',
    stored,
    [outbox(undo(refusal), stands)],
    { verdicts: 'stored', queue: 'b', current: 'b' },
  ],
  [
    'what is judged is in the queue again when the gateway still lists it long after',
    after(stored, list(A, B)),
    [{ kind: 'ticked', at: NOW + 10_101 }],
    { queue: 'b a' },
  ],
  [
    'but not while the verdict waits',
    after(judged, list(A, B)),
    [{ kind: 'ticked', at: NOW + 60_000 }],
    { queue: 'b' },
  ],

  [
    'Escape closes a menu',
    desk,
    [{ kind: 'menu_opened', menu: 'shelve' }, { kind: 'closed' }],
    { menu: null },
  ],
  [
    'another alert closes the menu',
    desk,
    [
      { kind: 'menu_opened', menu: 'shelve' },
      { kind: 'stepped', by: 1 },
    ],
    { menu: null },
  ],
  [
    'an alert that is gone opens no menu',
    after(desk, list(B)),
    [{ kind: 'menu_opened', menu: 'reject' }],
    { menu: null },
  ],
  ['nor is it judged', after(desk, list(B)), [CONFIRMED], { current: 'a', verdicts: '' }],
])('%s', (_, state, events, expected) => expect(seen(after(state, ...events))).toMatchObject(expected));

describe('the current alert', () => {
  test('stays in sight when somebody else has judged it, until the operator goes on', () => {
    const gone = after(desk, list(B));
    expect([gone.current, isGone(gone)]).toEqual([A, true]);
    expect(after(gone, { kind: 'went_on' }).current).toBe(B);
  });

  test('shows what the last list says of it', () => {
    const claimed = alert('a', 1, { claimedBy: 'user:wang' });
    expect(after(desk, list(claimed, B)).current).toBe(claimed);
  });
});

describe('the view', () => {
  const live = after(desk, viewed({ shows: 'live', zoomed: true, withBox: false, source: 'x' }));

  test('begins anew with another alert, but for the box', () =>
    expect(after(live, { kind: 'stepped', by: 1 }).view).toEqual({
      shows: 'still',
      zoomed: false,
      withBox: false,
      source: null,
    }));

  test('is closed by Escape after the menu that lies above it', () => {
    const once = after(live, { kind: 'menu_opened', menu: 'reject' }, { kind: 'closed' });
    expect([once.menu, once.view.shows]).toEqual([null, 'live']);
    expect(after(once, { kind: 'closed' }).view).toMatchObject({ shows: 'still', zoomed: false });
  });
});

describe('a claim', () => {
  test('is asked for once, and ends with the answer', () => {
    const asked = after(desk, { kind: 'claim_asked' });
    expect(asked.claim).toEqual({ alertId: 'a', wanted: 'claim' });
    expect(after(asked, { kind: 'stepped', by: 1 }, { kind: 'claim_asked' }).claim).toBe(asked.claim);
    expect(after(asked, { kind: 'claim_answered' }).claim).toBeNull();
  });

  test('of mine is let go by the same key', () =>
    expect(
      after(deskWith([alert('a', 1, { claimedBy: 'user:li.na' })]), { kind: 'claim_asked' }).claim,
    ).toEqual({ alertId: 'a', wanted: 'release' }));
});

test('what a key could not do is said until something is done, or for a while', () => {
  const denied = after(desk, { kind: 'denied', whyNot: { why: 'noMenu' }, at: NOW });
  expect(denied.denied?.why).toBe('noMenu');
  expect(after(denied, { kind: 'ticked', at: NOW + 6_000 }).denied).not.toBeNull();
  expect(after(denied, { kind: 'ticked', at: NOW + 6_001 }).denied).toBeNull();
  expect(after(denied, CONFIRMED).denied).toBeNull();
});

test('a tick that changes nothing is no change', () =>
  expect(after(stored, { kind: 'ticked', at: NOW })).toBe(stored));
