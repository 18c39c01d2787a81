import { describe, expect, test } from 'vitest';
import { after, alert, deskWith, entry, hand, NOW, OPERATOR, outbox } from '../../testing/desk.ts';
import type { Entry } from '../outbox/entry.ts';
import type { DeskEvent } from './desk-events.ts';
import { type DeskState, emptyDesk, isGone } from './desk-state.ts';
import { NO_FILTER } from './filter/filter.ts';
import { holdingOf } from './hand.ts';
import { isVerdict, standingOf } from './verdict-list.ts';

const [A, B, C, D] = [alert('a', 1), alert('b', 2), alert('c', 3), alert('d', 4)];
const CONFIRMED: DeskEvent = { kind: 'judged', decision: { kind: 'confirm' } };
const TICKET = { id: 't', number: 'RW-1', recallUntil: NOW + 5_000 };
const waits = entry('a', { kind: 'confirm' });
const stands = entry('a', { kind: 'confirm' }, { kind: 'stored', ticket: TICKET });
const refusal = { kind: 'overtaken', by: 'user:wang', state: 'rejected' } as const;
const undo = (outcome: Entry['outcome'] = null): Entry =>
  entry('a', { kind: 'undo', of: waits.key }, outcome, NOW + 50);
const UNDONE = undo({ kind: 'stored', ticket: null });
const ready = (id: string): DeskEvent => ({ kind: 'became_ready', id });
const took = (taken: typeof A): DeskEvent => ({ kind: 'took', alert: taken });
const viewed = (set: Partial<DeskState['view']>): DeskEvent => ({ kind: 'viewed', set });

/** What a person sees of the desk, in short. */
function seen({ current, ahead, ready, waiting, menu, verdicts }: DeskState) {
  return {
    current: current?.id ?? null,
    ahead: ahead.map(({ id }) => id).join(' '),
    ready,
    waiting,
    menu,
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
  ['the first of what is handed is current', empty, [hand(A, B)], { current: 'a', ahead: 'b', ready: false }],
  ['nothing handed leaves no current alert', empty, [hand()], { current: null, waiting: 0 }],
  [
    'what is handed anew leaves the current one',
    desk,
    [hand(A, C)],
    { current: 'a', ahead: 'c', ready: true },
  ],
  [
    'so does a hand without it: somebody else may have it, which is said',
    desk,
    [hand(B, C)],
    { current: 'a', ahead: 'b c' },
  ],

  ['a current alert is ready for a verdict after a while', empty, [hand(A), ready('a')], { ready: true }],
  ['being ready counts for the alert that it is about', empty, [hand(A), ready('b')], { ready: false }],
  [
    'a particular one is taken before its turn, and the one before stays ready behind it',
    desk,
    [took(C)],
    { current: 'c', ahead: 'a b', ready: false },
  ],
  ['no more than two stay ready', desk, [took(C), took(D)], { current: 'd', ahead: 'c a' }],
  ['the same one again stays as it is', desk, [took(A)], { current: 'a', ahead: 'b', ready: true }],

  [
    'a verdict brings the next alert',
    desk,
    [CONFIRMED, outbox(waits)],
    { current: 'b', ahead: '', ready: false, verdicts: 'sending' },
  ],
  ['the last verdict leaves no current alert', deskWith([A]), [CONFIRMED], { current: null }],
  [
    'a second key right after it was meant for the alert before',
    desk,
    [CONFIRMED, CONFIRMED],
    { current: 'b' },
  ],
  [
    'a hand that has not heard of the verdict does not bring the alert back',
    judged,
    [hand(A, B, C)],
    { current: 'b', ahead: 'c' },
  ],
  ['a verdict closes the menu', desk, [{ kind: 'menu_opened', menu: 'reject' }, CONFIRMED], { menu: null }],

  ['a stored verdict stands', judged, [outbox(stands)], { verdicts: 'stored', current: 'b' }],
  [
    'a refused verdict leaves the other at hand',
    judged,
    [outbox(entry('a', { kind: 'confirm' }, refusal))],
    { current: 'b', verdicts: 'failed' },
  ],
  [
    'what was given before the page was loaded anew is not at hand',
    empty,
    [outbox(waits), hand(A, B)],
    { current: 'b' },
  ],
  ['an undo goes on its way', stored, [outbox(undo(), stands)], { verdicts: 'undoing', current: 'b' }],
  [
    'an undone verdict puts its alert at hand again',
    stored,
    [outbox(undo(), stands), outbox(UNDONE, stands)],
    { current: 'a', ahead: 'b', verdicts: 'undone' },
  ],
  [
    'so does one that is taken back before it was sent',
    judged,
    [outbox(entry('a', { kind: 'confirm' }, { kind: 'withdrawn' }))],
    { current: 'a', ahead: 'b', verdicts: 'undone' },
  ],
  ['once only', stored, [outbox(UNDONE, stands), took(B), outbox(UNDONE, stands)], { current: 'b' }],
  [
    'a refused undo leaves the verdict standing',
    stored,
    [outbox(undo(refusal), stands)],
    { verdicts: 'stored', current: 'b' },
  ],
  [
    'what the gateway hands out again long after the verdict is shown',
    stored,
    [{ kind: 'ticked', at: NOW + 10_101 }, hand(A, B)],
    { current: 'b', ahead: 'a' },
  ],
  [
    'but not while the verdict waits',
    judged,
    [{ kind: 'ticked', at: NOW + 60_000 }, hand(A, B)],
    { current: 'b', ahead: '' },
  ],

  [
    'Escape closes a menu',
    desk,
    [{ kind: 'menu_opened', menu: 'shelve' }, { kind: 'closed' }],
    { menu: null },
  ],
  ['another alert closes the menu', desk, [{ kind: 'menu_opened', menu: 'shelve' }, took(B)], { menu: null }],
])('%s', (_, state, events, expected) => expect(seen(after(state, ...events))).toMatchObject(expected));

describe('an alert that somebody else has judged', () => {
  const gone = after(desk, { kind: 'renewed', alert: alert('a', 1, { state: 'rejected' }) });

  test('stays in sight until the operator goes on', () => {
    expect([gone.current?.id, isGone(gone)]).toEqual(['a', true]);
    expect(after(gone, { kind: 'went_on' }).current).toBe(B);
  });

  test('opens no menu, is not judged, and is not kept from others', () => {
    expect(after(gone, { kind: 'menu_opened', menu: 'reject' }).menu).toBeNull();
    expect(after(gone, CONFIRMED)).toBe(gone);
    expect(holdingOf(gone)).toEqual(['b']);
  });

  test('is no longer ready behind the current one', () =>
    expect(after(desk, { kind: 'renewed', alert: alert('b', 2, { state: 'merged' }) }).ahead).toEqual([]));
});

describe('the view', () => {
  const live = after(desk, viewed({ shows: 'live', zoomed: true, withBox: false, source: 'x' }));

  test('begins anew with another alert, but for the box', () =>
    expect(after(live, took(B)).view).toEqual({
      shows: 'still',
      zoomed: false,
      withBox: false,
      source: null,
      earlier: null,
    }));

  test('is closed by Escape after the menu that lies above it', () => {
    const once = after(live, { kind: 'menu_opened', menu: 'reject' }, { kind: 'closed' });
    expect([once.menu, once.view.shows]).toEqual([null, 'live']);
    expect(after(once, { kind: 'closed' }).view).toMatchObject({ shows: 'still', zoomed: false });
  });
});

test('what is known of the place of another alert is not taken for that of the current one', () => {
  const place = { kind: 'place_known', neighbours: [], earlier: [C] } as const;
  expect(after(desk, { ...place, id: 'b' }).earlier).toEqual([]);
  expect(after(desk, { ...place, id: 'a' }).earlier).toEqual([C]);
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

describe('what the list shows, rejected together', () => {
  const decision = {
    kind: 'reject_many',
    reason: 'marking',
    alerts: [A, B].map(({ id }) => ({ id, version: 1 })),
  } as const;
  const opened = after(deskWith([A, C]), { kind: 'batch_opened', alerts: [A, B] });
  const given = after(opened, { kind: 'judged_together', decision });

  test('leaves the queue at once, and the next one is at hand', () => {
    expect(seen(opened)).toMatchObject({ current: 'a', menu: 'batch' });
    expect([...given.judged]).toEqual(['a', 'b']);
    expect(seen(given)).toMatchObject({ current: 'c', ahead: '', menu: null });
  });

  test('without the alert at hand leaves that where it is', () => {
    const without = after(opened, { kind: 'batch_without', id: 'a' }, { kind: 'judged_together', decision });
    expect([...without.judged]).toEqual(['b']);
    expect(seen(without)).toMatchObject({ current: 'a', menu: null });
  });

  test('is none once all of it is left out, or its menu is closed', () => {
    for (const events of [
      [
        { kind: 'batch_without', id: 'a' },
        { kind: 'batch_without', id: 'b' },
      ],
      [{ kind: 'closed' }],
    ] as const)
      expect(after(opened, ...events)).toMatchObject({ menu: null, batch: [] });
  });

  test('comes back as one, but for what the gateway did not take', () => {
    const stored = entry('a', decision, { kind: 'stored', ticket: null, left: ['b'] });
    expect([...after(given, outbox(stored)).judged]).toEqual(['a']);
    const undone = entry(
      'a',
      { kind: 'undo', of: stored.key, alerts: ['a'] },
      { kind: 'stored', ticket: null },
    );
    const back = after(given, outbox(stored), outbox(undone, stored));
    expect([...back.judged]).toEqual([]);
    expect(seen(back).current).toBe('a');
  });
});

test('another part of the queue is begun with nothing of the one before', () => {
  const filter = { ...NO_FILTER, search: '?unit=roads', asked: { unit: 'roads' } };
  const other = after(desk, { kind: 'filter_set', filter });
  expect(seen(other)).toMatchObject({ current: null, ahead: '', waiting: null });
  expect(holdingOf(other)).toEqual([]);
  expect(after(other, { kind: 'filter_set', filter: { ...filter } })).toBe(other);
});
