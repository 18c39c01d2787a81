import { describe, expect, test } from 'vitest';
import { after, alert, deskWith, entry, NOW, OPERATOR, outbox } from '../../testing/desk.ts';
import { press } from '../../testing/press.ts';
import type { Language } from '../shared/texts/index.ts';
import { TEXTS } from '../shared/texts/index.ts';
import { wallClock } from '../shared/time/time.ts';
import type { Action } from './action.ts';
import { ACTIONS, actionsOf, CONFIRM, LIVE, UNDO } from './actions.ts';
import { type DeskState, emptyDesk } from './desk-state.ts';
import { NO_FILTER } from './filter/filter.ts';
import { keyList } from './key-list.ts';
import { capText, pressed } from './keys.ts';
import { MENUS } from './menus.ts';
import { type WhyNot, whyNotText } from './why-not.ts';

const LANGUAGES: readonly Language[] = ['en', 'zh'];
const MOMENT = { now: NOW, wall: wallClock('Asia/Shanghai'), texts: TEXTS.en };
const A = alert('a', 1);
const B = alert('b', 2);
const open = deskWith([A, B]);
const NEXT_ONE = { kind: 'took', alert: B } as const;
const NEIGHBOUR = { alert: B, apart: false, hasTicket: false, metres: 7, position: null };
const GONE = after(open, { kind: 'renewed', alert: alert('a', 1, { state: 'rejected' }) });
const FILTERED = {
  kind: 'filter_set',
  filter: { ...NO_FILTER, search: '?camera=s/a/c', asked: { camera: 's/a/c' } },
} as const;
const PLACE = { kind: 'place_known', id: 'a', neighbours: [NEIGHBOUR], earlier: [B] } as const;
const inMenu = (menu: 'reject' | 'shelve') => after(open, { kind: 'menu_opened', menu });
const STANDS = entry('x', { kind: 'reject', reason: 'other' }, { kind: 'stored', ticket: null });
const perform = (action: Action, state: DeskState): DeskState => after(state, action.does(state, MOMENT));

describe.each(LANGUAGES)('the list of keys in %s', (language) => {
  const texts = TEXTS[language];

  test('has every action once, in words of its own', () => {
    const said = keyList(texts).map(({ explanation }) => explanation);
    expect(said).toHaveLength(ACTIONS.length);
    expect(new Set(said).size).toBe(ACTIONS.length);
  });

  test('names no key that does nothing, and every one that does something', () => {
    const listed = keyList(texts).flatMap(({ caps }) => caps);
    const bound = ACTIONS.flatMap(({ keys }) => keys.map((key) => capText(key, texts)));
    const digits = Object.values(MENUS).map(({ choices }) => `1-${choices.length}`);
    expect(listed.toSorted()).toEqual([...bound, ...digits].toSorted());
  });

  test('no button is without a label', () => {
    for (const action of [...ACTIONS, ...Object.values(MENUS).flatMap(({ choices }) => choices)])
      expect(action.label(texts, open, language) !== '' || action.isThere?.(open) === false).toBe(true);
  });
});

describe('a key', () => {
  // A desk on which the action has something to change.
  const given = after(open, { kind: 'denied', whyNot: { why: 'noMenu' }, at: NOW }, outbox(STANDS));
  const zoomed = after(open, { kind: 'viewed', set: { zoomed: true } });
  const denied = after(open, { kind: 'denied', whyNot: { why: 'noMenu' }, at: NOW });
  const from: Readonly<Record<string, DeskState>> = {
    undo: given,
    next: denied,
    merge: after(open, PLACE),
    earlier: after(open, PLACE),
    close: zoomed,
    previous: denied,
    batch: after(open, { kind: 'denied', whyNot: { why: 'noMenu' }, at: NOW }),
    'show-all': after(open, FILTERED, { kind: 'denied', whyNot: { why: 'noMenu' }, at: NOW }),
  };

  test.each(ACTIONS.flatMap((action) => action.keys.map((key) => [action.name, key, action] as const)))(
    'for %s acts, wherever it is',
    (name, { places, signs = [] }, action) => {
      const state = from[name] ?? open;
      const presses = [...places.map((code) => press(code)), ...signs.map((key) => press('', { key }))];
      expect(presses).not.toEqual([]);
      for (const each of presses) expect(pressed(each, actionsOf(state))).toBe(action);
      expect(action.whyNot(state, NOW)).toBeNull();
      expect(perform(action, state)).not.toEqual(state);
    },
  );

  test.each([
    ['the desk', open],
    ['the menu of reasons', inMenu('reject')],
    ['the menu of times', inMenu('shelve')],
  ])('stands in no two actions of %s', (_, state) => {
    // Where a menu is open, digits of the right block choose, and do not walk through the list.
    const { menu } = state;
    const inReach = menu === null ? ACTIONS : MENUS[menu].choices;
    const places = inReach.flatMap(({ keys }) =>
      keys.flatMap((key) => [...key.places, ...(key.signs ?? [])]),
    );
    expect(places).toEqual([...new Set(places)]);
  });
});

test('Enter does not dispatch while a reason to reject is being asked for', () => {
  expect(pressed(press('Enter'), actionsOf(open))).toBe(CONFIRM);
  expect(pressed(press('Enter'), actionsOf(inMenu('reject')))).toBe(CONFIRM);
  expect(CONFIRM.whyNot(inMenu('reject'), NOW)).toEqual({ why: 'menuOpen' });
});

test.each(['reject', 'shelve'] as const)(
  'each digit of the menu to %s gives its verdict, and only there',
  (menu) => {
    MENUS[menu].choices.forEach((choice, index) => {
      const digit = press(`Digit${index + 1}`);
      expect(pressed(digit, actionsOf(open))).toBeNull();
      const found = pressed(digit, actionsOf(inMenu(menu)));
      expect(found).toBe(choice);
      expect(choice.does(inMenu(menu), MOMENT)).toMatchObject({ kind: 'judged', decision: { kind: menu } });
    });
  },
);

const names = (state: DeskState) =>
  ACTIONS.filter((action) => action.whyNot(state, NOW) === null).map(({ name }) => name);
const LOOKING = ['next', 'previous', 'overlay', 'zoom', 'clip', 'live', 'find', 'close', 'help'];
const DECIDING = ['confirm', 'reject', 'shelve', 'batch'];

describe('what is possible', () => {
  test.each<[string, DeskState, string[]]>([
    ['with nothing to judge', emptyDesk(OPERATOR), ['find', 'help']],
    ['with a part of the queue', after(open, FILTERED), ['find', 'show-all', 'help']],
    ['with an alert', open, [...DECIDING, ...LOOKING]],
    ['once a verdict can be taken back', after(open, outbox(STANDS)), [...DECIDING, 'undo', ...LOOKING]],
    [
      'for those who may only look',
      deskWith([A], { ...OPERATOR, username: 'wang', role: 'viewer' }),
      LOOKING,
    ],
    [
      'with another alert near it, and one seen there before',
      after(open, PLACE),
      [...DECIDING, 'merge', 'earlier', ...LOOKING],
    ],
    [
      'with an alert that another has claimed',
      deskWith([alert('a', 1, { claimedBy: 'user:wang' })]),
      ['batch', ...LOOKING],
    ],
    ['with an alert that another has judged', GONE, ['confirm', 'batch', ...LOOKING]],
    [
      'with what a person has reported',
      deskWith([alert('a', 1, { report: {} as never })]),
      [...DECIDING, ...LOOKING.filter((name) => name !== 'live')],
    ],
  ])('%s', (_, state, expected) => expect(names(state).toSorted()).toEqual(expected.toSorted()));
});

test('from an alert that another has judged Enter goes on, and its button says so', () => {
  expect(CONFIRM.label(TEXTS.en, GONE, 'en')).toBe('Go on');
  expect(perform(CONFIRM, GONE).current).toBe(B);
});

test.each<[string, DeskState, Action, WhyNot]>([
  ['Enter with nothing at hand', emptyDesk(OPERATOR), CONFIRM, { why: 'nothingAtHand' }],
  ['Enter right after the alert has appeared', after(open, NEXT_ONE), CONFIRM, { why: 'notSeenYet' }],
  [
    'Enter on what another has',
    deskWith([alert('a', 1, { claimedBy: 'user:wang' })]),
    CONFIRM,
    { why: 'heldBy', name: 'wang' },
  ],
  ['U with nothing to take back', open, UNDO, { why: 'nothingToUndo' }],
  [
    'U after the order has gone out',
    after(
      open,
      outbox(
        entry(
          'x',
          { kind: 'confirm' },
          { kind: 'stored', ticket: { id: 't', number: 'RW-1', recallUntil: NOW } },
        ),
        STANDS,
      ),
    ),
    UNDO,
    { why: 'dispatchedAlready', name: 'RW-1' },
  ],
  [
    'L on what a person has reported',
    deskWith([alert('a', 1, { report: {} as never })]),
    LIVE,
    { why: 'noCamera' },
  ],
])('%s says why not, in both languages', (_, state, action, expected) => {
  const whyNot = action.whyNot(state, NOW);
  expect(whyNot).toEqual(expected);
  for (const language of LANGUAGES)
    expect(whyNotText(expected, TEXTS[language])).toContain(expected.name ?? '');
});
