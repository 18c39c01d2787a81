/** What belongs on a road and is no damage, though it may look like it: manholes, grates, stains. */
import { clamp01, fractal, noise, smoothstep } from './noise.ts';
import { clearSample, type Relief, type ReliefSample, tint } from './relief.ts';

interface Place {
  readonly x: number;
  readonly z: number;
  readonly seed: number;
}

export function manhole({ x, z, seed }: Place): Relief {
  const radius = 0.36;
  function sample(lx: number, lz: number, _footprint: number, out: ReliefSample): void {
    clearSample(out);
    const r = Math.hypot(lx, lz) / radius;
    if (r > 1.5) return;
    // A square of newer asphalt or concrete around the frame.
    tint(out, 0.5 * smoothstep(1.45, 1.38, Math.max(Math.abs(lx), Math.abs(lz)) / radius), 0.92);
    if (r > 1.12) return;
    const stud = Math.abs(Math.sin(lx * 52)) * Math.abs(Math.sin(lz * 52));
    const rust = 0.06 * fractal(lx * 9, lz * 9, seed, 3);
    const gap = smoothstep(0.03, 0.01, Math.abs(r - 0.93));
    const tone = (0.66 + 0.16 * stud + rust) * (1 - 0.55 * gap) + (r > 0.96 ? 0.1 : 0);
    tint(out, smoothstep(1.13, 1.09, r), tone * 1.03, tone * 0.99, tone * 0.95);
    out.height = 0.004 * stud - 0.004 * gap;
    out.core = r < 1.1 ? 1 : 0;
  }
  return { kind: 'manhole', x, z, reachX: radius * 1.6, reachZ: radius * 1.6, depth: 0, sample };
}

export function grate({ x, z, seed }: Place): Relief {
  function sample(lx: number, lz: number, footprint: number, out: ReliefSample): void {
    clearSample(out);
    const ax = Math.abs(lx) / 0.25;
    const az = Math.abs(lz) / 0.38;
    const edge = Math.max(ax, az);
    if (edge > 1.1) return;
    const slot = clamp01((Math.abs(((((lz / 0.06) % 1) + 1) % 1) - 0.5) - 0.24) / (0.05 + footprint * 8));
    const dark = edge < 0.86 ? slot : 0;
    const tone = 0.7 + 0.1 * noise(lx * 20, lz * 20, seed) - 0.5 * dark;
    tint(out, smoothstep(1.08, 1.03, edge), tone);
    out.core = edge < 1 ? 1 : 0;
  }
  return { kind: 'grate', x, z, reachX: 0.3, reachZ: 0.45, depth: 0, sample };
}

export interface StainOptions extends Place {
  readonly radius: number;
  /** Oil and water darken, dust and spilled cement lighten: a multiple of the road's tone. */
  readonly tone: number;
}

export function stain({ x, z, radius, tone, seed }: StainOptions): Relief {
  function sample(lx: number, lz: number, _footprint: number, out: ReliefSample): void {
    clearSample(out);
    const r = Math.hypot(lx, lz * 0.6) / radius + 0.5 * fractal(lx * 2.2, lz * 1.4, seed, 4);
    const inside = smoothstep(1, 0.55, r);
    tint(out, inside * 0.75, tone, tone, tone * 1.01);
    out.core = inside > 0.4 ? 1 : 0;
  }
  return { kind: 'stain', x, z, reachX: radius * 1.6, reachZ: radius * 2.6, depth: 0, sample };
}
