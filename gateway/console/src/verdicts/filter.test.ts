import { expect, test } from 'vitest';
import { wallClock } from '../shared/time/time.ts';
import { queryOf, searchOf, verdictsBy } from './filter.ts';

test.each([
  ['', '', { state: 'judged', order: 'judged' }],
  ['?outcome=rejected', '?outcome=rejected', { state: 'rejected', order: 'judged' }],
  ['?outcome=nonsense&by=li.na', '?by=li.na', { state: 'judged', order: 'judged', judgedBy: 'user:li.na' }],
  ['?by=system', '?by=system', { state: 'judged', order: 'judged', judgedBy: 'system' }],
  [
    '?from=2026-11-23&to=2026-11-23',
    '?from=2026-11-23&to=2026-11-23',
    {
      state: 'judged',
      order: 'judged',
      judgedFrom: '2026-11-22T16:00:00.000Z',
      judgedTo: '2026-11-23T16:00:00.000Z',
    },
  ],
])('the address %s', (search, kept, query) => {
  const narrowed = verdictsBy(search);
  expect(searchOf(narrowed)).toBe(kept);
  expect(queryOf(narrowed, wallClock('Asia/Shanghai'))).toEqual(query);
});
