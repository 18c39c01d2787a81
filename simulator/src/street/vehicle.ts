/** Cars, vans, buses, lorries, scooters and people as solids, drawn face by face in light, with their shadows. */
import type { Light } from './light.ts';
import { type Canvas, convexHull, fillPolygon, type Paint } from './raster.ts';
import type { View } from './view.ts';

export const VEHICLE_KINDS = ['car', 'van', 'bus', 'truck', 'scooter', 'person', 'cone'] as const;
export type VehicleKind = (typeof VEHICLE_KINDS)[number];

export interface Vehicle {
  readonly kind: VehicleKind;
  /** Middle of its back end on the road, and the way it faces: 1 away from the camera, -1 towards it. */
  readonly x: number;
  readonly z: number;
  readonly heading: 1 | -1;
  readonly colour: readonly [number, number, number];
}

interface Solid {
  readonly width: number;
  /** Outline from the side: metres from the back, metres up; clockwise from the lower back corner. */
  readonly profile: readonly (readonly [number, number])[];
  /** Edges of the outline (by index of their first corner) that are glass. */
  readonly glass: readonly number[];
  /** Side windows: from, to, bottom, top. */
  readonly windows: readonly (readonly [number, number, number, number])[];
  /** Wheels: distance from the back, radius. */
  readonly wheels: readonly (readonly [number, number])[];
}

const GLASS = [38, 46, 54] as const;
const TYRE = [24, 24, 25] as const;

const SOLIDS: Record<VehicleKind, Solid> = {
  car: {
    width: 1.8,
    // biome-ignore format: corner by corner
    profile: [[0, 0.28], [0.02, 0.85], [0.25, 1], [0.75, 1.42], [2.2, 1.46], [3.05, 0.98], [4.2, 0.82], [4.4, 0.6], [4.4, 0.28]],
    glass: [2, 4],
    // biome-ignore format: window by window
    windows: [[0.75, 1.55, 0.98, 1.36], [1.65, 2.75, 0.98, 1.38]],
    // biome-ignore format: wheel by wheel
    wheels: [[0.85, 0.33], [3.5, 0.33]],
  },
  van: {
    width: 1.95,
    // biome-ignore format: corner by corner
    profile: [[0, 0.3], [0, 2.1], [0.15, 2.2], [3.6, 2.2], [4.4, 1.25], [4.9, 1.05], [5, 0.3]],
    glass: [3],
    windows: [[3.1, 4.1, 1.25, 1.9]],
    // biome-ignore format: wheel by wheel
    wheels: [[0.95, 0.36], [4.1, 0.36]],
  },
  bus: {
    width: 2.5,
    // biome-ignore format: corner by corner
    profile: [[0, 0.35], [0, 3], [0.2, 3.1], [11, 3.1], [11.2, 2.9], [11.3, 1.2], [11.3, 0.35]],
    glass: [4],
    // biome-ignore format: window by window
    windows: [[0.6, 2.9, 1.4, 2.5], [3.1, 5.4, 1.4, 2.5], [5.6, 7.9, 1.4, 2.5], [8.1, 10.6, 1.4, 2.5]],
    // biome-ignore format: wheel by wheel
    wheels: [[2.6, 0.48], [8.6, 0.48]],
  },
  truck: {
    width: 2.3,
    // biome-ignore format: corner by corner
    profile: [[0, 0.6], [0, 3], [5.3, 3], [5.35, 2.4], [6.6, 2.4], [6.9, 1.5], [7, 0.5]],
    glass: [4],
    windows: [[5.7, 6.6, 1.5, 2.1]],
    // biome-ignore format: wheel by wheel
    wheels: [[1.3, 0.48], [5.9, 0.48]],
  },
  scooter: {
    width: 0.5,
    // biome-ignore format: corner by corner
    profile: [[0.1, 0.25], [0, 0.75], [0.5, 0.85], [0.45, 1.55], [0.7, 1.75], [0.95, 1.5], [1.15, 0.95], [1.5, 1], [1.65, 0.25]],
    glass: [],
    windows: [],
    // biome-ignore format: wheel by wheel
    wheels: [[0.25, 0.25], [1.5, 0.25]],
  },
  person: {
    width: 0.42,
    // biome-ignore format: corner by corner
    profile: [[0, 0], [0.06, 0.8], [0, 1.4], [0.1, 1.52], [0.07, 1.72], [0.28, 1.72], [0.25, 1.52], [0.36, 1.38], [0.28, 0.8], [0.36, 0]],
    glass: [],
    windows: [],
    wheels: [],
  },
  cone: {
    width: 0.34,
    // biome-ignore format: corner by corner
    profile: [[0, 0], [0.02, 0.05], [0.13, 0.7], [0.21, 0.7], [0.32, 0.05], [0.34, 0]],
    glass: [],
    windows: [],
    wheels: [],
  },
};

export function vehicleLength(kind: VehicleKind): number {
  return Math.max(...SOLIDS[kind].profile.map(([s]) => s));
}

export function drawVehicle(canvas: Canvas, view: View, light: Light, vehicle: Vehicle): void {
  const solid = SOLIDS[vehicle.kind];
  // What stands beside or behind the camera is out of the picture.
  const ends = [vehicle.z, vehicle.z + vehicle.heading * vehicleLength(vehicle.kind)];
  if (ends.some((z) => z < 1.5)) return;
  const world = (s: number, y: number, side: number): [number, number, number] => [
    vehicle.x + (side * solid.width) / 2,
    y,
    vehicle.z + vehicle.heading * s,
  ];
  const flat = (corners: readonly [number, number, number][]): number[] =>
    corners.flatMap(([x, y, z]) => {
      const pixel = view.project(x, y, z);
      return [pixel.x, pixel.y];
    });
  drawShadow(canvas, light, solid, world, flat);
  const faces = facesOf(solid, vehicle, world);
  const eye = [view.options.cameraX, view.options.cameraHeight, 0] as const;
  const seen = faces
    .map((face) => ({ face, away: distanceTo(face.corners, eye) }))
    .filter(({ face }) => facesEye(face, eye))
    .sort((a, b) => b.away - a.away || a.face.layer - b.face.layer);
  for (const { face } of seen) fillPolygon(canvas, flat(face.corners), shaded(face, light));
  if (light.weather === 'night' || light.weather === 'dusk') drawLamps(canvas, view, solid, vehicle, light);
}

interface Face {
  readonly corners: readonly [number, number, number][];
  readonly normal: readonly [number, number, number];
  readonly colour: readonly [number, number, number];
  /** Drawn later, on top, among faces of the same plane. */
  readonly layer: number;
}

type World = (s: number, y: number, side: number) => [number, number, number];

function facesOf(solid: Solid, vehicle: Vehicle, world: World): Face[] {
  const { profile, glass, windows, wheels } = solid;
  const faces: Face[] = [];
  for (let i = 0; i < profile.length; i++) {
    const [s1, y1] = profile[i] as readonly [number, number];
    const [s2, y2] = profile[(i + 1) % profile.length] as readonly [number, number];
    const length = Math.hypot(s2 - s1, y2 - y1);
    faces.push({
      corners: [world(s1, y1, -1), world(s2, y2, -1), world(s2, y2, 1), world(s1, y1, 1)],
      normal: [0, (s2 - s1) / length, (vehicle.heading * -(y2 - y1)) / length],
      colour: glass.includes(i) ? GLASS : vehicle.colour,
      layer: 0,
    });
  }
  for (const side of [-1, 1]) {
    const normal = [side, 0, 0] as const;
    const plane = (corners: [number, number, number][], colour: Face['colour'], layer: number): void => {
      faces.push({ corners, normal, colour, layer });
    };
    plane(
      profile.map(([s, y]) => world(s, y, side)),
      vehicle.colour,
      1,
    );
    for (const [from, to, bottom, top] of windows) {
      plane(
        [
          world(from, bottom, side),
          world(from + 0.1, top, side),
          world(to - 0.1, top, side),
          world(to, bottom, side),
        ],
        GLASS,
        2,
      );
    }
    for (const [s, radius] of wheels) {
      const rim = Array.from({ length: 14 }, (_, k): [number, number, number] => {
        const angle = (k / 14) * 2 * Math.PI;
        return world(s + radius * Math.cos(angle), radius + radius * Math.sin(angle), side);
      });
      plane(rim, TYRE, 3);
    }
  }
  return faces;
}

function distanceTo(corners: Face['corners'], eye: readonly [number, number, number]): number {
  // All of a side is sorted by its nearest corner's distance across: sides lie before ends that are farther off.
  let sum = 0;
  for (const [x, y, z] of corners) sum += Math.hypot(x - eye[0], y - eye[1], z - eye[2]);
  return Math.round((sum / corners.length) * 2) / 2;
}

function facesEye({ corners, normal }: Face, eye: readonly [number, number, number]): boolean {
  const [x, y, z] = corners[0] as [number, number, number];
  return (eye[0] - x) * normal[0] + (eye[1] - y) * normal[1] + (eye[2] - z) * normal[2] > 0;
}

function shaded({ normal, colour }: Face, light: Light): Paint {
  const [sx, sy, sz] = light.sun;
  const facing = Math.max(0, normal[0] * sx + normal[1] * sy + normal[2] * sz);
  const skyward = 0.65 + 0.35 * normal[1];
  const gain = (1 - light.direct) * skyward + light.direct * (0.25 + 1.05 * facing);
  const [red, green, blue] = colour.map((value, i) => value * gain * (light.tint[i] as number)) as [
    number,
    number,
    number,
  ];
  return { red, green, blue, alpha: 1, mode: 'over' };
}

type Flat = (corners: readonly [number, number, number][]) => number[];

function drawShadow(canvas: Canvas, light: Light, solid: Solid, world: World, flat: Flat): void {
  const [sx, sy, sz] = light.sun;
  const cast = (s: number, y: number, side: number): [number, number, number] => {
    const [x, , z] = world(s, y, side);
    const run = y / Math.max(sy, 0.25);
    return [x - sx * run, 0, Math.max(1, z - sz * run)];
  };
  const sides = [-1, 1];
  const under = sides.flatMap((side) => solid.profile.map(([s]) => cast(s, 0, side)));
  // Close to the ground it is dark under every sky.
  const contact: Paint = { red: 40, green: 42, blue: 46, alpha: 0.75, mode: 'multiply' };
  fillPolygon(canvas, convexHull(flat(under)), contact);
  if (light.direct < 0.3) return;
  const thrown = sides.flatMap((side) =>
    solid.profile.flatMap(([s, y]) => [cast(s, y, side), cast(s, 0, side)]),
  );
  const dark = 255 * (1 - 0.75 * light.direct);
  fillPolygon(canvas, convexHull(flat(thrown)), {
    red: dark,
    green: dark,
    blue: dark + 8,
    alpha: 1,
    mode: 'multiply',
  });
}

/** Headlamps with their light on the road when it comes towards us, tail lamps when it goes. */
function drawLamps(canvas: Canvas, view: View, solid: Solid, vehicle: Vehicle, light: Light): void {
  if (solid.wheels.length === 0) return;
  const length = vehicleLength(vehicle.kind);
  const front = vehicle.z + vehicle.heading * length;
  const strength = light.weather === 'night' ? 1 : 0.35;
  for (const reach of [4, 8, 13]) {
    const near = front + vehicle.heading * 0.8;
    const far = front + vehicle.heading * reach;
    if (near < 2 || far < 2) continue;
    const spread = 0.6 + reach * 0.13;
    const corners: [number, number][] = [
      [vehicle.x - 0.6, near],
      [vehicle.x + 0.6, near],
      [vehicle.x + spread, far],
      [vehicle.x - spread, far],
    ];
    const points = corners.flatMap(([x, z]) => {
      const pixel = view.project(x, 0, z);
      return [pixel.x, pixel.y];
    });
    fillPolygon(canvas, points, { red: 46, green: 43, blue: 36, alpha: strength, mode: 'add' });
  }
  const towards = vehicle.heading === -1;
  const lampZ = towards ? front : vehicle.z;
  for (const side of solid.width < 1 ? [0] : [-1, 1]) {
    const lamp = view.project(vehicle.x + side * (solid.width / 2 - 0.22), 0.72, lampZ);
    for (const [size, alpha] of [
      [0.55, 0.16],
      [0.3, 0.35],
      [0.11, 1],
    ] as const) {
      const radius = (size * view.focal * (towards ? 1 : 0.6)) / lamp.depth;
      const disc = Array.from({ length: 12 }, (_, k) => [
        lamp.x + radius * Math.cos((k / 6) * Math.PI),
        lamp.y + radius * Math.sin((k / 6) * Math.PI),
      ]).flat();
      const [red, green, blue] = towards ? [255, 246, 214] : [220, 24, 16];
      fillPolygon(canvas, disc, { red, green, blue, alpha: alpha * strength, mode: 'add' });
    }
  }
}
