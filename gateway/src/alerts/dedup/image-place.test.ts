import type { NormalizedBox } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { placeKey, samePlace } from './image-place.ts';

const rule = { mergeIou: 0.2, mergeDistance: 0.06 };
const at = (x: number, y: number, size = 0.04): NormalizedBox => [x - size / 2, y - size / 2, size, size];

test.each<[string, NormalizedBox, NormalizedBox, boolean]>([
  ['the same box', at(0.5, 0.5), at(0.5, 0.5), true],
  ['a box jittering by a few pixels', at(0.5, 0.5), at(0.51, 0.495), true],
  ['a large box around a small one, centres near', at(0.5, 0.5, 0.2), at(0.53, 0.5, 0.02), true],
  ['large boxes that overlap, centres apart', at(0.4, 0.5, 0.3), at(0.5, 0.5, 0.3), true],
  ['small boxes a lane apart', at(0.4, 0.5), at(0.5, 0.5), false],
])('%s: same place %#', (_name, first, second, same) => {
  expect(samePlace([{ box: first }], second, rule) !== null).toBe(same);
});

test('of several places the nearest is taken', () => {
  const candidates = [at(0.45, 0.5), at(0.5, 0.5), at(0.52, 0.5)].map((box) => ({ box }));
  expect(samePlace(candidates, at(0.495, 0.5), rule)).toBe(candidates[1]);
});

test('boxes whose centres share a cell are one place whatever the rule, as the unique key demands', () => {
  const strict = { mergeIou: 1, mergeDistance: 0 };
  expect(placeKey(at(0.501, 0.501))).toBe(placeKey(at(0.52, 0.52)));
  expect(samePlace([{ box: at(0.501, 0.501) }], at(0.52, 0.52), strict)).not.toBeNull();
  expect(placeKey([0.99, 0.99, 0.01, 0.01])).toBe('31.31');
  expect(placeKey([1, 1, 1, 1])).toBe('31.31');
});
