import { expect, test } from 'vitest';
import { deskAction, type KeyPress } from './keys.ts';

const press = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key: code,
  repeat: false,
  isComposing: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test.each([
  ['Enter', 'confirm'],
  ['NumpadEnter', 'confirm'],
  ['KeyN', 'reject'],
  ['KeyS', 'shelve'],
  ['KeyC', 'claim'],
  ['KeyU', 'undo'],
  ['KeyJ', 'next'],
  ['KeyK', 'previous'],
  ['KeyO', 'overlay'],
  ['KeyL', 'live'],
  ['Escape', 'cancel'],
])('%s means %s', (code, kind) => expect(deskAction(press(code), false)).toEqual({ kind }));

test('a letter counts by its place, whatever the layout makes of it', () =>
  expect(deskAction(press('KeyJ', { key: 'о' }), false)).toEqual({ kind: 'next' }));

test('a question mark, also a Chinese one, asks for the list of keys', () => {
  expect(deskAction(press('Slash', { key: '?' }), false)).toEqual({ kind: 'help' });
  expect(deskAction(press('Slash', { key: '？' }), false)).toEqual({ kind: 'help' });
});

test('keys that compose Chinese, and those of the browser, are left alone', () => {
  expect(deskAction(press('KeyN', { key: 'Process' }), false)).toBeNull();
  expect(deskAction(press('Enter', { isComposing: true }), false)).toBeNull();
  expect(deskAction(press('KeyS', { ctrlKey: true }), false)).toBeNull();
});

test('a digit chooses from an open menu, on either block of digits, and means nothing otherwise', () => {
  expect(deskAction(press('Digit3'), true)).toEqual({ kind: 'choose', index: 2 });
  expect(deskAction(press('Numpad1'), true)).toEqual({ kind: 'choose', index: 0 });
  expect(deskAction(press('Digit3'), false)).toBeNull();
});

test('a key held down confirms nothing twice, but walks through the queue', () => {
  expect(deskAction(press('Enter', { repeat: true }), false)).toBeNull();
  expect(deskAction(press('KeyJ', { repeat: true }), false)).toEqual({ kind: 'next' });
});

test('Enter does not dispatch while a reason to reject is being asked for', () =>
  expect(deskAction(press('Enter'), true)).toBeNull());
