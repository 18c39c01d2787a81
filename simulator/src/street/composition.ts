/**
 * Damage put into real footage. The road is what stays the same over the footage (its median); damage is drawn into that
 * in the perspective and tone of the place, and only the difference is laid over each frame: what passes still hides it.
 */
import { decodeFrames } from '../media/decode.ts';
import { drawRelief, type Raster, type ReliefMask } from './background.ts';
import type { DamageKind } from './damage.ts';
import type { FilmFrame, FilmPlan } from './film.ts';
import { frameCount } from './film.ts';
import { extent } from './frame.ts';
import { smoothstep } from './noise.ts';
import type { Relief } from './relief.ts';
import { makeDamage, makeStreet, type Street } from './scene.ts';
import type { RoadState } from './story.ts';
import { Surface } from './surface.ts';
import type { GroundPoint } from './view.ts';

/** Footage is repeated after this; longer files are cut. */
export const MAX_FOOTAGE_SECONDS = 30;
const MEDIAN_FRAMES = 15;
/** Differences from the road, in grey levels, between which a pixel goes from road to something that passes. */
const ROAD = 14;
const PASSING = 34;

export async function* composition(
  plan: FilmPlan,
  background: NonNullable<FilmPlan['background']>,
  state: RoadState,
  footageSeconds: number,
  cutouts: ReadonlyMap<string, Relief>,
  signal: AbortSignal,
): AsyncGenerator<FilmFrame> {
  const { width, height, fps, seed } = plan;
  const period = background.kind === 'picture' ? 8 : footageSeconds;
  const road = await roadOf(plan, background, period, signal);
  const street = makeStreet({ width, height, seed, weather: 'overcast', view: plan.view });
  const drawn: Raster = { ...road, rgb: new Uint8ClampedArray(road.rgb) };
  const masks = state.damage.flatMap(({ id, damage }) => {
    const relief = cutouts.get(id) ?? makeDamage(damage);
    const local = toneOf(road, street, relief);
    const mask = drawRelief(drawn, local.view, local.surface, local.light, false, relief);
    return mask === null ? [] : [{ id, mask }];
  });
  soften(drawn, road, masks);
  const frames = frameCount(state, fps, period);
  const hidden = new Uint8Array(width * height);
  const source =
    background.kind === 'picture'
      ? repeated(Buffer.from(road.rgb), frames)
      : decodeFrames(background.file, plan, fps, { from: state.from % period, frames, loop: period }, signal);
  for await (const rgb of source) {
    hidden.fill(0);
    for (const { mask } of masks) lay(rgb, road, drawn, mask, hidden);
    yield { rgb, truth: masks.flatMap(({ id, mask }) => truthOf(id, mask, hidden, width, height)) };
  }
}

async function roadOf(
  plan: FilmPlan,
  background: NonNullable<FilmPlan['background']>,
  seconds: number,
  signal: AbortSignal,
): Promise<Raster> {
  const { width, height } = plan;
  const wanted = background.kind === 'picture' ? 1 : MEDIAN_FRAMES;
  const fps = background.kind === 'picture' ? 1 : MEDIAN_FRAMES / seconds;
  const samples: Buffer[] = [];
  for await (const frame of decodeFrames(background.file, plan, fps, { from: 0, frames: wanted }, signal)) {
    samples.push(frame);
  }
  return { width, height, rgb: medianOf(samples, width * height * 3) };
}

function medianOf(samples: readonly Buffer[], bytes: number): Uint8ClampedArray {
  const median = new Uint8ClampedArray(bytes);
  const values = new Uint8Array(samples.length);
  const middle = samples.length >> 1;
  for (let i = 0; i < bytes; i++) {
    for (const [k, sample] of samples.entries()) values[k] = sample[i] as number;
    values.sort();
    median[i] = values[middle] as number;
  }
  return median;
}

/** The street with the tone and tint that the footage has around a place. */
function toneOf(road: Raster, street: Street, relief: Relief): Street {
  const sums = [0, 0, 0];
  let count = 0;
  const point: GroundPoint = { x: 0, z: 0, distance: 0, footprint: 0 };
  for (let y = 0; y < road.height; y += 3) {
    for (let x = 0; x < road.width; x += 3) {
      if (!street.view.ground(x, y, point)) continue;
      if (Math.abs(point.x - relief.x) > relief.reachX || Math.abs(point.z - relief.z) > relief.reachZ)
        continue;
      for (let k = 0; k < 3; k++)
        sums[k] = (sums[k] as number) + (road.rgb[(y * road.width + x) * 3 + k] as number);
      count++;
    }
  }
  if (count === 0) return street;
  const [red, green, blue] = sums.map((sum) => Math.max(1, sum / count)) as [number, number, number];
  const tone = (red + green + blue) / 3;
  return {
    ...street,
    surface: new Surface({ ...street.surface.options, tone }),
    light: {
      ...street.light,
      tint: [red / tone, green / tone, blue / tone],
      visibility: Number.POSITIVE_INFINITY,
      wet: 0,
    },
  };
}

/** Lays the difference that the damage makes over one frame, except where something stands before the road. */
function lay(rgb: Buffer, road: Raster, drawn: Raster, mask: ReliefMask, hidden: Uint8Array): void {
  for (let y = mask.y; y < mask.y + mask.height; y++) {
    for (let x = mask.x; x < mask.x + mask.width; x++) {
      const pixel = y * road.width + x;
      const at = pixel * 3;
      let apart = 0;
      for (let k = 0; k < 3; k++) apart += Math.abs((rgb[at + k] as number) - (road.rgb[at + k] as number));
      const seen = smoothstep(PASSING, ROAD, apart / 3);
      if (seen < 0.5) hidden[pixel] = 255;
      if (seen === 0) continue;
      for (let k = at; k < at + 3; k++) {
        const value = (rgb[k] as number) + seen * ((drawn.rgb[k] as number) - (road.rgb[k] as number));
        rgb[k] = Math.max(0, Math.min(255, value));
      }
    }
  }
}

function truthOf(id: string, mask: ReliefMask, hidden: Uint8Array, width: number, height: number) {
  const found = extent(mask, hidden, width);
  if (found === null) return [];
  const { left, top, right, bottom, visibility } = found;
  const box = [left / width, top / height, (right - left) / width, (bottom - top) / height] as const;
  return [{ id, kind: mask.relief.kind as DamageKind, box, visibility }];
}

/** As sharp as footage is, which has passed a lens and an encoder: a binomial blur (1 2 1) of what the damage changes. */
function soften(drawn: Raster, road: Raster, masks: readonly { readonly mask: ReliefMask }[]): void {
  const { width, height } = road;
  const sharp = new Uint8ClampedArray(drawn.rgb);
  for (const { mask } of masks) {
    const [right, bottom] = [
      Math.min(width - 1, mask.x + mask.width),
      Math.min(height - 1, mask.y + mask.height),
    ];
    for (let y = Math.max(1, mask.y); y < bottom; y++) {
      for (let x = Math.max(1, mask.x); x < right; x++) {
        for (let k = 0; k < 3; k++) {
          const at = (y * width + x) * 3 + k;
          let change = 0;
          for (let dy = -1; dy <= 1; dy++) {
            for (let dx = -1; dx <= 1; dx++) {
              const near = at + (dy * width + dx) * 3;
              const weight = (2 - Math.abs(dx)) * (2 - Math.abs(dy));
              change += weight * ((sharp[near] as number) - (road.rgb[near] as number));
            }
          }
          drawn.rgb[at] = (road.rgb[at] as number) + change / 16;
        }
      }
    }
  }
}

async function* repeated(frame: Buffer, count: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i++) yield Buffer.from(frame);
}
