import { expect, test } from 'vitest';
import { parseGround } from './geojson.ts';

const STREET = {
  type: 'LineString',
  coordinates: [
    [120.2, 30.2, 8],
    [120.21, 30.2],
  ],
};
const feature = (geometry: unknown, properties: unknown = null) => ({
  type: 'Feature',
  geometry,
  properties,
});
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });

test('shapes keep their name and kind, and nothing else of the file', () => {
  const { features, bounds } = parseGround(
    collection(feature(STREET, { name: '滨盛路', highway: 'primary', owner: 'Li Lei' })),
    'wgs84',
    'wgs84',
  );
  const coordinates = [
    [120.2, 30.2],
    [120.21, 30.2],
  ];
  expect(features).toEqual([
    {
      type: 'Feature',
      geometry: { type: 'LineString', coordinates },
      properties: { name: '滨盛路', kind: 'primary' },
    },
  ]);
  expect(bounds).toEqual([120.2, 30.2, 120.21, 30.2]);
});

test('what is drawn in one datum is brought into the other, there and back', () => {
  const there = parseGround(STREET, 'wgs84', 'gcj02');
  const [longitude, latitude] = there.bounds;
  expect([longitude - 120.2, latitude - 30.2].map((degrees) => Math.abs(degrees) > 0.001)).toEqual([
    true,
    true,
  ]);
  const back = parseGround(there.features[0], 'gcj02', 'wgs84');
  expect(back.bounds).toEqual(parseGround(STREET, 'wgs84', 'wgs84').bounds);
});

test.each([
  [null, 'type: nothing is not allowed'],
  [collection(), 'features: expected a list of at least 1 features'],
  [
    feature({ type: 'GeometryCollection', geometries: [] }),
    'geometry.type: "GeometryCollection" is not allowed',
  ],
  [
    collection(feature(STREET), feature({ type: 'Point', coordinates: [0, 0] })),
    'features[1].geometry.coordinates: [0,0] is in the sea at 0° N 0° E',
  ],
  [
    { type: 'Point', coordinates: [200, 30] },
    'coordinates: [200,30] is not allowed; expected [longitude, latitude] in degrees',
  ],
  [{ type: 'LineString', coordinates: [[120, 30]] }, 'coordinates: expected a list of at least 2 positions'],
  [
    {
      type: 'Polygon',
      coordinates: [
        [
          [120, 30],
          [121, 30],
          [121, 31],
          [120, 31],
        ],
      ],
    },
    'coordinates[0]: is not closed',
  ],
  [
    {
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [120, 30],
            [121, 30],
            [120, 30],
          ],
        ],
      ],
    },
    'coordinates[0][0]: expected a list of at least 4 positions',
  ],
])('%j is refused by its place', (geojson, sentence) => {
  expect(() => parseGround(geojson, 'wgs84', 'wgs84')).toThrow(sentence);
});
