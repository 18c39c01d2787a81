import type { NormalizedBox } from '@roadwatch/contract';
import { describe, expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { fieldsIn } from './field.ts';
import { type KnownDamage, KnownDamages } from './known-damage.ts';
import type { PlaceSight } from './place-look.ts';

const VIEW = 'view-1';
const WIDTH = 0.06;
const HEIGHT = 0.04;
const rules = { clearAfterMinutes: 1 };
const hole = (x: number, y = 0.6): NormalizedBox => [x, y, WIDTH, HEIGHT];
const clear = (_id: string): PlaceSight => 'clear';

/** What a camera knows; each hole is verified at its time, as the pipeline does it. */
class Road {
  readonly known = new KnownDamages(rules, []);
  readonly told: { readonly id: string; readonly box: NormalizedBox; readonly second: number }[] = [];
  readonly cleared: string[] = [];
  #verified = 0;

  /** The id under which it is told. */
  verify(box: NormalizedBox, second: number, change: Partial<KnownDamage> = {}): string {
    const atMs = second * 1000;
    const { view = VIEW, damageClass = 'pothole' } = change;
    const told = this.known.beside(view ?? VIEW, box, damageClass, atMs);
    const id = `hole-${++this.#verified}`;
    this.known.add({
      ...{ id, camera: 'north', view, damageClass, score: 0.7, box, publishedBox: box },
      ...(told === undefined ? {} : { partOf: told.id }),
      ...{ firstSeenAtMs: atMs, verifiedAtMs: atMs, lastSeenAtMs: atMs, capturedAtMs: atMs },
      ...{ revision: 1, publishedAtMs: atMs, seen: 6, looked: 6, evidence: [] },
      frame: { width: 1920, height: 1080 },
      ...change,
    });
    return told?.id ?? id;
  }

  /** One look; what is told of it is published at once. */
  look(boxes: readonly NormalizedBox[], second: number, sightOf = clear): readonly Box[] {
    const seen = boxes.map((box): Box => ({ damageClass: 'pothole', alert: true, score: 0.7, box }));
    const { rest, events } = this.known.absorb(VIEW, seen, second * 1000, ({ id }) => sightOf(id));
    for (const { kind, damage } of events) {
      if (kind === 'cleared') this.cleared.push(damage.id);
      else {
        this.told.push({ id: damage.id, box: damage.box, second });
        const { revision, evidence, capturedAtMs } = damage;
        const published = { revision: revision + 1, evidence, missing: [], owed: [], capturedAtMs };
        this.known.published(damage.id, {
          ...published,
          publishedBox: damage.box,
          publishedAtMs: second * 1000,
        });
      }
    }
    return rest;
  }
}

describe('a field of potholes is one detection', () => {
  const field = [0.2, 0.28, 0.37, 0.45, 0.53].map((x, i) => hole(x, 0.6 + (i % 2) * 0.05));

  test('what is verified beside it within two minutes is told with it, chained from hole to hole', () => {
    const road = new Road();
    const ids = field.map((box, i) => road.verify(box, i * 10));
    expect(new Set(ids)).toEqual(new Set(['hole-1']));
  });

  test('its extent is told once, when no more have come for a while', () => {
    const road = new Road();
    let second = 0;
    for (const [i, box] of field.entries()) {
      road.verify(box, second);
      for (const until = second + 5; second < until; second++) road.look(field.slice(0, i + 1), second);
    }
    expect(road.told).toEqual([]);
    for (; second < 120; second++) road.look(field, second);
    expect(road.told).toHaveLength(1);
    const [told] = road.told as [(typeof road.told)[0]];
    const [x, y, width, height] = told.box;
    expect([x, y, x + width, y + height]).toEqual(
      [0.2, 0.6, 0.53 + WIDTH, 0.65 + HEIGHT].map((edge) => expect.closeTo(edge, 6)),
    );
    expect(told.second).toBeLessThanOrEqual(40);
  });

  test('while ever more come, its extent is told all the same', () => {
    const road = new Road();
    for (let second = 0; second <= 60; second++) {
      if (second % 6 === 0) road.verify(hole(0.05 + second / 75), second);
      road.look([], second, () => 'unseen');
    }
    expect(road.told.length).toBeGreaterThanOrEqual(1);
    expect(road.told.length).toBeLessThanOrEqual(3);
  });

  test('each of its holes is known, and what opens between them is not', () => {
    const road = new Road();
    const [left, right] = [hole(0.2), hole(0.27, 0.655)];
    expect([left, right].map((box) => road.verify(box, 0))).toEqual(['hole-1', 'hole-1']);
    const between = hole(0.27, 0.6);
    expect(road.look([left, right, between], 1).map(({ box }) => box)).toEqual([between]);
  });

  test('it keeps its extent while now one of its holes is seen and now another', () => {
    const road = new Road();
    for (const box of field) road.verify(box, 0);
    for (let second = 0; second < 3000; second++)
      expect(road.look([field[second % field.length] as NormalizedBox], second, () => 'unseen')).toEqual([]);
    expect(road.told).toHaveLength(1);
  });

  test('it is whole when all of its holes are, and not while one is left', () => {
    const road = new Road();
    for (const box of field) road.verify(box, 0);
    let second = 0;
    for (; second < 300; second++) road.look([], second, (id) => (id === 'hole-3' ? 'as-damaged' : 'clear'));
    expect(road.cleared).toEqual([]);
    expect(road.known.all).toHaveLength(field.length);
    for (; second < 400; second++) road.look([], second);
    expect(road.cleared).toEqual(['hole-1']);
    expect(road.known.all).toEqual([]);
  });

  test('after a restart its extent is told if it was not, and else not again', () => {
    const road = new Road();
    for (const box of field) road.verify(box, 0);
    const told = (known: readonly KnownDamage[]): number =>
      new KnownDamages(rules, known).absorb(VIEW, [], 60_000, () => 'unseen').events.length;
    expect(told(road.known.all)).toBe(1);
    road.look([], 60, () => 'unseen');
    expect(told(road.known.all)).toBe(0);
  });

  test('a part of what is not known any more is found anew, for nobody was told of it', () => {
    const road = new Road();
    for (const box of field) road.verify(box, 0);
    expect(new KnownDamages(rules, road.known.all.slice(1)).all).toEqual([]);
  });
});

describe('for itself is told', () => {
  const beside = hole(0.28);
  const cases: [name: string, box: NormalizedBox, second: number, change?: Partial<KnownDamage>][] = [
    ['what opens beside damage of long ago', beside, 121],
    ['what lies as far off as three of its kind', hole(0.2 + 3 * WIDTH), 1],
    ['what lies as far behind', hole(0.2, 0.6 - 3 * HEIGHT), 1],
    ['damage of another kind', beside, 1, { damageClass: 'alligator_crack' }],
    ['what is seen in another view', beside, 1, { view: 'view-2' }],
  ];
  test.each(cases)('%s', (_, box, second, change) => {
    const road = new Road();
    road.verify(hole(0.2), 0);
    expect(road.verify(box, second, change)).toBe('hole-2');
  });
});

test('what is found in one look is put together over what lies between, whatever order it comes in', () => {
  const row = [0.1, 0.19, 0.28, 0.37].map((x) => ({ box: hole(x), damageClass: 'pothole' as const }));
  const [a, b, c, d] = row as [(typeof row)[0], (typeof row)[0], (typeof row)[0], (typeof row)[0]];
  const far = { box: hole(0.8), damageClass: 'pothole' as const };
  const crack = { box: hole(0.19, 0.65), damageClass: 'transverse_crack' as const };
  const fields = fieldsIn([a, far, d, crack, b, c], (place) => place).map((field) => new Set(field));
  expect(fields).toEqual([new Set(row), new Set([far]), new Set([crack])]);
});
