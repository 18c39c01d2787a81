/** Cracks: along the road, across it, and the net of an alligator's skin; and the patch with which a road is repaired. */
import { type Cells, cells, clamp01, fractal, noise, randomFrom, smoothstep } from './noise.ts';
import { darken } from './pothole.ts';
import { clearSample, type Relief, type ReliefSample, tint } from './relief.ts';

export interface CrackOptions {
  readonly x: number;
  readonly z: number;
  /** Metres from end to end. */
  readonly length: number;
  /** Metres at its widest. */
  readonly width: number;
  readonly along: boolean;
  readonly seed: number;
}

/** How far a crack wanders from its straight line, as a share of its length. */
const WANDER = 0.09;

export function crack({ x, z, length, width, along, seed }: CrackOptions): Relief {
  const random = randomFrom(seed);
  const sway = Math.min(0.5, length * WANDER) * (0.5 + random());
  const slope = (random() - 0.5) * 0.12;
  const branches = Array.from({ length: Math.floor(random() * 4) }, () => ({
    from: (random() - 0.5) * length * 0.8,
    length: (0.1 + random() * 0.2) * length,
    slope: (random() < 0.5 ? -1 : 1) * (0.35 + random() * 0.9),
  }));
  const reachAcross = sway * 2.2 + length * 0.12 + 0.5;

  /** Where the crack is, across its direction, at a place along it. */
  function path(t: number): number {
    return (
      slope * t +
      sway * fractal(t * 0.7, 0, seed, 3) +
      0.05 * noise(t * 6, 3, seed + 4) +
      0.02 * noise(t * 19, 5, seed + 5)
    );
  }

  function strand(distance: number, t: number, end: number, strength: number, footprint: number): number {
    const taper = smoothstep(end, end * 0.75, Math.abs(t));
    const wide = width * strength * taper * (0.55 + 0.45 * noise(t * 2.6, 9, seed + 6));
    if (wide <= 0) return 0;
    // A crack thinner than a pixel darkens it by its share.
    return clamp01((wide / 2 + footprint / 2 - distance) / footprint) * Math.min(1, wide / (footprint * 0.6));
  }

  function sample(lx: number, lz: number, footprint: number, out: ReliefSample): void {
    clearSample(out);
    const t = along ? lz : lx;
    const u = along ? lx : lz;
    const here = path(t);
    let coverage = strand(Math.abs(u - here), t, length / 2, 1, footprint);
    for (const branch of branches) {
      const s = t - branch.from;
      if (s < 0 || s > branch.length) continue;
      const at = path(branch.from) + s * branch.slope + 0.04 * noise(s * 9, branch.from, seed + 7);
      coverage = Math.max(coverage, strand(Math.abs(u - at), s, branch.length, 0.6, footprint));
    }
    // Worn, dusty edges.
    const edge =
      smoothstep(width * 2.5, width * 0.6, Math.abs(u - here)) *
      smoothstep(length / 2, length * 0.4, Math.abs(t));
    if (edge > 0) tint(out, 0.3 * edge, 0.86);
    darken(out, coverage, 0.3 + 0.1 * noise(t * 8, u * 8, seed + 8));
    out.height = -0.012 * coverage;
    out.core = coverage > 0.25 ? 1 : 0;
  }

  return {
    kind: along ? 'longitudinal_crack' : 'transverse_crack',
    x,
    z,
    reachX: along ? reachAcross : length / 2,
    reachZ: along ? length / 2 : reachAcross,
    depth: 0,
    sample,
  };
}

export interface AreaOptions {
  readonly x: number;
  readonly z: number;
  /** Half its size across and along the road, metres. */
  readonly radiusX: number;
  readonly radiusZ: number;
  readonly seed: number;
}

export function alligatorCrack({ x, z, radiusX, radiusZ, seed }: AreaOptions): Relief {
  const random = randomFrom(seed);
  const cell = 0.1 + random() * 0.13;
  const width = 0.01 + random() * 0.012;
  const tone = 0.86 + random() * 0.12;
  const found: Cells = { nearest: 0, second: 0, id: 0 };

  function sample(lx: number, lz: number, footprint: number, out: ReliefSample): void {
    clearSample(out);
    const radius = Math.hypot(lx / radiusX, lz / radiusZ) + 0.35 * fractal(lx * 1.1, lz * 1.1, seed, 3);
    const inside = smoothstep(1, 0.8, radius);
    if (inside === 0) return;
    tint(out, 0.5 * inside, tone * (1 + 0.06 * noise(lx * 5, lz * 5, seed + 1)));
    // Uneven pieces with crooked edges: no crack in asphalt is straight.
    const warp =
      0.5 * noise(lx / cell / 2.5, lz / cell / 2.5, seed + 2) +
      0.22 * noise((lx / cell) * 1.7, (lz / cell) * 1.7, seed + 9);
    const bend =
      0.5 * noise(lx / cell / 2.5, lz / cell / 2.5, seed + 7) +
      0.22 * noise((lx / cell) * 1.7, (lz / cell) * 1.7, seed + 8);
    cells(lx / cell + warp, lz / (cell * 1.3) + bend, seed + 3, found);
    const distance = (found.second - found.nearest) * cell * 0.5;
    const wide = width * inside * (0.55 + 0.65 * noise(lx * 3.5, lz * 3.5, seed + 4));
    const coverage =
      clamp01((wide / 2 + footprint / 2 - distance) / footprint) * Math.min(1, wide / (footprint * 0.5));
    darken(out, coverage, 0.3);
    // Here and there a piece has come out.
    if (found.id < 0.03 && inside > 0.9) darken(out, smoothstep(0.02, 0.04, distance), 0.6);
    out.height = -0.01 * coverage;
    out.core = inside > 0.5 ? 1 : 0;
  }

  return { kind: 'alligator_crack', x, z, reachX: radiusX * 1.5, reachZ: radiusZ * 1.5, depth: 0, sample };
}

export interface RepairOptions extends AreaOptions {
  /** Darker (new) or lighter (old) than the road, as a multiple of its tone. */
  readonly tone: number;
  /** Cut square, or laid on by hand. */
  readonly square: boolean;
}

export function repair({ x, z, radiusX, radiusZ, tone, square, seed }: RepairOptions): Relief {
  function sample(lx: number, lz: number, _footprint: number, out: ReliefSample): void {
    clearSample(out);
    const nx = lx / radiusX;
    const nz = lz / radiusZ;
    const ragged = square ? 0.02 * noise(lx * 7, lz * 7, seed) : 0.22 * fractal(lx * 1.6, lz * 1.6, seed, 3);
    const radius = (square ? Math.max(Math.abs(nx), Math.abs(nz)) : Math.hypot(nx, nz)) + ragged;
    const inside = smoothstep(1.01, 0.985, radius);
    const grain = 1 + 0.1 * noise(lx * 55, lz * 55, seed + 1) + 0.06 * noise(lx * 130, lz * 130, seed + 2);
    const mottled = 1 + 0.05 * fractal(lx * 1.3, lz * 1.3, seed + 3, 3);
    if (inside > 0) tint(out, inside, tone * grain * mottled);
    // The joint is sealed with bitumen, unevenly.
    const joint =
      smoothstep(0.05, 0.01, Math.abs(radius - 1)) * clamp01(0.4 + noise(lx * 3, lz * 3, seed + 4));
    darken(out, joint * 0.75, 0.45);
    out.height = 0.004 * inside;
    out.core = inside > 0.5 ? 1 : 0;
  }
  return { kind: 'repair', x, z, reachX: radiusX * 1.4, reachZ: radiusZ * 1.4, depth: 0, sample };
}
