/** Who passes when. Traffic repeats after a period, so that a film of that length loops without a seam. */
import { randomFrom } from './noise.ts';
import type { CrewPlace, ParkedVehicle } from './story.ts';
import type { Surface } from './surface.ts';
import { type Vehicle, type VehicleKind, vehicleLength } from './vehicle.ts';

export interface TrafficOptions {
  readonly seed: number;
  /** Vehicles a minute in each lane. */
  readonly perMinute: number;
  /** People on the pavements at any time. */
  readonly people: number;
  /** Seconds. */
  readonly period: number;
}

interface Passage {
  readonly kind: VehicleKind;
  readonly colour: readonly [number, number, number];
  readonly x: number;
  readonly heading: 1 | -1;
  /** Seconds into the period at which it enters. */
  readonly enters: number;
  /** Metres a second. */
  readonly speed: number;
}

/** Metres that traffic keeps from people at work. */
const CLEARANCE = 0.9;
const NEAR = -14;
const FAR = 95;

const COLOURS: readonly (readonly [number, number, number])[] = [
  [228, 229, 228],
  [214, 216, 218],
  [30, 31, 34],
  [118, 122, 126],
  [150, 24, 26],
  [36, 60, 112],
  [196, 186, 160],
  [66, 84, 74],
];

export class Traffic {
  readonly #passages: readonly Passage[];
  readonly #period: number;

  constructor(surface: Surface, options: TrafficOptions) {
    const random = randomFrom(options.seed * 13 + 5);
    this.#period = options.period;
    this.#passages = [...vehicles(surface, options, random), ...people(surface, options, random)];
  }

  /** Everyone in view who does not have to keep clear of what stands on the road. */
  around(standing: readonly Vehicle[], seconds: number): Vehicle[] {
    const all = this.at(seconds);
    if (standing.length === 0) return all;
    const left = Math.min(...standing.map(({ x }) => x)) - CLEARANCE;
    const right = Math.max(...standing.map(({ x }) => x)) + CLEARANCE;
    return all.filter(({ kind, x }) => kind === 'person' || x < left || x > right);
  }

  /** Everyone in view at a time, the farthest first. */
  at(seconds: number): Vehicle[] {
    const present: Vehicle[] = [];
    for (const passage of this.#passages) {
      const since = (((seconds - passage.enters) % this.#period) + this.#period) % this.#period;
      const way = since * passage.speed;
      if (way > FAR - NEAR) continue;
      const z = passage.heading === 1 ? NEAR + way : FAR - way;
      present.push({ kind: passage.kind, colour: passage.colour, x: passage.x, z, heading: passage.heading });
    }
    return present.sort((a, b) => b.z - a.z);
  }
}

function vehicles(surface: Surface, options: TrafficOptions, random: () => number): Passage[] {
  const { lanes } = surface.options;
  const passages: Passage[] = [];
  const count = (options.perMinute * options.period) / 60;
  for (let lane = 0; lane < lanes; lane++) {
    const heading = lane < lanes / 2 ? -1 : 1;
    // One speed for a lane: nobody drives through anybody.
    const speed = 9 + random() * 5;
    const slots = Math.floor(count) + (random() < count % 1 ? 1 : 0);
    for (let i = 0; i < slots; i++) {
      const kind = kindOf(random());
      const enters = ((i + 0.15 + 0.5 * random()) / slots) * options.period;
      const x = surface.laneCentre(lane) + (random() - 0.5) * 0.5;
      passages.push({ kind, colour: colourOf(kind, random), x, heading, enters, speed });
    }
  }
  return passages;
}

function people(surface: Surface, options: TrafficOptions, random: () => number): Passage[] {
  return Array.from({ length: options.people }, () => {
    const side = random() < 0.5 ? -1 : 1;
    const colour = COLOURS[Math.floor(random() * COLOURS.length)] as Passage['colour'];
    return {
      kind: 'person',
      colour,
      x: side * (surface.halfWidth + 0.8 + random() * 2),
      heading: random() < 0.5 ? 1 : -1,
      enters: random() * options.period,
      // The whole way within one period, else somebody would vanish at the seam.
      speed: Math.max(1.3, (FAR - NEAR) / options.period),
    };
  });
}

function kindOf(dice: number): VehicleKind {
  if (dice < 0.6) return 'car';
  if (dice < 0.74) return 'van';
  if (dice < 0.82) return 'truck';
  if (dice < 0.88) return 'bus';
  return 'scooter';
}

function colourOf(kind: VehicleKind, random: () => number): Passage['colour'] {
  if (kind === 'bus') return random() < 0.5 ? [44, 120, 86] : [196, 62, 44];
  return COLOURS[Math.floor(random() * COLOURS.length)] as Passage['colour'];
}

/** As it stands, seen from behind. */
export function parkedVehicle({ kind, x, z }: ParkedVehicle): Vehicle {
  return { kind, colour: [150, 24, 26], x, z: z - vehicleLength(kind) / 2, heading: 1 };
}

/** A crew at work around a place: its lorry behind, cones about it, two people at the hole. */
export function crewAt({ x, z }: CrewPlace): Vehicle[] {
  const cone = (dx: number, dz: number): Vehicle => ({
    kind: 'cone',
    colour: [226, 92, 28],
    x: x + dx,
    z: z + dz,
    heading: 1,
  });
  return [
    { kind: 'truck', colour: [222, 150, 30], x, z: z + 3.2, heading: 1 },
    { kind: 'person', colour: [232, 120, 24], x: x - 0.55, z: z + 1.2, heading: 1 },
    { kind: 'person', colour: [214, 196, 40], x: x + 0.75, z: z + 0.3, heading: -1 },
    ...[-1.5, 1.5].flatMap((dx) => [cone(dx, -2.4), cone(dx, 0), cone(dx, 2.2)]),
    cone(0, -3),
  ];
}
