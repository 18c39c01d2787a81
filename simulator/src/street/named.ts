/** The scenes that can be asked for by name: what happens in each, and when. */

import type { DamageKind, DamageOptions } from './damage.ts';
import type { Weather } from './light.ts';
import type { DamageEvent, Story } from './story.ts';

export interface NamedScene extends Story {
  readonly about: string;
  /** Shadows of trees, 0 to 1. */
  readonly treeShadow: number;
}

/** Where damage is large and in clear view: the lane right of the middle, ten metres ahead. */
const PLACE = { x: 1.7, z: 10 };

function damage(kind: DamageKind, seed: number, place = PLACE, size = 1): DamageOptions {
  return { kind, ...place, size, seed };
}

function scene(about: string, weather: Weather, events: readonly DamageEvent[], treeShadow = 0): NamedScene {
  return {
    about,
    treeShadow,
    events,
    weather: [{ at: 0, is: weather }],
    traffic: [{ at: 0, vehiclesPerMinute: 7, people: 3 }],
    crew: [],
    parked: [],
  };
}

const BREAKS_OPEN: DamageEvent = { id: 'pothole', damage: damage('pothole', 200, PLACE, 1.15), from: 8 };

export const SCENES: Readonly<Record<string, NamedScene>> = {
  pothole: scene('a pothole breaks open in second 8 while traffic passes', 'overcast', [BREAKS_OPEN]),
  quiet: scene(
    'no damage: manholes, a grate, stains, patches and moving shadows',
    'day',
    [
      { id: 'patch-1', damage: damage('repair', 11, { x: -2.2, z: 12 }, 0.9), from: 0 },
      { id: 'patch-2', damage: damage('repair', 12, { x: 4.6, z: 16 }, 1.1), from: 0 },
    ],
    0.8,
  ),
  crack: scene('an alligator crack in second 8, a transverse crack in second 14', 'overcast', [
    { id: 'alligator', damage: damage('alligator_crack', 31, PLACE, 1.1), from: 8 },
    { id: 'transverse', damage: damage('transverse_crack', 32, { x: -2.6, z: 12 }, 1.2), from: 14 },
  ]),
  repair: {
    ...scene(
      'a pothole from the beginning; a crew comes in second 45 and has patched it in second 60',
      'overcast',
      [
        { ...BREAKS_OPEN, from: 0, until: 60 },
        { id: 'patch', damage: damage('repair', 41, PLACE, 1), from: 60 },
      ],
    ),
    crew: [{ at: 45, until: 60, ...PLACE }],
  },
  night: scene('a pothole in second 8 under street lamps and headlights', 'night', [BREAKS_OPEN]),
  rain: scene('a pothole in second 8 on a wet road, in rain', 'rain', [BREAKS_OPEN]),
  fog: scene('a pothole in second 8 in fog', 'fog', [BREAKS_OPEN]),
  dusk: scene('a pothole in second 8 at dusk', 'dusk', [BREAKS_OPEN]),
};
