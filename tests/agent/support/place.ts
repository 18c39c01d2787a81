/** What a look at a known place is worth, on rendered streets: the damage there, a vehicle on it, a patch, another view. */

import { describe, expect, test } from 'vitest';
import type { PlaceSight } from '../../../agent/src/verify/place-look.ts';
import { type Place, PlaceMemory } from '../../../agent/src/verify/place-memory.ts';
import type { DamageOptions } from '../../../simulator/src/street/damage.ts';
import { type FilmPlan, film } from '../../../simulator/src/street/film.ts';
import { lightOf, type Weather } from '../../../simulator/src/street/light.ts';
import type { RoadState } from '../../../simulator/src/street/story.ts';
import type { VehicleKind } from '../../../simulator/src/street/vehicle.ts';

const SIZE = { width: 640, height: 360 };
const PLAN: FilmPlan = { ...SIZE, fps: 0.25, seed: 122, treeShadow: 0, shake: 1, view: {} };
const VIEW = 'view-1';

export interface Case {
  readonly weather: Weather;
  readonly damage: DamageOptions;
  readonly vehicles: readonly VehicleKind[];
  /** Cracks that are hardly more than noise in the model's input: nobody need be able to say of them that they are gone. */
  readonly faint?: boolean;
}

interface Look {
  readonly plane: Uint8Array;
  readonly stride: number;
  readonly size: typeof SIZE;
}

/** A few looks at a street, seconds apart, with the noise of a sensor, and where the damage lies. */
function looksAt(weather: Weather, state: Partial<RoadState>, plan: Partial<FilmPlan> = {}) {
  const road = { from: 0, until: 24, damage: [], vehiclesPerMinute: 4, people: 1, crew: [] };
  const { noise } = lightOf(weather, 0, 45);
  let random = 1;
  const looks: Look[] = [];
  let box: Place['box'] | undefined;
  for (const { rgb, truth } of film({ ...PLAN, ...plan }, { ...road, weather, ...state })) {
    const plane = new Uint8Array(SIZE.width * SIZE.height);
    for (let i = 0; i < plane.length; i++) {
      random = (random * 1_103_515_245 + 12_345) & 0x7fffffff;
      const value = (rgb[i * 3 + 1] as number) + (random / 0x40000000 - 1) * noise;
      plane[i] = Math.min(255, Math.max(0, value));
    }
    looks.push({ plane, stride: SIZE.width, size: SIZE });
    box ??= truth[0]?.box;
  }
  return { looks, box };
}

/** A memory that has seen the damage in this light for a while. */
function remembering({ weather, damage }: Case): PlaceMemory {
  const { looks, box } = looksAt(weather, { damage: [{ id: 'damage', damage }] });
  const memory = new PlaceMemory([]);
  const place = { id: 'place', view: VIEW, box: box as Place['box'], damageClass: damage.kind };
  for (const look of looks) memory.learn(place, look);
  // As after a restart.
  return new PlaceMemory(memory.stored);
}

export function describePlace(name: string, given: Case): void {
  const { weather, damage, vehicles, faint = false } = given;
  const { x, z } = damage;
  const damaged = [{ id: 'damage', damage }];
  const patch: DamageOptions = { ...damage, kind: 'repair', size: Math.max(0.7, damage.size ?? 1), seed: 7 };

  describe(name, () => {
    const memory = remembering(given);
    const sights = (looks: readonly Look[]): readonly PlaceSight[] =>
      looks.map((look) => memory.look('place', look));

    test.each(vehicles)('a %s on the place is never taken for a road that is whole', (kind) => {
      const parked = [{ kind, x, z }];
      expect(sights(looksAt(weather, { damage: damaged, parked }).looks)).not.toContain('clear');
    });

    test('a crew at work there is not either', () => {
      expect(sights(looksAt(weather, { damage: damaged, crew: [{ x, z }] }).looks)).not.toContain('clear');
    });

    test('damage that is only not found is not either', () => {
      expect(sights(looksAt(weather, { damage: damaged }).looks)).not.toContain('clear');
    });

    test.each([
      ['patched', [{ id: 'patch', damage: patch }]],
      ['made anew', []],
    ])('a road that was %s is seen whole', (_, now) => {
      const seen = sights(looksAt(weather, { damage: now }).looks);
      const clear = seen.filter((sight) => sight === 'clear').length;
      if (!faint) expect(clear).toBeGreaterThanOrEqual(seen.length / 2);
    });

    // In fog there is little around a place to know it by; then the view as a whole tells.
    test.skipIf(weather === 'fog')('another view says nothing of the place', () => {
      const { looks } = looksAt(weather, { damage: [] }, { view: { yaw: 8 } });
      expect(new Set(sights(looks))).toEqual(new Set(['unseen']));
    });
  });
}
