/**
 * Damage cut out of a photograph: laid on the road as it lies in its own picture, relative to the asphalt around it there,
 * so that it takes the tone and light of the road on which it comes to lie.
 */
import { type DecodedRegion, decodeRegion } from '../media/decode.ts';
import type { Cutout, DamageOptions } from './damage.ts';
import { clamp01, smoothstep } from './noise.ts';
import { clearSample, type Relief, tint } from './relief.ts';
import type { RoadState } from './story.ts';

/** Share of the box that is taken beside it, for the transition into the road. */
const MARGIN = 0.25;
/** Longer side of the texture in pixels: more than a damage fills in a picture. */
const MAX_TEXTURE = 384;

/** The reliefs of a state's cut-outs by damage id. @throws UnusableSourceError when a picture cannot be used */
export async function cutoutsOf(state: RoadState, signal: AbortSignal): Promise<Map<string, Relief>> {
  const reliefs = new Map<string, Relief>();
  for (const { id, damage } of state.damage) {
    if (damage.cutout !== undefined) reliefs.set(id, await cutoutRelief(damage, damage.cutout, signal));
  }
  return reliefs;
}

async function cutoutRelief(
  { kind, x, z, size = 1 }: DamageOptions,
  { picture, box, metres }: Cutout,
  signal: AbortSignal,
): Promise<Relief> {
  const texture = await decodeRegion(picture, box, box === undefined ? 0 : MARGIN, MAX_TEXTURE, signal);
  const asphalt = meanOfEdge(texture);
  const halfX = (metres[0] * size) / 2;
  const halfZ = (metres[1] * size) / 2;
  const colour: [number, number, number] = [0, 0, 0];
  const reach = 1 + 2 * MARGIN;
  return {
    kind,
    x,
    z,
    reachX: halfX * reach,
    reachZ: halfZ * reach,
    depth: 0,
    sample(dx, dz, _, out) {
      clearSample(out);
      const across = dx / halfX;
      // The top of a photograph of a road is what lies farther away.
      const down = -dz / halfZ;
      const edge = (across ** 4 + down ** 4) ** 0.25;
      const cover = smoothstep(reach, box === undefined ? 0.8 : 1, edge);
      if (cover === 0) return;
      pick(texture, across, down, colour);
      const [red, green, blue] = colour.map((value, k) => value / (asphalt[k] as number));
      tint(out, cover, red as number, green, blue);
      out.core = Math.abs(across) <= 1 && Math.abs(down) <= 1 ? 1 : 0;
    },
  };
}

/** Bilinear; -1 to 1 is the damage's box, beyond it lies what the texture has beside it. */
function pick(texture: DecodedRegion, across: number, down: number, out: [number, number, number]): void {
  const { width, height, rgb, inner } = texture;
  const px = clamp01((inner.x + ((across + 1) / 2) * inner.width) / width) * (width - 1);
  const py = clamp01((inner.y + ((down + 1) / 2) * inner.height) / height) * (height - 1);
  const [x, y] = [Math.min(width - 2, Math.floor(px)), Math.min(height - 2, Math.floor(py))];
  const [fx, fy] = [px - x, py - y];
  for (let k = 0; k < 3; k++) {
    const at = (y * width + x) * 3 + k;
    const top = (rgb[at] as number) * (1 - fx) + (rgb[at + 3] as number) * fx;
    const below = at + width * 3;
    const bottom = (rgb[below] as number) * (1 - fx) + (rgb[below + 3] as number) * fx;
    out[k] = top * (1 - fy) + bottom * fy;
  }
}

/** The road around the damage in its own picture. */
function meanOfEdge({ width, height, rgb }: DecodedRegion): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  const rim = Math.max(1, Math.round(Math.min(width, height) * 0.08));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x >= rim && y >= rim && x < width - rim && y < height - rim) continue;
      for (let k = 0; k < 3; k++) sums[k] = (sums[k] as number) + (rgb[(y * width + x) * 3 + k] as number);
      count++;
    }
  }
  return sums.map((sum) => Math.max(8, sum / count)) as [number, number, number];
}
