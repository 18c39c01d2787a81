import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { idleExceptions, isPermissive, type Lock, productionLicences } from './licences.ts';

const LOCK = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as Lock;

test('every production package may be shipped, and every exception is needed', () => {
  const licensed = productionLicences(LOCK);
  expect(licensed.length).toBeGreaterThan(100);
  expect(licensed.filter(({ verdict }) => verdict === 'refused')).toEqual([]);
  expect(idleExceptions(licensed)).toEqual([]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only OR MIT AND ISC', true],
  ['(GPL-3.0-only OR MIT) AND LGPL-2.1-or-later', false],
  ['AGPL-3.0-only', false],
  ['Apache-2.0 WITH LLVM-exception', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['UNLICENSED', false],
  ['', false],
  ['(MIT', false],
])('%j is permissive: %s', (expression, expected) => {
  expect(isPermissive(expression)).toBe(expected);
});

test('a copyleft package is refused, one without a licence too, and an exception holds for one licence only', () => {
  const lock: Lock = {
    packages: {
      '': {},
      'gateway/node_modules/viral': { version: '1.0.0', license: 'GPL-3.0-only' },
      'node_modules/silent': { version: '1.0.0' },
      'node_modules/excepted': { version: '2.0.0', license: 'AGPL-3.0-only' },
      'node_modules/tool': { version: '1.0.0', license: 'GPL-3.0-only', dev: true },
      'node_modules/@roadwatch/gateway': { link: true },
    },
  };
  const exceptions = [{ package: /^excepted$/, licence: 'MPL-2.0', reason: 'a file of its own' }];
  const verdicts = productionLicences(lock, exceptions).map(({ name, verdict }) => [name, verdict]);
  expect(verdicts).toEqual([
    ['excepted', 'refused'],
    ['silent', 'refused'],
    ['viral', 'refused'],
  ]);
  expect(idleExceptions(productionLicences(lock, exceptions), exceptions)).toEqual(exceptions);
});
