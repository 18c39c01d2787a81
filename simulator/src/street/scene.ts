/** A street as data: where its camera stands, what its surface is like, what lies on it, how the light falls. Seeded. */
import { alligatorCrack, crack, repair } from './cracks.ts';
import type { DamageOptions } from './damage.ts';
import { grate, manhole, stain } from './furniture.ts';
import { type Light, lightOf, type Weather } from './light.ts';
import { randomFrom } from './noise.ts';
import { pothole } from './pothole.ts';
import type { Relief } from './relief.ts';
import { Surface } from './surface.ts';
import { View, type ViewOptions } from './view.ts';

export interface StreetOptions {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly weather: Weather;
  /** Everything else drawn by the seed too: for training pictures rather than for a camera that people look at. */
  readonly varied?: boolean;
  /** Where the camera stands and looks, as far as it is not left to the rest. */
  readonly view?: Partial<ViewOptions>;
}

export interface Street {
  readonly options: StreetOptions;
  readonly view: View;
  readonly surface: Surface;
  readonly light: Light;
  /** What is on the road from the beginning and is no damage. */
  readonly furniture: readonly Relief[];
}

export function makeStreet(options: StreetOptions): Street {
  const { width, height, seed, weather, varied = false } = options;
  const random = randomFrom(seed * 31 + 7);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const range = (usual: number, low: number, high: number): number => (varied ? between(low, high) : usual);
  const lanes = varied ? 2 + Math.floor(random() * 3) : 4;
  const laneWidth = range(3.4, 3, 3.7);
  const surface = new Surface({
    seed,
    lanes,
    laneWidth,
    tone: varied ? between(72, 165) : between(108, 126),
    grain: range(0.7, 0.2, 1.2),
    paint: range(0.75, 0.2, 1),
    crossing: varied && random() < 0.25 ? between(6, 22) : null,
    verge: random() < 0.6 ? 'pavement' : 'grass',
  });
  const view = new View({
    width,
    height,
    cameraHeight: range(5.6, 1.6, 8),
    cameraX: varied ? between(-0.4, 0.4) * surface.halfWidth : 1.4,
    pitch: range(25, 17, 42),
    yaw: varied ? between(-16, 16) : -2,
    fieldOfView: range(60, 45, 82),
    ...options.view,
  });
  const light = lightOf(weather, varied ? between(-180, 180) : -115, varied ? between(18, 75) : 42);
  return { options, view, surface, light, furniture: furnish(surface, random) };
}

function furnish(surface: Surface, random: () => number): Relief[] {
  const between = (low: number, high: number): number => low + (high - low) * random();
  const anywhere = (): { x: number; z: number; seed: number } => ({
    x: between(-0.85, 0.85) * surface.halfWidth,
    z: between(7, 34),
    seed: Math.floor(random() * 1e6),
  });
  const items: Relief[] = [];
  for (let i = Math.floor(between(1, 4)); i > 0; i--) items.push(manhole(anywhere()));
  for (let i = Math.floor(between(2, 6)); i > 0; i--) {
    items.push(
      stain({ ...anywhere(), radius: between(0.2, 0.9), tone: random() < 0.8 ? between(0.66, 0.85) : 1.2 }),
    );
  }
  for (const z of [between(6, 10), between(18, 26)]) {
    items.push(grate({ x: surface.halfWidth - 0.35, z, seed: Math.floor(random() * 1e6) }));
  }
  return items;
}

/** Damage of a kind, with what its kind leaves open drawn by its seed. */
export function makeDamage({ kind, x, z, size = 1, seed }: DamageOptions): Relief {
  const random = randomFrom(seed * 17 + 3);
  const between = (low: number, high: number): number => low + (high - low) * random();
  switch (kind) {
    case 'pothole':
      return pothole({
        x,
        z,
        radiusX: between(0.5, 0.72) * size,
        radiusZ: between(0.5, 0.8) * size,
        depth: between(0.1, 0.2) * Math.sqrt(size),
        water: random() < 0.25 ? between(0.3, 0.8) : 0,
        seed,
      });
    case 'longitudinal_crack':
    case 'transverse_crack':
      return crack({
        x,
        z,
        length: between(2.6, 4.4) * size,
        width: between(0.022, 0.042) * Math.sqrt(size),
        along: kind === 'longitudinal_crack',
        seed,
      });
    case 'alligator_crack':
      return alligatorCrack({
        x,
        z,
        radiusX: between(0.8, 1.3) * size,
        radiusZ: between(1, 1.8) * size,
        seed,
      });
    case 'repair':
      return repair({
        x,
        z,
        radiusX: between(0.7, 1.2) * size,
        radiusZ: between(0.8, 1.6) * size,
        tone: between(0.55, 0.8),
        square: random() < 0.55,
        seed,
      });
  }
}
