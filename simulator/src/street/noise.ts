/** Seeded randomness and noise: the same seed gives the same street on every machine. */

/** Uniform numbers in [0, 1). Mulberry32 (Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A value in [0, 1) that belongs to a grid cell. */
export function cellHash(x: number, y: number, seed: number): number {
  let h = (Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth value noise in [-1, 1], one lump to a unit. */
export function noise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const u = fx * fx * (3 - 2 * fx);
  const v = fy * fy * (3 - 2 * fy);
  const a = cellHash(ix, iy, seed);
  const b = cellHash(ix + 1, iy, seed);
  const c = cellHash(ix, iy + 1, seed);
  const d = cellHash(ix + 1, iy + 1, seed);
  const top = a + (b - a) * u;
  return (top + (c + (d - c) * u - top) * v) * 2 - 1;
}

/** Octaves of noise, each half as large and half as strong; about [-1, 1]. */
export function fractal(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let strength = 0.5;
  for (let i = 0; i < octaves; i++) {
    sum += noise(x, y, seed + i) * strength;
    x *= 2.03;
    y *= 2.03;
    strength /= 2;
  }
  return sum;
}

/** The nearest and second nearest of one scattered point to a cell (Worley, 1996). */
export interface Cells {
  /** Distance to the nearest point, in cells. */
  nearest: number;
  second: number;
  /** A value in [0, 1) that belongs to the nearest point. */
  id: number;
}

export function cells(x: number, y: number, seed: number, out: Cells): void {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  let nearest = 9;
  let second = 9;
  let id = 0;
  for (let j = -1; j <= 1; j++) {
    for (let i = -1; i <= 1; i++) {
      const px = ix + i + cellHash(ix + i, iy + j, seed);
      const py = iy + j + cellHash(ix + i, iy + j, seed + 7919);
      const distance = (px - x) * (px - x) + (py - y) * (py - y);
      if (distance < nearest) {
        second = nearest;
        nearest = distance;
        id = cellHash(ix + i, iy + j, seed + 104_729);
      } else if (distance < second) {
        second = distance;
      }
    }
  }
  out.nearest = Math.sqrt(nearest);
  out.second = Math.sqrt(second);
  out.id = id;
}

/** 0 before `from`, 1 after `to`, smooth between; `from` may lie after `to`. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

export function clamp01(x: number): number {
  return Math.min(1, Math.max(0, x));
}
