import { expect, test } from 'vitest';
import { type Corner, HEIGHT, type Plane, planeAround, WIDTH } from './plane.ts';

const PLACES: readonly Corner[] = [
  [120.1, 30.1],
  [120.3, 30.25],
];

test('every place is on the plane, north up and east to the right, and comes back as it was', () => {
  const { toPlane, toDegrees } = planeAround(PLACES);
  for (const place of PLACES) {
    const [x, y] = toPlane(place);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(WIDTH);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(HEIGHT);
    expect(toDegrees(x, y)).toEqual(place);
  }
  const [[west, south], [east, north]] = PLACES.map(toPlane) as [[number, number], [number, number]];
  expect(east).toBeGreaterThan(west);
  expect(north).toBeLessThan(south);
});

test('nearer shows less and wider more, around where it was, and both have an end', () => {
  const plane = planeAround(PLACES);
  for (const place of PLACES) expect(isOn(plane, place)).toBe(true);
  expect(plane.zoomed(4).toDegrees(WIDTH / 2, HEIGHT / 2)).toEqual([120.2, 30.175]);
  expect(isOn(plane.zoomed(4), PLACES[0] as Corner)).toBe(false);
  const far = Array.from({ length: 60 }).reduce<Plane>((one) => one.zoomed(0.5), plane);
  expect(height(far)).toBeLessThan(90);
  const nearest = Array.from({ length: 60 }).reduce<Plane>((one) => one.zoomed(2), plane);
  expect(height(nearest)).toBeGreaterThan(0.001);
});

test('what is pushed stays under the hand, as large as it was, and never off the globe', () => {
  const plane = planeAround(PLACES).zoomed(4);
  const held = plane.toDegrees(100, 100);
  const [x, y] = plane.pushed(50, -30).toPlane(held);
  expect(x).toBeCloseTo(150, 0);
  expect(y).toBeCloseTo(70, 0);
  expect(height(plane.pushed(50, -30))).toBeCloseTo(height(plane), 4);
  const far = Array.from({ length: 60 }).reduce<Plane>((one) => one.pushed(1e6, 1e6), plane);
  expect(far.toDegrees(WIDTH / 2, HEIGHT / 2)).toEqual([-180, 80]);
});

function isOn({ shown: [west, south, east, north] }: Plane, [longitude, latitude]: Corner): boolean {
  return west <= longitude && longitude <= east && south <= latitude && latitude <= north;
}

const height = ({ shown: [, south, , north] }: Plane): number => north - south;

test('one place alone is in the middle', () =>
  expect(planeAround([[120, 30]]).toPlane([120, 30])).toEqual([WIDTH / 2, HEIGHT / 2]));
