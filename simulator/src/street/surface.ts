/** The street without anything on it: asphalt, lane marks, gutter, kerb, pavement, verge. */
import { clamp01, fractal, noise, smoothstep } from './noise.ts';

export interface SurfaceOptions {
  readonly seed: number;
  readonly lanes: number;
  readonly laneWidth: number;
  /** Grey of the asphalt, 0 to 255. */
  readonly tone: number;
  /** How coarse its grain looks, 0 to 1. */
  readonly grain: number;
  /** Paint left of the marks, 0 to 1. */
  readonly paint: number;
  /** A pedestrian crossing begins here (metres ahead); null for none. */
  readonly crossing: number | null;
  readonly verge: 'pavement' | 'grass';
}

const DASH = 4;
const DASH_PERIOD = 10;
const MARK_WIDTH = 0.15;
const KERB_WIDTH = 0.25;
const CROSSING_LENGTH = 4;

export type Colour = Float32Array;

export class Surface {
  readonly options: SurfaceOptions;
  /** Metres from the middle of the road to its edge. */
  readonly halfWidth: number;

  constructor(options: SurfaceOptions) {
    this.options = options;
    this.halfWidth = (options.lanes * options.laneWidth) / 2 + 0.6;
  }

  /** The middle of a lane, counted from the left. */
  laneCentre(lane: number): number {
    return (lane + 0.5 - this.options.lanes / 2) * this.options.laneWidth;
  }

  colour(x: number, z: number, footprint: number, out: Colour): void {
    const beyond = Math.abs(x) - this.halfWidth;
    if (beyond < 0) this.#road(x, z, footprint, out);
    else if (beyond < KERB_WIDTH) this.#kerb(z, beyond, footprint, out);
    else if (this.options.verge === 'grass') this.#grass(x, z, footprint, out);
    else this.#pavement(x, z, footprint, out);
  }

  #road(x: number, z: number, footprint: number, out: Colour): void {
    const { seed, laneWidth, lanes, tone, grain } = this.options;
    // Tyres polish two tracks in each lane; oil darkens the strip between them.
    const inLane = (((x / laneWidth + lanes / 2) % 1) + 1) % 1;
    const track = Math.exp(-(((Math.abs(inLane - 0.5) - 0.24) / 0.07) ** 2));
    const oil = Math.exp(-(((inLane - 0.5) / 0.1) ** 2));
    const wander = 0.5 + 0.5 * noise(z * 0.09, x * 0.3, seed + 1);
    const mottled =
      7 * fractal(x * 0.35, z * 0.16, seed + 2, 3) +
      5 * fractal(x * 1.7, z * 1.1, seed + 3, 2) +
      4 * track * wander -
      8 * oil * wander;
    const gutter = -14 * smoothstep(0.55, 0, this.halfWidth - Math.abs(x));
    const grey = tone + mottled + gutter + aggregate(x, z, footprint, grain, seed);
    out[0] = grey * 1.005;
    out[1] = grey;
    out[2] = grey * 0.985 + 1;
    this.#marks(x, z, footprint, out);
  }

  #marks(x: number, z: number, footprint: number, out: Colour): void {
    const { seed, lanes, laneWidth, paint, crossing } = this.options;
    let white = 0;
    let yellow = 0;
    const soft = footprint * 0.6 + 0.01;
    const stripe = (distance: number): number =>
      smoothstep(MARK_WIDTH / 2 + soft, MARK_WIDTH / 2 - soft, distance);
    const onCrossing =
      crossing !== null &&
      z > crossing &&
      z < crossing + CROSSING_LENGTH &&
      Math.abs(x) < this.halfWidth - 0.7;
    if (onCrossing) {
      const bar = Math.abs(((((x / 1.1) % 1) + 1) % 1) - 0.5) * 1.1;
      white = smoothstep(0.24 + soft, 0.24 - soft, bar);
    } else {
      for (let line = 1; line < lanes; line++) {
        const distance = Math.abs(x - (line - lanes / 2) * laneWidth);
        if (line === lanes / 2) yellow = Math.max(stripe(Math.abs(distance - 0.16)), yellow);
        else if (((z % DASH_PERIOD) + DASH_PERIOD) % DASH_PERIOD < DASH)
          white = Math.max(white, stripe(distance));
      }
      white = Math.max(white, stripe(Math.abs(Math.abs(x) - (lanes * laneWidth) / 2)));
    }
    if (white + yellow <= 0) return;
    // Paint wears off the tops of the stones first.
    const worn = clamp01(
      paint + 0.55 * fractal(x * 7, z * 3, seed + 20, 4) + 0.2 * noise(x * 60, z * 60, seed + 24),
    );
    const cover = Math.max(white, yellow) * worn * 0.9;
    const [r, g, b] = yellow > white ? [222, 176, 66] : [226, 226, 221];
    out[0] = (out[0] as number) * (1 - cover) + r * cover;
    out[1] = (out[1] as number) * (1 - cover) + g * cover;
    out[2] = (out[2] as number) * (1 - cover) + b * cover;
  }

  #kerb(z: number, beyond: number, footprint: number, out: Colour): void {
    const { seed } = this.options;
    const joint = smoothstep(0.02 + footprint, 0.005, Math.abs(((((z / 1) % 1) + 1) % 1) - 0.5));
    const face = beyond < 0.09 ? -38 : 0;
    const grey = 158 + face - 40 * joint + 10 * fractal(z * 2, beyond * 6, seed + 30, 3);
    out[0] = grey;
    out[1] = grey;
    out[2] = grey * 0.97;
  }

  #pavement(x: number, z: number, footprint: number, out: Colour): void {
    const { seed } = this.options;
    const px = x / 0.4;
    const pz = z / 0.4;
    const fx = Math.abs(px - Math.floor(px) - 0.5);
    const fz = Math.abs(pz - Math.floor(pz) - 0.5);
    const joint = smoothstep(0.44, 0.5, Math.max(fx, fz)) * clamp01(1 - footprint * 6);
    const slab = 7 * noise(Math.floor(px) * 3.3, Math.floor(pz) * 3.3, seed + 31);
    const dirt =
      10 * fractal(x * 0.8, z * 0.5, seed + 32, 3) +
      5 * noise(x * 40, z * 40, seed + 33) * clamp01(1 - footprint * 30);
    const grey = 148 + slab + dirt - 30 * joint;
    out[0] = grey * 1.03;
    out[1] = grey * 0.99;
    out[2] = grey * 0.93;
  }

  #grass(x: number, z: number, footprint: number, out: Colour): void {
    const { seed } = this.options;
    const blade = noise(x * 30, z * 18, seed + 34) * clamp01(1 - footprint * 12);
    const clump = fractal(x * 1.1, z * 0.8, seed + 35, 4);
    out[0] = 82 + 22 * clump + 18 * blade;
    out[1] = 104 + 24 * clump + 20 * blade;
    out[2] = 56 + 14 * clump + 10 * blade;
  }
}

/** The stones in the asphalt, as far as they can be made out from here. */
function aggregate(x: number, z: number, footprint: number, grain: number, seed: number): number {
  const seen = (size: number): number => clamp01(1.6 - footprint / size);
  let value = 0;
  if (footprint < 0.13) value += 5 * noise(x * 13, z * 13, seed + 10) * seen(0.08);
  if (footprint < 0.05) value += 13 * noise(x * 38, z * 38, seed + 11) * seen(0.03);
  if (footprint < 0.025) value += 22 * noise(x * 90, z * 90, seed + 12) * seen(0.016);
  return value * (0.35 + grain);
}
