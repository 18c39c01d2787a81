import { expect, test } from 'vitest';
import { isNewer, type Kept, type Place, seqToKeep } from './order.ts';

const kept = (boot_id: string | null, seq: number | null): Kept => ({ boot_id, seq });

test.each<[string, Place, Kept | undefined, boolean, number | null]>([
  ['the first that comes', { bootId: 'a', seq: 3 }, undefined, true, 3],
  ['a higher number of the same start', { bootId: 'a', seq: 8 }, kept('a', 7), true, 8],
  ['the same number again', { bootId: 'a', seq: 7 }, kept('a', 7), true, 7],
  ['a lower number of the same start', { bootId: 'a', seq: 6 }, kept('a', 7), false, 6],
  ['a lower number of another start', { bootId: 'b', seq: 1 }, kept('a', 7), true, 1],
  ['a last will, which has no number', { bootId: 'a' }, kept('a', 7), true, 7],
  ['a last will of another start', { bootId: 'b' }, kept('a', 7), true, null],
  ['an agent that does not count, by arrival', { bootId: 'a' }, kept('a', null), true, null],
  ['an agent that counts since its update', { bootId: 'a', seq: 1 }, kept('a', null), true, 1],
  ['a camera state without a start, by arrival', {}, kept(null, null), true, null],
])('%s', (_name, place, before, newer, seq) => {
  expect(isNewer(place, before)).toBe(newer);
  expect(seqToKeep(place, before)).toBe(seq);
});
