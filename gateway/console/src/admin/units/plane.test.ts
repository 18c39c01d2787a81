import { expect, test } from 'vitest';
import { type Corner, HEIGHT, planeAround, WIDTH } from './plane.ts';

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

test('one place alone is in the middle', () =>
  expect(planeAround([[120, 30]]).toPlane([120, 30])).toEqual([WIDTH / 2, HEIGHT / 2]));
