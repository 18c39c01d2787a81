import type { DamageClass, NormalizedBox } from '@roadwatch/contract';
import { describe, expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { type KnownDamage, KnownDamages } from './known-damage.ts';
import type { PlaceSight } from './place-look.ts';

const place: NormalizedBox = [0.4, 0.6, 0.1, 0.06];
const rules = { clearAfterMinutes: 1 };
const VIEW = 'view-1';
const clear = (): PlaceSight => 'clear';
const unseen = (): PlaceSight => 'unseen';
const asDamaged = (): PlaceSight => 'as-damaged';

const known: KnownDamage = {
  id: '019a0000-0000-7000-8000-000000000001',
  camera: 'north',
  view: VIEW,
  damageClass: 'pothole',
  score: 0.7,
  box: place,
  firstSeenAtMs: 0,
  verifiedAtMs: 0,
  lastSeenAtMs: 0,
  capturedAtMs: 0,
  revision: 1,
  publishedBox: place,
  publishedAtMs: 0,
  seen: 6,
  looked: 6,
  frame: { width: 1920, height: 1080 },
  evidence: [],
};

function box(at: NormalizedBox = place, damageClass: DamageClass = 'pothole'): Box {
  return { damageClass, alert: damageClass !== 'repair', score: 0.6, box: at };
}

describe('a box at a known place', () => {
  const cases: [name: string, box: Box, absorbed: boolean][] = [
    ['the same box', box(), true],
    ['a box that is a little off', box([0.42, 0.61, 0.1, 0.06]), true],
    ['a part of it', box([0.43, 0.62, 0.03, 0.02]), true],
    ['the same place by another class', box(place, 'alligator_crack'), true],
    ['a neighbour', box([0.55, 0.6, 0.1, 0.06]), false],
    ['a repair on it', box(place, 'repair'), false],
  ];
  test.each(cases)('%s', (_, seen, absorbed) => {
    const { rest } = new KnownDamages(rules, [known]).absorb(VIEW, [seen], 1_000, clear);
    expect(rest).toEqual(absorbed ? [] : [seen]);
  });
});

test('damage is cleared once the road has been seen whole for long enough, and not a look sooner', () => {
  const damages = new KnownDamages(rules, [known]);
  const kinds: string[] = [];
  for (let second = 0; second <= 60; second += 2) {
    kinds.push(
      ...damages.absorb(VIEW, [], second * 1000, clear).events.map(({ kind }) => `${kind}@${second}`),
    );
  }
  expect(kinds).toEqual(['cleared@60']);
  expect(damages.all).toEqual([]);
});

test.each([
  ['is not seen', unseen],
  ['looks as it did when it was damaged', asDamaged],
])('a place that %s is not cleared, for as long as that lasts', (_, sight) => {
  const damages = new KnownDamages(rules, [known]);
  for (let second = 0; second <= 6_000; second += 2) {
    expect(damages.absorb(VIEW, [], second * 1000, sight).events).toEqual([]);
  }
  expect(damages.all).toHaveLength(1);
});

test('the time in which nobody saw the place does not count as time in which it was whole', () => {
  const damages = new KnownDamages({ clearAfterMinutes: 10 }, [known]);
  const look = (minute: number): number => damages.absorb(VIEW, [], minute * 60_000, clear).events.length;
  for (let i = 0; i < 20; i++) expect(look(i * 0.1), 'two minutes of looks').toBe(0);
  expect(look(600), 'one look, hours later').toBe(0);
  let minute = 601;
  while (look(minute) === 0) minute++;
  expect(minute).toBeGreaterThanOrEqual(607);
});

test('damage of another view is neither seen nor cleared in this one, and is still known when the camera is turned back', () => {
  const damages = new KnownDamages(rules, [known]);
  for (let second = 0; second <= 600; second += 2) {
    const boxes = second % 4 === 0 ? [box()] : [];
    const { rest, events } = damages.absorb('view-2', boxes, second * 1000, clear);
    expect([rest, events]).toEqual([boxes, []]);
  }
  expect(damages.match('view-2', place, 'pothole')).toBeUndefined();
  expect(damages.absorb(VIEW, [box()], 700_000, clear).seen).toMatchObject([{ id: known.id }]);
});

test('damage from before views were noted belongs to the view that is seen first', () => {
  const gone = { ...known, id: '019a0000-0000-7000-8000-000000000002', view: 'forgotten' };
  const elsewhere = { ...known, id: '019a0000-0000-7000-8000-000000000003', view: 'view-2' };
  const damages = new KnownDamages(rules, [{ ...known, view: null }, gone, elsewhere]);
  damages.attach(VIEW, (view) => view === 'view-2');
  expect(damages.all.map(({ view }) => view)).toEqual([VIEW, VIEW, 'view-2']);
});

test('one sighting begins the wait anew', () => {
  const damages = new KnownDamages(rules, [known]);
  for (let second = 0; second <= 100; second += 2) {
    const boxes = second === 50 ? [box()] : [];
    expect(damages.absorb(VIEW, boxes, second * 1000, clear).events).toEqual([]);
  }
});

test('damage that has grown by half is told once it has stayed so', () => {
  const damages = new KnownDamages(rules, [known]);
  const larger = box([0.38, 0.58, 0.14, 0.1]);
  const events = Array.from(
    { length: 20 },
    (_, i) => damages.absorb(VIEW, [larger], 700_000 + i * 200, clear).events,
  );
  expect(events.findIndex((list) => list.length > 0)).toBe(14);
});

test('counts go on where they stood', () => {
  const damages = new KnownDamages(rules, [known]);
  damages.absorb(VIEW, [box()], 1_000, clear);
  damages.absorb(VIEW, [], 2_000, clear);
  damages.absorb(VIEW, [], 3_000, unseen);
  expect(damages.get(known.id)).toMatchObject({ seen: 7, looked: 8, lastSeenAtMs: 1_000 });
});
