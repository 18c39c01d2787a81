import { expect, test } from 'vitest';
import type { RoadUser } from '../detect/road-users.ts';
import { roadUserUnder, vetoOf } from './road-user-veto.ts';

const HOLE = [0.4, 0.6, 0.1, 0.05] as const;

function car(...box: [number, number, number, number]): RoadUser {
  return { kind: 'car', score: 0.7, box };
}

test.each([
  ['inside a car', [car(0.35, 0.5, 0.3, 0.2)], 'car'],
  ['mostly on a car', [car(0.43, 0.5, 0.3, 0.2)], 'car'],
  ['beside a car', [car(0.5, 0.5, 0.3, 0.2)], null],
  ['half under a car', [car(0.45, 0.5, 0.3, 0.2)], null],
  [
    'longer than the person that stands on it',
    [{ kind: 'person', score: 0.9, box: [0.42, 0.4, 0.03, 0.25] }],
    null,
  ],
  ['under what is larger than any vehicle in a street', [car(-0.1, 0.05, 1, 0.95)], null],
  ['on an empty road', [], null],
] as const)('a sighting %s', (_, users, on) => {
  expect(roadUserUnder(HOLE, users)).toBe(on);
});

test.each([
  ['all of them on a car', ['car', 'car', 'car'], 'car'],
  ['most of them, whatever it is called', ['truck', null, 'car'], 'car'],
  ['half of them', ['car', null], null],
  ['one of three', [null, 'car', null], null],
  ['none', [null, null, null], null],
  ['nobody could say', [], null],
] as const)('sightings: %s', (_, sightings, on) => {
  expect(vetoOf(sightings)).toBe(on);
});
