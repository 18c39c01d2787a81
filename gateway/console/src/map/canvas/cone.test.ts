import { expect, test } from 'vitest';
import { viewingCone } from './cone.ts';

const CAMERA = {
  key: 'a/b/c',
  name: 'c',
  longitude: 120.2,
  latitude: 30.2,
  said: 'streaming',
  headingDegrees: 90,
  fieldOfViewDegrees: 60,
} as const;

/** In metres from the camera, east and north. */
function offsets(camera: Parameters<typeof viewingCone>[0]): [number, number][] {
  return (viewingCone(camera) ?? []).map(([longitude, latitude]) => [
    Math.round((longitude - 120.2) * 111_195 * Math.cos((30.2 * Math.PI) / 180)),
    Math.round((latitude - 30.2) * 111_195),
  ]);
}

test('a camera that looks east sees to the east, half of its width to either side', () => {
  const cone = offsets(CAMERA);
  expect([cone[0], cone.at(-1)]).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(cone[1]).toEqual([39, 23]);
  expect(cone.at(-2)).toEqual([39, -23]);
});

test('one that looks over the north is no exception, and one that has not said its width has the usual', () => {
  const cone = offsets({ ...CAMERA, headingDegrees: 0, fieldOfViewDegrees: null });
  expect(cone[1]).toEqual([-23, 39]);
  expect(cone.at(-2)).toEqual([23, 39]);
});

test('nothing is drawn where nobody has said which way it looks', () =>
  expect(viewingCone({ ...CAMERA, headingDegrees: null })).toBeNull());
