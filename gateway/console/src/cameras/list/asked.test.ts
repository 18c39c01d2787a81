import { expect, test } from 'vitest';
import { askedIn, searchFor } from './asked.ts';

test.each([
  ['', { q: '', tone: null, after: null }],
  ['?q=a%26b&tone=bad&after=x%2Fy%2Fz', { q: 'a&b', tone: 'bad', after: 'x/y/z' }],
])('%s is what is asked for, there and back', (search, asked) => {
  expect(askedIn(search)).toEqual(asked);
  expect(searchFor(askedIn(search))).toBe(search);
});

test('what the address says wrongly is not asked for', () =>
  expect(askedIn(`?tone=purple&q=${'a'.repeat(999)}`)).toEqual({
    q: 'a'.repeat(200),
    tone: null,
    after: null,
  }));
