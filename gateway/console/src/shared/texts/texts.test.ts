import { TICKET_STATE_TEXTS } from '@roadwatch/contract/codes';
import { expect, test } from 'vitest';
import { named, TEXTS } from './index.ts';
import { firstLanguage } from './language.ts';

/** Every text, with what a text with a hole in it says. */
function sentences(table: object): string[] {
  return Object.values(table).flatMap((value: unknown) => {
    if (typeof value === 'function') return [String(value('', ''))];
    return typeof value === 'string' ? [value] : sentences(value as object);
  });
}

/** Every text by its way from the top, as a sentence or by how many holes it has. */
function shape(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const at = `${path}/${name}`;
    if (typeof value === 'function') return [[at, `${value.length} holes`]];
    return typeof value === 'string' ? [[at, 'sentence']] : shape(value as object, at);
  });
}

test('both languages have the same texts with the same holes', () =>
  expect(shape(TEXTS.zh).sort()).toEqual(shape(TEXTS.en).sort()));

test.each(['en', 'zh'] as const)('no text in %s is empty', (language) =>
  expect(sentences(TEXTS[language]).filter((text) => text.trim() === '')).toEqual([]),
);

test('every Chinese text is Chinese, but for what switches to English, a key and a command', () => {
  const latin = sentences(TEXTS.zh).filter((text) => !/\p{Script=Han}/u.test(text));
  expect(latin.filter((text) => text.replace(/[\s\d·,，：（）():+-]/g, '') !== '')).toEqual([
    'English',
    'Esc',
  ]);
});

test('no English text holds Chinese, but for what switches to Chinese', () =>
  expect(sentences(TEXTS.en).filter((text) => /\p{Script=Han}/u.test(text))).toEqual(['中文']));

test('a name that the console does not know is shown as it is', () => {
  expect(named(TEXTS.zh.outcome, 'repaired')).toBe('已修复');
  expect(named(TEXTS.zh.outcome, 'constructor')).toBe('constructor');
});

test.each([
  [null, 'zh-CN', 'zh'],
  [null, 'de-DE', 'en'],
  ['en', 'zh-CN', 'en'],
  ['xx', 'zh-TW', 'zh'],
])('with %s chosen and a browser in %s the screen is in %s', (stored, browser, language) =>
  expect(firstLanguage(stored, browser)).toBe(language),
);

test.each(['en', 'zh'] as const)(
  'a state of a ticket has one word in %s, here as on the crew’s page',
  (language) => {
    const { ticketState, command } = TEXTS[language];
    const words = Object.entries(TICKET_STATE_TEXTS).map(([state, text]) => [state, text[language]]);
    expect(ticketState).toEqual(Object.fromEntries(words));
    expect([command.make_safe, command.repair]).toEqual([ticketState.made_safe, ticketState.repaired]);
  },
);
