import { describe, expect, test } from 'vitest';
import { press } from '../../testing/press.ts';
import { TEXTS } from '../shared/texts/index.ts';
import { ACTIONS, CONFIRM, REJECT, ZOOM } from './actions.ts';
import { changed, conflictOf, conflictText, readBindings, withKeys } from './bindings.ts';
import { pressed } from './keys.ts';

const boundTo = (code: string) => ACTIONS.map((action) => withKeys(action, changed({}, REJECT, { code })));

test('a changed key does what it was given, and the old one nothing', () => {
  const bound = boundTo('KeyX');
  expect(pressed(press('KeyX'), bound)?.name).toBe('reject');
  expect(pressed(press('KeyN'), bound)).toBeNull();
});

test('the other keys of an action stay', () =>
  expect(pressed(press('NumpadSubtract'), boundTo('KeyX'))?.name).toBe('reject'));

describe('a key', () => {
  test.each([
    ['of another action', 'KeyS', 'taken'],
    ['of the block of digits', 'Digit3', 'reserved'],
    ['that closes', 'Escape', 'reserved'],
    ['that only changes others', 'ShiftLeft', 'unusable'],
  ])('%s is refused in words of both languages', (_, code, kind) => {
    const conflict = conflictOf(code, REJECT, {});
    expect(conflict?.kind).toBe(kind);
    for (const texts of Object.values(TEXTS))
      expect(conflict === null ? '' : conflictText(conflict, texts)).not.toBe('');
  });

  test('that is free, or its own, is not', () => {
    expect(conflictOf('KeyX', REJECT, {})).toBeNull();
    expect(conflictOf('KeyN', REJECT, {})).toBeNull();
  });

  test('that another action has been given is taken, and the one that it had is free', () => {
    const moved = changed({}, ZOOM, { code: 'KeyX' });
    expect(conflictOf('KeyX', CONFIRM, moved)).toEqual({ kind: 'taken', by: ZOOM });
    expect(conflictOf('KeyZ', CONFIRM, moved)).toBeNull();
  });
});

test.each([
  ['nothing', null, {}],
  ['what is no JSON', '{', {}],
  ['what is no object', '"KeyX"', {}],
  ['an action that there is not', '{"dance":"KeyX"}', {}],
  ['a key twice', '{"reject":"KeyX","shelve":"KeyX"}', { reject: 'KeyX' }],
  ['a key of another action', '{"reject":"Enter"}', {}],
  ['no key', '{"reject":7}', {}],
])('of %s that was kept as much is believed as can be', (_, text, expected) =>
  expect(readBindings(text)).toEqual(expected),
);
