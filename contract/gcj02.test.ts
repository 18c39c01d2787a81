import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromGcj02, toGcj02, toWgs84 } from './gcj02.ts';
import type { Position } from './geometry.ts';

/** Metres, well enough for places close to each other. */
function metres(a: Position, b: Position): number {
  const north = (a.latitude - b.latitude) * 111_195;
  const east = (a.longitude - b.longitude) * 111_195 * Math.cos((a.latitude * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** The points that eviltransform (github.com/googollee/eviltransform), the reference in many languages, is tested with. */
const PUBLISHED: readonly [string, Position, Position][] = [
  [
    'Shanghai',
    { latitude: 31.1774276, longitude: 121.5272106 },
    { latitude: 31.17530398364597, longitude: 121.531541859215 },
  ],
  [
    'Shenzhen',
    { latitude: 22.543847, longitude: 113.912316 },
    { latitude: 22.540796131694766, longitude: 113.9171764808363 },
  ],
  [
    'Beijing',
    { latitude: 39.911954, longitude: 116.377817 },
    { latitude: 39.91334545536069, longitude: 116.38404722455657 },
  ],
];

describe.each(PUBLISHED)('%s', (_name, wgs84, gcj02) => {
  test('goes to the published point', () => {
    expect(metres(toGcj02(wgs84), gcj02)).toBeLessThan(0.01);
  });
  test('and comes back', () => {
    expect(metres(fromGcj02(gcj02), wgs84)).toBeLessThan(0.01);
  });
});

test('there and back is less than a metre off, anywhere in China', () => {
  const place = fc.record({
    latitude: fc.double({ min: 18.1, max: 53.5, noNaN: true }),
    longitude: fc.double({ min: 73.6, max: 135, noNaN: true }),
  });
  fc.assert(
    fc.property(place, (position) => {
      expect(metres(fromGcj02(toGcj02(position)), position)).toBeLessThan(0.1);
    }),
    { numRuns: 2000 },
  );
});

test('at the rim of the shifted area, and beyond it, the conversion ends', () => {
  for (const longitude of [72.004, 72.0045, 137.8347, 137.834, -180, 180, 10])
    for (const latitude of [-90, 0.8293, 55.8271, 55.827, 90])
      expect(Number.isFinite(fromGcj02({ latitude, longitude }).latitude)).toBe(true);
  expect(fromGcj02({ latitude: 48.8584, longitude: 2.2945 })).toEqual({
    latitude: 48.8584,
    longitude: 2.2945,
  });
});

test('what is marked is converted, what is not stays', () => {
  const [, wgs84, gcj02] = PUBLISHED[0] as (typeof PUBLISHED)[number];
  expect(metres(toWgs84({ ...gcj02, datum: 'gcj02' }), wgs84)).toBeLessThan(0.01);
  expect(toWgs84({ ...wgs84, datum: 'wgs84' })).toEqual(wgs84);
  expect(toWgs84(wgs84)).toEqual(wgs84);
});
