import { expect, test } from 'vitest';
import { mendArea } from './mend-area.ts';

type Point = [number, number];
const polygon = (...rings: Point[][]) => ({ type: 'Polygon', coordinates: rings });
/** Counterclockwise. */
const square = (west: number, south: number, size: number): Point[] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];

test('an area in order is left as it is, and its size is told', () => {
  const { polygons, mended, squareKilometres } = mendArea(polygon(square(120, 30, 0.1)));
  expect(polygons).toEqual([[square(120, 30, 0.1)]]);
  expect(mended).toEqual([]);
  // 11.12 km from south to north, 9.62 km along the middle parallel.
  expect(squareKilometres).toBeCloseTo(107.0, 0);
});

test('rings that turn the wrong way and points given twice are mended, and that is said', () => {
  const outer = square(120, 30, 1);
  const hole = square(120.2, 30.2, 0.1);
  const { polygons, mended } = mendArea(polygon([...outer.toReversed(), [120, 30]], hole));
  expect(polygons).toEqual([[outer, hole.toReversed()]]);
  expect([...mended].sort()).toEqual(['direction', 'repeated_points']);
});

const bowTie: Point[] = [
  [120, 30],
  [121, 31],
  [121, 30],
  [120, 31],
  [120, 30],
];
const spike: Point[] = [
  [120, 30],
  [121, 30],
  [122, 30],
  [121, 30],
  [121, 31],
  [120, 30],
];
const touchesItself: Point[] = [
  [120, 30],
  [122, 30],
  [122, 32],
  [121, 30],
  [120, 32],
  [120, 30],
];

test.each([
  ['a bow tie', polygon(bowTie), 'area_flat'],
  [
    'a lopsided bow tie',
    polygon([
      [120, 30],
      [121, 31],
      [121, 30],
      [120, 32],
      [120, 30],
    ]),
    'area_crosses_itself',
  ],
  ['a spike', polygon(spike), 'area_crosses_itself'],
  ['a border that meets itself', polygon(touchesItself), 'area_crosses_itself'],
  ['a hole across the border', polygon(square(120, 30, 1), square(120.5, 30.5, 1)), 'area_crosses_itself'],
  [
    'an open ring',
    polygon(
      square(120, 30, 1)
        .slice(0, 4)
        .concat([[5, 5]]),
    ),
    'area_not_closed',
  ],
  ['nothing', {}, 'area_type_unknown'],
  ['a line', { type: 'LineString', coordinates: square(120, 30, 1) }, 'area_type_unknown'],
  ['no coordinates', { type: 'Polygon' }, 'area_type_unknown'],
  ['metres of a projection', polygon(square(505_000, 3_345_000, 10)), 'area_out_of_range'],
  ['latitude before longitude', polygon(square(30, 120, 1)), 'area_out_of_range'],
  ['Null Island', polygon(square(0, 0, 1)), 'area_null_island'],
  [
    'one point of Null Island',
    polygon([
      [120, 30],
      [0, 0],
      [121, 31],
      [120, 30],
    ]),
    'area_null_island',
  ],
  [
    'no surface',
    polygon([
      [120, 30],
      [121, 30],
      [122, 30],
      [120, 30],
    ]),
    'area_flat',
  ],
  [
    'one place only',
    polygon([
      [120, 30],
      [120, 30],
      [120, 30],
      [120, 30],
    ]),
    'area_flat',
  ],
  ['very many points', polygon(Array.from({ length: 100_001 }, (): Point => [120, 30])), 'area_points_many'],
])('%s is refused by name', (_name, geojson, code) => {
  expect(() => mendArea(geojson)).toThrow(expect.objectContaining({ code }));
});

/** A border of many corners, whose border is as long as a border may be. */
function ragged(points: number): Point[] {
  const corners = Array.from({ length: points - 1 }, (_, index): Point => {
    const angle = (2 * Math.PI * index) / (points - 1);
    const radius = index % 2 === 0 ? 0.1 : 0.100_01;
    return [120 + radius * Math.cos(angle), 30 + radius * Math.sin(angle)];
  });
  return [...corners, corners[0] as Point];
}

test('a long border is checked whole, and one made to keep the gateway busy is refused', () => {
  expect(mendArea(polygon(ragged(50_001))).polygons[0]?.[0]).toHaveLength(50_001);
  const comb = Array.from(
    { length: 20_000 },
    (_, index): Point => [index % 2 === 0 ? 120 : 121, 30 + index / 1e5],
  );
  const closed = [...comb, [119, 31] as Point, comb[0] as Point];
  expect(() => mendArea(polygon(closed))).toThrow(expect.objectContaining({ code: 'area_points_many' }));
});
