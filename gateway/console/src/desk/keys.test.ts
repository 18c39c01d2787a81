import { expect, test } from 'vitest';
import { press } from '../../testing/press.ts';
import { DOWN, digit, ENTER, type KeyPress, letter, pressed, QUESTION_MARK, strayCap } from './keys.ts';

const CONFIRM = { keys: [ENTER] };
const NEXT = { keys: [letter('J'), DOWN], repeats: true };
const THIRD = { keys: [digit(3)] };
const HELP = { keys: [QUESTION_MARK] };
const find = (keyPress: KeyPress) => pressed(keyPress, [CONFIRM, NEXT, THIRD, HELP]);

test.each([
  ['Enter', CONFIRM],
  ['NumpadEnter', CONFIRM],
  ['KeyJ', NEXT],
  ['ArrowDown', NEXT],
  ['Digit3', THIRD],
  ['Numpad3', THIRD],
  ['KeyX', null],
])('%s is found by its place', (code, found) => expect(find(press(code))).toBe(found));

test('a letter counts by its place, whatever the layout makes of it', () =>
  expect(find(press('KeyJ', { key: 'о' }))).toBe(NEXT));

test('a question mark, also a Chinese one, counts wherever it is', () => {
  expect(find(press('Slash', { key: '?' }))).toBe(HELP);
  expect(find(press('KeyJ', { key: '？' }))).toBe(HELP);
});

test('an input method that is on takes no key away', () => {
  expect(find(press('KeyJ', { key: 'Process' }))).toBe(NEXT);
  expect(find(press('Enter', { key: 'Process', isComposing: true }))).toBe(CONFIRM);
  expect(find(press('Slash', { key: 'Process', shiftKey: true }))).toBe(HELP);
  expect(find(press('Slash', { key: 'Process' }))).toBeNull();
});

test('keys of the browser are left alone', () => {
  expect(find(press('KeyJ', { ctrlKey: true }))).toBeNull();
  expect(strayCap(press('KeyX', { ctrlKey: true }))).toBeNull();
});

test.each([
  ['KeyX', 'X'],
  ['Numpad7', '7'],
  ['ShiftLeft', null],
  ['F5', null],
])('of a key that does nothing, %s, its cap is known: %s', (code, cap) =>
  expect(strayCap(press(code))).toBe(cap),
);

test('a key held down confirms nothing twice, but walks through the queue', () => {
  expect(find(press('Enter', { repeat: true }))).toBeNull();
  expect(find(press('KeyJ', { repeat: true }))).toBe(NEXT);
});
