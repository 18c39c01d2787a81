/** One moment of a street: its still picture with moving shadows, traffic and weather over it, and what is true of it. */
import { drawRelief, type Raster, type ReliefMask, renderStreet } from './background.ts';
import type { DamageKind } from './damage.ts';
import { clamp01, fractal, randomFrom, smoothstep } from './noise.ts';
import { type Canvas, fillPolygon } from './raster.ts';
import type { Relief } from './relief.ts';
import type { Street } from './scene.ts';
import type { Traffic } from './traffic.ts';
import { drawVehicle, type Vehicle } from './vehicle.ts';
import type { GroundPoint } from './view.ts';

/** What can be seen of one damage in one frame. */
export interface DamageTruth {
  readonly id: string;
  readonly kind: DamageKind;
  /** `[x, y, width, height]` as fractions of the frame. */
  readonly box: readonly [number, number, number, number];
  /** Share of it that nothing hides, 0 to 1. */
  readonly visibility: number;
}

export interface StageOptions {
  readonly street: Street;
  readonly damage: readonly { readonly id: string; readonly relief: Relief }[];
  readonly traffic: Traffic;
  /** What stands on the road all the time, such as a crew at work. */
  readonly standing?: readonly Vehicle[];
  /** Shadows of trees that sway over part of the road, 0 to 1. */
  readonly treeShadow: number;
  /** The street alone, when it has been rendered before: states of one street differ in their damage only. */
  readonly base?: Raster;
}

/** Pixels between the places at which shadows are worked out. */
const SHADOW_STEP = 8;

export class Stage {
  readonly #options: StageOptions;
  readonly #still: Raster;
  readonly #masks: readonly { readonly mask: ReliefMask; readonly id: string }[];
  readonly #hidden: Uint8Array;
  readonly #shadowPlaces: Float32Array | null;

  constructor(options: StageOptions) {
    this.#options = options;
    const { street, damage } = options;
    const base = options.base ?? renderBase(street);
    this.#still = { ...base, rgb: new Uint8ClampedArray(base.rgb) };
    const { view, surface, light } = street;
    this.#masks = damage.flatMap(({ id, relief }) => {
      const mask = drawRelief(this.#still, view, surface, light, light.weather === 'night', relief);
      return mask === null ? [] : [{ mask, id }];
    });
    this.#hidden = new Uint8Array(base.width * base.height);
    this.#shadowPlaces = options.treeShadow > 0 && light.direct > 0.3 ? shadowPlaces(street) : null;
  }

  /** The picture at a time, packed RGB, and what is true of it. */
  render(seconds: number, period: number): { readonly rgb: Buffer; readonly truth: DamageTruth[] } {
    const { street, traffic, standing = [] } = this.#options;
    const { width, height } = this.#still;
    const rgb = Buffer.from(this.#still.rgb);
    this.#hidden.fill(0);
    const canvas: Canvas = { width, height, rgb, hidden: this.#hidden };
    if (this.#shadowPlaces !== null) this.#castShadows(canvas, seconds, period, this.#shadowPlaces);
    const present = [...traffic.around(standing, seconds), ...standing].sort((a, b) => b.z - a.z);
    for (const vehicle of present) drawVehicle(canvas, street.view, street.light, vehicle);
    if (street.light.weather === 'rain') drawRain(canvas, Math.round(seconds * 1000));
    return { rgb, truth: this.#truth() };
  }

  #truth(): DamageTruth[] {
    const { width, height } = this.#still;
    return this.#masks.flatMap(({ mask, id }) => {
      const found = extent(mask, this.#hidden, width);
      if (found === null) return [];
      const box = [
        found.left / width,
        found.top / height,
        (found.right - found.left) / width,
        (found.bottom - found.top) / height,
      ] as const;
      return [{ id, kind: mask.relief.kind as DamageKind, box, visibility: found.visibility }];
    });
  }

  /** Leaves sway; the light between them wanders over the road. */
  #castShadows({ rgb, width, height }: Canvas, seconds: number, period: number, places: Float32Array): void {
    const { treeShadow, street } = this.#options;
    const phase = (2 * Math.PI * seconds) / period;
    const swayX = 0.25 * Math.sin(phase * 5) + 0.1 * Math.sin(phase * 11);
    const swayZ = 0.2 * Math.cos(phase * 4);
    const columns = Math.ceil(width / SHADOW_STEP) + 1;
    const rows = Math.ceil(height / SHADOW_STEP) + 1;
    const gains = new Float32Array(columns * rows);
    for (let i = 0; i < gains.length; i++) {
      const x = places[i * 2] as number;
      const z = places[i * 2 + 1] as number;
      const crown = fractal((x + swayX) * 0.55, (z + swayZ) * 0.45, street.options.seed + 60, 4);
      const under = smoothstep(0.2 * street.surface.halfWidth, 0.9 * street.surface.halfWidth, -x);
      gains[i] = 1 - treeShadow * 0.55 * under * smoothstep(-0.12, 0.16, crown);
    }
    for (let y = 0, at = 0; y < height; y++) {
      const row = Math.floor(y / SHADOW_STEP);
      const fy = (y % SHADOW_STEP) / SHADOW_STEP;
      for (let column = 0; column < columns - 1; column++) {
        const i = row * columns + column;
        const left = (gains[i] as number) * (1 - fy) + (gains[i + columns] as number) * fy;
        const right = (gains[i + 1] as number) * (1 - fy) + (gains[i + columns + 1] as number) * fy;
        const pixels = Math.min(SHADOW_STEP, width - column * SHADOW_STEP);
        if (left > 0.999 && right > 0.999) {
          at += pixels * 3;
          continue;
        }
        for (let k = 0; k < pixels; k++, at += 3) {
          const gain = left + ((right - left) * k) / SHADOW_STEP;
          rgb[at] = (rgb[at] as number) * gain;
          rgb[at + 1] = (rgb[at + 1] as number) * gain;
          rgb[at + 2] = (rgb[at + 2] as number) * gain;
        }
      }
    }
  }
}

/** A street's still picture without damage. */
export function renderBase(street: Street): Raster {
  const { view, surface, light, furniture } = street;
  const lamps = light.weather === 'night';
  const base = renderStreet(view, surface, light, lamps);
  for (const item of furniture) drawRelief(base, view, surface, light, lamps, item);
  return base;
}

function shadowPlaces(street: Street): Float32Array {
  const { view } = street;
  const columns = Math.ceil(view.width / SHADOW_STEP) + 1;
  const rows = Math.ceil(view.height / SHADOW_STEP) + 1;
  const places = new Float32Array(columns * rows * 2).fill(1e6);
  const point: GroundPoint = { x: 0, z: 0, distance: 0, footprint: 0 };
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i += 2) {
      if (!view.ground(column * SHADOW_STEP, row * SHADOW_STEP, point)) continue;
      places[i] = point.x;
      places[i + 1] = point.z;
    }
  }
  return places;
}

/** The box around what counts as the relief, and how much of it nothing hides; null when there is nothing. */
export function extent(
  { x, y, width, height, core }: ReliefMask,
  hidden: Uint8Array,
  frameWidth: number,
): { left: number; top: number; right: number; bottom: number; visibility: number } | null {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  let all = 0;
  let seen = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = core[row * width + column] as number;
      if (value < 64) continue;
      left = Math.min(left, x + column);
      right = Math.max(right, x + column + 1);
      top = Math.min(top, y + row);
      bottom = Math.max(bottom, y + row + 1);
      all += value;
      if (hidden[(y + row) * frameWidth + x + column] === 0) seen += value;
    }
  }
  if (all === 0) return null;
  return { left, top, right, bottom, visibility: clamp01(seen / all) };
}

/** Drops near the lens, other ones in every frame. */
function drawRain(canvas: Canvas, seed: number): void {
  const random = randomFrom(seed);
  const { width, height } = canvas;
  for (let i = 0; i < 260; i++) {
    const x = random() * width;
    const y = random() * height;
    const length = (0.02 + 0.04 * random()) * height;
    const slant = length * 0.12;
    const thick = 0.6 + random();
    fillPolygon(canvas, [x, y, x + thick, y, x + slant + thick, y + length, x + slant, y + length], {
      red: 200,
      green: 206,
      blue: 212,
      alpha: 0.1 + 0.14 * random(),
      mode: 'over',
    });
  }
}
