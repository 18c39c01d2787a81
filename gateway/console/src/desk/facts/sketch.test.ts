import { expect, test } from 'vitest';
import { offsetOf, ringsFor } from './sketch.ts';

const HERE = { latitude: 30.2084, longitude: 120.2123 };

test.each([
  ['a thousandth of a degree north is 111 m up', { ...HERE, latitude: 30.2094 }, { x: 0, y: -111 }],
  [
    'a thousandth of a degree east is 96 m right, at this latitude',
    { ...HERE, longitude: 120.2133 },
    { x: 96, y: 0 },
  ],
  ['itself is in the middle', HERE, { x: 0, y: 0 }],
])('%s', (_, there, expected) => {
  const { x, y } = offsetOf(HERE, there);
  expect({ x: Math.round(x) + 0, y: Math.round(y) + 0 }).toEqual(expected);
});

test.each([
  [[], 10],
  [[{ x: 3, y: 4 }], 10],
  [[{ x: 30, y: 40 }], 50],
  [[{ x: 3000, y: 4000 }], 5000],
])('%j lie within a ring of %d m', (offsets, outer) => expect(ringsFor(offsets)).toEqual([outer, outer / 2]));
