import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('1994-11-06T08:49:00Z');

test.each([
  ['120', 120_000],
  [' 120 ', 120_000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
  ['Sun Nov  6 08:49:37 1994', 37_000],
  ['Sun, 06 Nov 1994 08:48:37 GMT', null],
  ['0', null],
  ['-5', null],
  ['1.5', null],
  ['1e3', null],
  ['soon', null],
  ['1994-11-06T08:49:37Z', null],
  ['Sun, 06 Foo 1994 08:49:37 GMT', null],
  ['', null],
  [null, null],
])('Retry-After: %s', (header, ms) => expect(retryAfterMs(header, NOW)).toBe(ms));

test('the form of RFC 850 is understood too', () =>
  expect(retryAfterMs('Sunday, 06-Nov-26 08:49:37 GMT', Date.parse('2026-11-06T08:49:00Z'))).toBe(37_000));
