import { expect, test } from 'vitest';
import type { RoadUser } from '../detect/road-users.ts';
import { standingAt, standingIn, together } from './standing.ts';

type BoxOf = [number, number, number, number];
const HOLE = [0.4, 0.6, 0.1, 0.05] as const;
const thing = (kind: string, box: BoxOf, score = 0.7): RoadUser => ({ kind, score, box });
const car = (...box: BoxOf): RoadUser => thing('car', box);
const person = (...box: BoxOf): RoadUser => thing('person', box);

test('what stands is in most of the pictures at the same place, under the highest score; what passes is not', () => {
  const stands = (score: number) => thing('truck', [0.38, 0.4, 0.2, 0.2], score);
  expect(
    standingIn([
      [stands(0.5), car(0.1, 0.5, 0.1, 0.08)],
      [stands(0.9), car(0.4, 0.6, 0.1, 0.08)],
      [car(0.7, 0.7, 0.1, 0.08), stands(0.4)],
    ]),
  ).toEqual([{ ...stands(0.9), score: 0.9 }]);
});

test('what one picture missed stands all the same, and what only one picture showed does not', () => {
  const parked = car(0.38, 0.4, 0.2, 0.2);
  expect(standingIn([[parked], [], [parked]])).toEqual([parked]);
  expect(standingIn([[], [parked], []])).toEqual([]);
});

test('a van that is called a car in one picture and a truck in the next is one thing', () => {
  const box: BoxOf = [0.38, 0.4, 0.2, 0.2];
  expect(standingIn([[thing('car', box)], [thing('truck', box)]])).toEqual([thing('truck', box)]);
});

test('people who work there move about a little; who walks past has gone on', () => {
  const works = [person(0.4, 0.4, 0.03, 0.2), person(0.43, 0.42, 0.03, 0.2), person(0.41, 0.4, 0.03, 0.2)];
  const walks = [person(0.2, 0.4, 0.03, 0.2), person(0.4, 0.4, 0.03, 0.2), person(0.6, 0.4, 0.03, 0.2)];
  expect(standingIn(works.map((each) => [each]))).toHaveLength(1);
  expect(standingIn(walks.map((each) => [each]))).toEqual([]);
});

test.each<[string, RoadUser, boolean]>([
  ['on the damage', car(0.38, 0.45, 0.2, 0.25), true],
  ['beside it', car(0.52, 0.5, 0.2, 0.15), true],
  ['behind it', thing('truck', [0.38, 0.3, 0.15, 0.25]), true],
  ['across the street', car(0.8, 0.5, 0.15, 0.12), false],
  ['far up the street', car(0.42, 0.1, 0.05, 0.04), false],
  ['large as the picture, as nothing in a street is', person(0, 0, 1, 1), false],
])('%s', (_where, user, isThere) => {
  expect(standingAt(HOLE, [[user], [user]], null)).toHaveLength(isThere ? 1 : 0);
});

test('what stood there when the damage was found is not new, another vehicle at another place is, and a person always', () => {
  const parked = car(0.38, 0.45, 0.2, 0.25);
  const lorry = thing('truck', [0.3, 0.35, 0.12, 0.25], 0.6);
  const worker = thing('person', [0.5, 0.5, 0.03, 0.15], 0.5);
  const now = [parked, lorry, worker];
  expect(standingAt(HOLE, [now, now], [parked, worker]).map(({ kind, isNew }) => `${kind} ${isNew}`)).toEqual(
    ['car false', 'truck true', 'person true'],
  );
  expect(standingAt(HOLE, [now, now], null).every(({ isNew }) => isNew)).toBe(true);
});

test('a box that reaches beyond the picture is told as far as it lies in it', () => {
  const leaves = car(0.35, 0.5, 0.8, 0.4);
  expect(standingAt([0.5, 0.8, 0.1, 0.1], [[leaves], [leaves]], null)).toMatchObject([
    { box: [0.35, 0.5, 0.65, 0.4] },
  ]);
});

test('what the model takes for a car and for a truck at once is the one that it is surer of', () => {
  const van = thing('car', [0.3, 0.3, 0.3, 0.3], 0.8);
  expect(together([thing('truck', [0.3, 0.31, 0.3, 0.3], 0.4), van], [])).toEqual([van]);
});

test('a second look from nearer adds who was too small, and nothing twice', () => {
  const lorry = thing('truck', [0.3, 0.3, 0.3, 0.3]);
  const half = thing('truck', [0.4, 0.3, 0.2, 0.3], 0.9);
  const worker = person(0.5, 0.5, 0.02, 0.1);
  expect(together([lorry], [half, worker])).toEqual([lorry, worker]);
});
