import { toGcj02 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { areaContains, parseArea } from './area.ts';

const square = (west: number, south: number, size: number) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const at = (longitude: number, latitude: number) => ({ longitude, latitude });

test('a polygon with a hole contains what is in it and not in the hole', () => {
  const area = parseArea({ type: 'Polygon', coordinates: [square(120, 30, 1), square(120.4, 30.4, 0.2)] });
  expect(areaContains(area, at(120.1, 30.1))).toBe(true);
  expect(areaContains(area, at(120.5, 30.5))).toBe(false);
  expect(areaContains(area, at(121.5, 30.5))).toBe(false);
});

test('what a program for maps saves is taken as it is', () => {
  const area = parseArea({
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [square(120, 30, 1)] } },
      {
        type: 'Feature',
        properties: null,
        geometry: { type: 'MultiPolygon', coordinates: [[square(130, 30, 1)], [square(140, 30, 1)]] },
      },
    ],
  });
  expect([120.5, 130.5, 140.5, 125].map((east) => areaContains(area, at(east, 30.5)))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('an area drawn on a Chinese web map lies where it was meant', () => {
  const here = at(120.2123, 30.2084);
  const { latitude, longitude } = toGcj02(here);
  const drawn = { type: 'Polygon', coordinates: [square(longitude - 0.0005, latitude - 0.0005, 0.001)] };
  expect(areaContains(parseArea(drawn, 'gcj02'), here)).toBe(true);
  expect(areaContains(parseArea(drawn), here)).toBe(false);
});

test.each<[unknown, string]>([
  [null, 'type: nothing is not allowed; expected Polygon, MultiPolygon'],
  [{ type: 'Point', coordinates: [1, 2] }, 'type: "Point" is not allowed'],
  [{ type: 'Polygon' }, 'coordinates: expected a list of at least 1 rings'],
  [{ type: 'Polygon', coordinates: [[[1, 2]]] }, 'coordinates[0]: expected a list of at least 4 positions'],
  [
    {
      type: 'Polygon',
      coordinates: [
        square(120, 30, 1)
          .slice(0, 4)
          .concat([[0, 0]]),
      ],
    },
    'coordinates[0]: is not closed',
  ],
  [
    { type: 'MultiPolygon', coordinates: [[square(30, 120, 1)]] },
    'coordinates[0][0][0]: [30,120] is not allowed; expected [longitude, latitude] in degrees',
  ],
  [{ type: 'Feature', geometry: null }, 'geometry.type: nothing'],
  [
    { type: 'Polygon', coordinates: [[...Array(100_000).fill([1, 1]), [1, 1]]] },
    'has 100001 points; at most 100000 are allowed',
  ],
])('%# is refused with the place and what was expected', (geojson, expected) => {
  expect(() => parseArea(geojson)).toThrow(expected);
});
