import type { DamageClass, NormalizedBox } from '@roadwatch/contract';
import { describe, expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { type KnownDamage, KnownDamages } from './known-damage.ts';

const place: NormalizedBox = [0.4, 0.6, 0.1, 0.06];
const rules = { clearAfterMinutes: 1 };
const visible = (): boolean => false;
const hidden = (): boolean => true;

const known: KnownDamage = {
  id: '019a0000-0000-7000-8000-000000000001',
  camera: 'north',
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
    const { rest } = new KnownDamages(rules, [known]).absorb([seen], 1_000, visible);
    expect(rest).toEqual(absorbed ? [] : [seen]);
  });
});

test('damage is cleared once the road has been seen whole for long enough, and not a look sooner', () => {
  const damages = new KnownDamages(rules, [known]);
  const kinds: string[] = [];
  for (let second = 0; second <= 60; second += 2) {
    kinds.push(...damages.absorb([], second * 1000, visible).events.map(({ kind }) => `${kind}@${second}`));
  }
  expect(kinds).toEqual(['cleared@60']);
  expect(damages.all).toEqual([]);
});

test('what hides the place does not clear it', () => {
  const damages = new KnownDamages(rules, [known]);
  for (let second = 0; second <= 600; second += 2) {
    expect(damages.absorb([], second * 1000, hidden).events).toEqual([]);
  }
});

test('one sighting begins the wait anew', () => {
  const damages = new KnownDamages(rules, [known]);
  for (let second = 0; second <= 100; second += 2) {
    const boxes = second === 50 ? [box()] : [];
    expect(damages.absorb(boxes, second * 1000, visible).events).toEqual([]);
  }
});

test('damage that has grown by half is told once it has stayed so', () => {
  const damages = new KnownDamages(rules, [known]);
  const larger = box([0.38, 0.58, 0.14, 0.1]);
  const events = Array.from(
    { length: 20 },
    (_, i) => damages.absorb([larger], 700_000 + i * 200, visible).events,
  );
  expect(events.findIndex((list) => list.length > 0)).toBe(14);
});

test('counts go on where they stood', () => {
  const damages = new KnownDamages(rules, [known]);
  damages.absorb([box()], 1_000, visible);
  damages.absorb([], 2_000, visible);
  damages.absorb([], 3_000, hidden);
  expect(damages.get(known.id)).toMatchObject({ seen: 7, looked: 8, lastSeenAtMs: 1_000 });
});
