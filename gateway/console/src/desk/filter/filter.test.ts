import { expect, test } from 'vitest';
import { wallClock } from '../../shared/time/time.ts';
import { filterBy } from './filter.ts';

const of = (search: string) => filterBy(search, wallClock('Asia/Shanghai'));

test.each([
  ['', { search: '', query: '', asked: {}, looks: false }],
  [
    '?damageClass=pothole&unit=roads',
    {
      search: '?damageClass=pothole&unit=roads',
      query: 'damageClass=pothole&unit=roads',
      asked: { damageClass: 'pothole', unit: 'roads' },
      looks: false,
    },
  ],
  [
    '?from=2026-11-23&to=2026-11-23',
    {
      search: '?from=2026-11-23&to=2026-11-23',
      asked: { from: '2026-11-22T16:00:00.000Z', to: '2026-11-23T16:00:00.000Z' },
    },
  ],
  // What is over, or any, is only looked at.
  ['?state=rejected&text=x', { query: 'text=x&state=rejected', asked: { text: 'x' }, looks: true }],
  ['?state=nonsense&number=%27&from=yesterday&other=1', { search: '', looks: false }],
])('the address %s', (search, expected) => expect(of(search)).toMatchObject(expected));
