/** The scenes that can be asked for by name: what happens in each, and when. */
import type { Weather } from './light.ts';
import type { DamageEvent, DamageKind, DamageOptions } from './scene.ts';

export interface ScenePlan {
  readonly about: string;
  readonly weather: Weather;
  readonly events: readonly DamageEvent[];
  /** Vehicles a minute in each lane. */
  readonly vehiclesPerMinute: number;
  readonly people: number;
  readonly treeShadow: number;
}

/** Where damage is large and in clear view: the lane right of the middle, ten metres ahead. */
const PLACE = { x: 1.7, z: 10 };

function damage(kind: DamageKind, seed: number, place = PLACE, size = 1): DamageOptions {
  return { kind, ...place, size, seed };
}

const calm = { weather: 'overcast', vehiclesPerMinute: 7, people: 3, treeShadow: 0 } as const;
const sunny = { ...calm, weather: 'day', treeShadow: 0.8 } as const;

export const SCENES: Readonly<Record<string, ScenePlan>> = {
  pothole: {
    ...calm,
    about: 'a pothole breaks open in second 8 while traffic passes',
    events: [{ damage: damage('pothole', 200, PLACE, 1.15), from: 8 }],
  },
  quiet: {
    ...sunny,
    about: 'no damage: manholes, a grate, stains, patches and moving shadows',
    events: [
      { damage: damage('repair', 11, { x: -2.2, z: 12 }, 0.9), from: 0 },
      { damage: damage('repair', 12, { x: 4.6, z: 16 }, 1.1), from: 0 },
    ],
  },
  crack: {
    ...calm,
    about: 'an alligator crack in second 8, a transverse crack in second 14',
    events: [
      { damage: damage('alligator_crack', 31, PLACE, 1.1), from: 8 },
      { damage: damage('transverse_crack', 32, { x: -2.6, z: 12 }, 1.2), from: 14 },
    ],
  },
  repair: {
    ...calm,
    about: 'a pothole from the beginning, patched in second 60',
    events: [
      { damage: damage('pothole', 200, PLACE, 1.15), from: 0, until: 60 },
      { damage: damage('repair', 41, PLACE, 1), from: 60 },
    ],
  },
  night: {
    ...calm,
    weather: 'night',
    about: 'a pothole in second 8 under street lamps and headlights',
    events: [{ damage: damage('pothole', 200, PLACE, 1.15), from: 8 }],
  },
  rain: {
    ...calm,
    weather: 'rain',
    about: 'a pothole in second 8 on a wet road, in rain',
    events: [{ damage: damage('pothole', 200, PLACE, 1.15), from: 8 }],
  },
  fog: {
    ...calm,
    weather: 'fog',
    about: 'a pothole in second 8 in fog',
    events: [{ damage: damage('pothole', 200, PLACE, 1.15), from: 8 }],
  },
  dusk: {
    ...calm,
    weather: 'dusk',
    about: 'a pothole in second 8 at dusk',
    events: [{ damage: damage('pothole', 200, PLACE, 1.15), from: 8 }],
  },
};
