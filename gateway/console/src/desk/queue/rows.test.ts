import type { Alert } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { alert } from '../../../testing/desk.ts';
import {
  changed,
  headLoaded,
  heldBy,
  hold,
  lookedAt,
  NO_ROWS,
  pageLoaded,
  type Rows,
  renewed,
  seenAgain,
  step,
  without,
} from './rows.ts';

const [A, B, C, D] = [alert('a', 1), alert('b', 2), alert('c', 3), alert('d', 4)];
const LOW = alert('low', 0, { risk: 'low' });
const page = (items: readonly Alert[], total = items.length, next: string | null = null) => ({
  items,
  next,
  total,
});
const shown = ({ loaded, outside, total, next, fresh }: Rows) => ({
  loaded: loaded.map(({ id }) => id).join(' '),
  outside: outside.map(({ id }) => id).join(' '),
  fresh: [...fresh].join(' '),
  total,
  next,
});

const all = headLoaded(NO_ROWS, page([A, B]));
const part = headLoaded(NO_ROWS, page([A, B], 9, 'b'));

test.each<[string, Rows, Partial<ReturnType<typeof shown>>]>([
  ['the first page is not new', all, { loaded: 'a b', total: 2, fresh: '' }],
  [
    'a page is put behind what is loaded',
    pageLoaded(part, page([C], 9, 'c')),
    { loaded: 'a b c', next: 'c' },
  ],
  ['no alert twice', pageLoaded(part, page([B, C], 9)), { loaded: 'a b c', next: null }],
  [
    'what comes goes to its place',
    changed(headLoaded(NO_ROWS, page([A, C])), B),
    { loaded: 'a b c', total: 3 },
  ],
  ['the dangerous before the old', changed(headLoaded(NO_ROWS, page([LOW])), A), { loaded: 'a low' }],
  ['and is new until it has been looked at', lookedAt(changed(all, C), 'c'), { loaded: 'a b c', fresh: '' }],
  ['beyond what is loaded it is only counted', changed(part, C), { loaded: 'a b', total: 10 }],
  ['what is judged leaves', without(all, 'a'), { loaded: 'b', total: 1 }],
  [
    'of what was asked for anew, what is not there leaves and the rest comes to its place',
    renewed(headLoaded(NO_ROWS, page([A, C])), ['a', 'b', 'x'], page([B], 7)),
    { loaded: 'b c', total: 7, fresh: 'b' },
  ],
  ['what is not in it leaves nothing', without(all, 'x'), { loaded: 'a b', total: 2 }],
  [
    'under the pointer nothing moves',
    changed(hold(all, true), C),
    { loaded: 'a b', outside: 'c', fresh: 'c', total: 3 },
  ],
  [
    'and comes in when it has left',
    hold(changed(hold(all, true), C), false),
    { loaded: 'a b c', outside: '' },
  ],
  [
    'the head anew keeps what is loaded beyond it',
    headLoaded(pageLoaded(part, page([C, D], 4)), page([B], 3, 'b')),
    { loaded: 'b c d', next: null, total: 3 },
  ],
  ['and names what is new in it', headLoaded(all, page([A, B, C])), { loaded: 'a b c', fresh: 'c' }],
  [
    'but not under the pointer',
    headLoaded(hold(all, true), page([A, B, C])),
    { loaded: 'a b', outside: 'c' },
  ],
])('%s', (_, rows, expected) => expect(shown(rows)).toMatchObject(expected));

test('a lease shows whose it is, and one of what is not there changes nothing', () => {
  const lease = { claimedBy: 'user:wang', claimUntil: null };
  expect(heldBy(all, 'a', lease).loaded[0]?.claimedBy).toBe('user:wang');
  expect(heldBy(all, 'x', lease)).toBe(all);
});

test('what is seen again is counted where that can be told', () => {
  const seen = { count: 7, lastSeenAt: '2026-01-01T09:00:00.000Z' };
  const group = headLoaded(NO_ROWS, page([alert('g', 1, { parts: [{}] as unknown as Alert['parts'] })]));
  expect(seenAgain(all, 'b', seen)?.loaded[1]).toMatchObject({ id: 'b', ...seen });
  expect(seenAgain(all, 'x', seen)).toBe(all);
  expect(seenAgain(group, 'g', seen)).toBeNull();
});

test('a step goes to the neighbour that nobody else has, and not beyond the end', () => {
  const rows = headLoaded(NO_ROWS, page([A, B, C]));
  const isFree = ({ id }: Alert) => id !== 'b';
  expect(step(rows, 'a', 1, isFree)).toBe(C);
  expect(step(rows, 'c', -1, isFree)).toBe(A);
  expect(step(rows, 'c', 1, isFree)).toBeNull();
  expect(step(rows, 'a', -1, isFree)).toBeNull();
  expect(step(rows, null, 1, isFree)).toBe(A);
});
