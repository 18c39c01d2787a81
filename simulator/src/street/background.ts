/** The still part of the picture: street, sky, houses, and what lies on the road, in perspective and light. */
import type { Light } from './light.ts';
import { cellHash, clamp01, fractal, noise, smoothstep } from './noise.ts';
import { emptySample, type Relief } from './relief.ts';
import type { Colour, Surface } from './surface.ts';
import type { GroundPoint, View } from './view.ts';

/** Packed RGB. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8ClampedArray;
}

/** Where a relief shows in the picture. */
export interface ReliefMask {
  readonly relief: Relief;
  /** Whole pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Share of each pixel that counts as the relief, 0 to 255. */
  readonly core: Uint8Array;
}

/** Rays to a pixel, each way, where there is a relief: its edges are finer than pixels. */
const SUPERSAMPLES = { deep: 3, flat: 2 };
const MARCH_STEPS = 14;

/** The street alone. */
export function renderStreet(view: View, surface: Surface, light: Light, streetLights: boolean): Raster {
  const { width, height } = view;
  const rgb = new Uint8ClampedArray(width * height * 3);
  const colour: Colour = new Float32Array(3);
  const point: GroundPoint = { x: 0, z: 0, distance: 0, footprint: 0 };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      if (view.ground(x + 0.5, y + 0.5, point)) {
        surface.colour(point.x, point.z, point.footprint, colour);
        illuminate(colour, point, light, streetLights, surface);
      } else {
        backdrop(view, x, y, light, surface.options.seed, colour);
      }
      rgb[i] = colour[0] as number;
      rgb[i + 1] = colour[1] as number;
      rgb[i + 2] = colour[2] as number;
    }
  }
  return { width, height, rgb };
}

/** Draws a relief into the picture and returns where it is; null when it is out of sight. */
export function drawRelief(
  into: Raster,
  view: View,
  surface: Surface,
  light: Light,
  streetLights: boolean,
  relief: Relief,
): ReliefMask | null {
  const area = pictureArea(view, relief);
  if (area === null) return null;
  const core = new Uint8Array(area.width * area.height);
  const painter = new ReliefPainter(view, surface, light, streetLights, relief);
  for (let y = 0; y < area.height; y++) {
    for (let x = 0; x < area.width; x++) {
      const at = ((area.y + y) * into.width + area.x + x) * 3;
      core[y * area.width + x] = 255 * painter.pixel(area.x + x, area.y + y, into.rgb, at);
    }
  }
  return { relief, ...area, core };
}

/** The pixels in which a relief can show. */
function pictureArea(
  view: View,
  relief: Relief,
): { x: number; y: number; width: number; height: number } | null {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const sx of [-1, 1]) {
    for (const sz of [-1, 0, 1]) {
      const z = relief.z + sz * relief.reachZ;
      const corner = view.project(relief.x + sx * relief.reachX, 0, Math.max(z, 0.5));
      if (corner.depth < 0.3) return null;
      left = Math.min(left, corner.x);
      right = Math.max(right, corner.x);
      top = Math.min(top, corner.y);
      bottom = Math.max(bottom, corner.y);
    }
  }
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  const width = Math.min(view.width, Math.ceil(right)) - x;
  const height = Math.min(view.height, Math.ceil(bottom)) - y;
  return width > 1 && height > 1 ? { x, y, width, height } : null;
}

/** Colours the pixels of one relief: looks along each ray into its depth, and lights what it meets. */
class ReliefPainter {
  readonly #view: View;
  readonly #surface: Surface;
  readonly #light: Light;
  readonly #streetLights: boolean;
  readonly #relief: Relief;
  readonly #sample = emptySample();
  readonly #probe = emptySample();
  readonly #colour: Colour = new Float32Array(3);
  readonly #point: GroundPoint = { x: 0, z: 0, distance: 0, footprint: 0 };

  constructor(view: View, surface: Surface, light: Light, streetLights: boolean, relief: Relief) {
    this.#view = view;
    this.#surface = surface;
    this.#light = light;
    this.#streetLights = streetLights;
    this.#relief = relief;
  }

  /** Blends one pixel at `rgb[at]`; returns the share of it that counts as the relief. */
  pixel(px: number, py: number, rgb: Uint8ClampedArray, at: number): number {
    let red = 0;
    let green = 0;
    let blue = 0;
    let cover = 0;
    let core = 0;
    const colour = this.#colour;
    const sample = this.#sample;
    const side = this.#relief.depth > 0 ? SUPERSAMPLES.deep : SUPERSAMPLES.flat;
    for (let j = 0; j < side; j++) {
      for (let i = 0; i < side; i++) {
        const sx = px + (i + 0.5) / side;
        const sy = py + (j + 0.5) / side;
        if (!this.#view.ground(sx, sy, this.#point)) continue;
        const shade = this.#trace(sx, sy);
        core += sample.core;
        const weight = Math.max(sample.cover, shade === 1 ? 0 : 0.6);
        if (weight === 0) continue;
        const tone = this.#surface.options.tone * shade;
        colour[0] = tone * sample.red;
        colour[1] = tone * sample.green;
        colour[2] = tone * sample.blue;
        illuminate(colour, this.#point, this.#light, this.#streetLights, this.#surface);
        red += (colour[0] as number) * weight;
        green += (colour[1] as number) * weight;
        blue += (colour[2] as number) * weight;
        cover += weight;
      }
    }
    const rays = side * side;
    if (cover > 0) {
      const keep = 1 - cover / rays;
      rgb[at] = (rgb[at] as number) * keep + red / rays;
      rgb[at + 1] = (rgb[at + 1] as number) * keep + green / rays;
      rgb[at + 2] = (rgb[at + 2] as number) * keep + blue / rays;
    }
    return core / rays;
  }

  /** Leaves in `#sample` what the ray meets; returns how much lighter it is than flat road. */
  #trace(px: number, py: number): number {
    const relief = this.#relief;
    const { footprint } = this.#point;
    let x = this.#point.x - relief.x;
    let z = this.#point.z - relief.z;
    const sample = this.#sample;
    relief.sample(x, z, footprint, sample);
    if (relief.depth > 0) {
      const [dx, dy, dz] = this.#view.ray(px, py);
      const step = (relief.depth * 1.3) / MARCH_STEPS;
      for (let i = 1; i <= MARCH_STEPS && sample.height < -step * i; i++) {
        x += (dx / -dy) * step;
        z += (dz / -dy) * step;
        relief.sample(x, z, footprint, sample);
      }
    }
    if (sample.height === 0) return 1;
    return this.#shade(x, z, footprint, sample.height);
  }

  #shade(x: number, z: number, footprint: number, height: number): number {
    const [sx, sy, sz] = this.#light.sun;
    const { direct } = this.#light;
    const step = Math.max(0.006, footprint * 0.5);
    const probe = this.#probe;
    const heightAt = (px: number, pz: number): number => {
      this.#relief.sample(px, pz, footprint, probe);
      return probe.height;
    };
    const slopeX = (heightAt(x + step, z) - height) / step;
    const slopeZ = (heightAt(x, z + step) - height) / step;
    const facing = (-slopeX * sx + sy - slopeZ * sz) / Math.hypot(slopeX, 1, slopeZ);
    let lit = 1;
    if (this.#relief.depth > 0 && height < -0.005) {
      const run = Math.min(0.5, (-height / Math.max(sy, 0.1)) * 1.1);
      for (let i = 1; i <= 8 && lit > 0; i++) {
        const t = (run * i) / 8;
        if (heightAt(x + sx * t, z + sz * t) > height + sy * t + 0.006) lit -= 0.5;
      }
    }
    const occlusion = 1 - 0.5 * clamp01(-height / Math.max(this.#relief.depth, 0.02));
    const skyward = 0.6 + 0.4 / Math.hypot(slopeX, 1, slopeZ);
    return (
      (1 - direct) * occlusion * skyward +
      direct * lit * Math.max(0, Math.min(1.7, facing / Math.max(sy, 0.25)))
    );
  }
}

/** Light, wetness and air between a place on the road and the camera. */
function illuminate(
  colour: Colour,
  { x, z, distance }: GroundPoint,
  light: Light,
  streetLights: boolean,
  surface: Surface,
): void {
  const { tint, sky, visibility, wet } = light;
  const seed = surface.options.seed;
  let lamps = 0;
  if (streetLights) lamps = streetLight(x, z, surface.halfWidth);
  const film = wet * (0.62 + 0.2 * fractal(x * 0.7, z * 0.35, seed + 40, 3));
  // Seen flat, a wet road is a mirror (Schlick's approximation).
  const grazing = (1 - Math.min(1, 6 / Math.max(distance, 6))) ** 3;
  const mirror = film * (0.04 + 0.5 * grazing);
  const air = visibility === Number.POSITIVE_INFINITY ? 0 : 1 - Math.exp(-distance / visibility);
  for (let i = 0; i < 3; i++) {
    const lampTint = i === 0 ? 1 : i === 1 ? 0.84 : 0.58;
    let value = (colour[i] as number) * ((tint[i] as number) + lamps * lampTint) * (1 - 0.32 * film);
    value += ((sky[i] as number) - value) * mirror;
    value += ((sky[i] as number) - value) * air;
    colour[i] = value;
  }
}

/** Pools of light under lamps that stand every 24 m. */
function streetLight(x: number, z: number, halfWidth: number): number {
  const along = ((((z - 8) % 24) + 24) % 24) - 12;
  const across = Math.abs(x) - halfWidth * 0.6;
  return 0.62 * Math.exp(-((along - 0) ** 2) / 90 - across ** 2 / 60);
}

/** Sky and a row of houses and trees where the road does not reach. */
function backdrop(view: View, px: number, py: number, light: Light, seed: number, out: Colour): void {
  const [dx, dy, dz] = view.ray(px + 0.5, py + 0.5);
  const bearing = Math.atan2(dx, dz) * 9;
  const elevation = dy / Math.hypot(dx, dz);
  const column = Math.floor(bearing);
  const roof = 0.06 + 0.16 * cellHash(column, 0, seed + 50);
  const trees = 0.05 + 0.05 * fractal(bearing * 2.3, 1, seed + 51, 4);
  const clouds = 12 * fractal(bearing, elevation * 20, seed + 52, 4);
  for (let i = 0; i < 3; i++) {
    const gain = light.tint[i] as number;
    let value = (light.sky[i] as number) + clouds * gain;
    if (elevation < roof && cellHash(column, 1, seed) < 0.8) {
      const window = noise(bearing * 14, elevation * 160, seed + 53) > 0.35 ? -34 : 0;
      const warmth = (1 - i) * 14 * (cellHash(column, 3, seed + 54) - 0.4);
      value = (115 + 70 * cellHash(column, 2, seed + 54) + warmth + window) * gain;
    }
    const leaf = smoothstep(trees + 0.01, trees - 0.01, elevation);
    const foliage = ([62, 84, 48][i] as number) + 22 * noise(bearing * 30, elevation * 300, seed + 55);
    value += (foliage * gain - value) * leaf;
    const haze = light.visibility === Number.POSITIVE_INFINITY ? 0.12 : 1 - Math.exp(-120 / light.visibility);
    out[i] = value + ((light.sky[i] as number) - value) * haze;
  }
}
