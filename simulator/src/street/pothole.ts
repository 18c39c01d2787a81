/**
 * A pothole: a ragged bowl through a broken asphalt layer, gravel on its floor, loose stones and dirt around it, cracks
 * running out of it, and sometimes muddy water in it.
 */
import { type Cells, cells, clamp01, noise, randomFrom, smoothstep } from './noise.ts';
import { clearSample, type Relief, type ReliefSample, tint } from './relief.ts';

export interface PotholeOptions {
  readonly x: number;
  readonly z: number;
  /** Half its size across and along the road, metres. */
  readonly radiusX: number;
  readonly radiusZ: number;
  readonly depth: number;
  /** How full of water it is, 0 to 1. */
  readonly water: number;
  readonly seed: number;
}

/** Beyond this many radii nothing of it is left. */
const REACH = 2.4;

export function pothole(options: PotholeOptions): Relief {
  const { x, z, radiusX, radiusZ, depth, seed } = options;
  const random = randomFrom(seed);
  const turn = random() * Math.PI;
  const dirt = 0.35 + random() * 0.5;
  const floorTone = 0.42 + random() * 0.5;
  const brown = random() * 0.16;
  const waterDepth = options.water > 0.05 ? depth * (1 - options.water * 0.8) : Number.POSITIVE_INFINITY;
  const waterTone = 0.75 + random() * 0.6;
  const crackAngles = Array.from({ length: 3 + Math.floor(random() * 5) }, () => ({
    angle: random() * 2 * Math.PI,
    length: 1.3 + random() * 1.1,
    width: 0.012 + random() * 0.02,
  }));
  const netStrength = random() < 0.6 ? 0.5 + random() * 0.5 : 0;
  const stone: Cells = { nearest: 0, second: 0, id: 0 };

  function sample(lx: number, lz: number, footprint: number, out: ReliefSample): void {
    clearSample(out);
    const nx = lx / radiusX;
    const nz = lz / radiusZ;
    const radius = Math.hypot(nx, nz);
    if (radius > REACH) return;
    const angle = Math.atan2(nz, nx);
    const c = Math.cos(angle + turn);
    const s = Math.sin(angle + turn);
    const outline = 1 + 0.24 * noise(c * 1.4, s * 1.4, seed) + 0.13 * noise(c * 3.7, s * 3.7, seed + 1);
    // Chips of a few centimetres make the rim ragged.
    const chips = 0.07 * noise(lx * 11, lz * 11, seed + 2) + 0.04 * noise(lx * 31, lz * 31, seed + 3);
    const rho = radius / outline + chips;
    if (rho < 1) inside(lx, lz, rho, c, s, out);
    else around(lx, lz, rho, angle, footprint, out);
    out.core = smoothstep(1.16, 1.06, rho);
  }

  function inside(lx: number, lz: number, rho: number, c: number, s: number, out: ReliefSample): void {
    // The asphalt layer breaks off steeply; below it the base is washed out to a bowl, deeper on one side.
    const ledge = 0.84 + 0.12 * noise(c * 2.1, s * 2.1, seed + 5);
    const layer = 0.6 * smoothstep(1, 0.94, rho);
    const bowl = (0.4 + 0.25 * noise(lx * 3, lz * 3, seed + 6)) * smoothstep(ledge, 0.3, rho);
    cells(lx / 0.045, lz / 0.045, seed + 8, stone);
    const buried = clamp01(0.45 + 0.9 * noise(lx * 5, lz * 5, seed + 7));
    const lump = smoothstep(0.7, 0.2, stone.nearest) * (1 - 0.8 * buried);
    out.height = -depth * (layer + bowl) + lump * 0.009 + 0.01 * noise(lx * 16, lz * 16, seed + 9);
    if (-out.height > waterDepth) {
      out.height = -waterDepth;
      const ripple = 1 + 0.05 * noise(lx * 6, lz * 2, seed + 10);
      tint(
        out,
        1,
        waterTone * ripple * 1.02,
        waterTone * ripple * 0.97,
        waterTone * ripple * (0.88 - brown / 2),
      );
      return;
    }
    // Dust lies between the stones; the foot of the wall stays dark.
    const wall = smoothstep(0.86, 0.96, rho);
    const gravel =
      floorTone * (0.8 + lump * (stone.id - 0.25) * 0.9 + 0.16 * noise(lx * 4, lz * 4, seed + 4));
    const foot = 1 - 0.5 * smoothstep(0.45, 0.92, rho);
    const grain = 1 + 0.2 * noise(lx * 75, lz * 75, seed + 11);
    const tone = (gravel * foot * (1 - wall) + 0.27 * wall) * grain;
    tint(out, smoothstep(1, 0.985, rho), tone * (1 + brown), tone, tone * (1 - brown));
  }

  function around(
    lx: number,
    lz: number,
    rho: number,
    angle: number,
    footprint: number,
    out: ReliefSample,
  ): void {
    const near = smoothstep(REACH * 0.8, 1, rho);
    const patchy = clamp01(0.5 + 0.9 * noise(lx * 4, lz * 4, seed + 12));
    tint(out, dirt * near * patchy, 0.66 + 0.12 * brown, 0.64, 0.61 - brown / 3);
    // The broken edge catches the light where it has been rubbed bare.
    const rim = smoothstep(1.12, 1, rho) * clamp01(noise(lx * 9, lz * 9, seed + 13) + 0.2);
    if (rim > 0) tint(out, Math.max(out.cover, rim * 0.8), 1.16);
    net(lx, lz, rho, footprint, out);
    for (const crack of crackAngles) {
      const wander =
        0.12 * noise(rho * 6, crack.angle, seed + 14) + 0.05 * noise(rho * 17, crack.angle, seed + 15);
      let apart = Math.abs(angle - crack.angle - wander) % (2 * Math.PI);
      if (apart > Math.PI) apart = 2 * Math.PI - apart;
      if (rho > crack.length || apart > 0.4) continue;
      const distance = apart * Math.hypot(lx, lz);
      const width = crack.width * (1 - 0.7 * ((rho - 1) / (crack.length - 1)));
      darken(out, clamp01((width / 2 + footprint / 2 - distance) / footprint), 0.32);
    }
    scatter(lx, lz, near, out);
  }

  /** Fatigue cracks around the hole: the road that will fall in next. */
  function net(lx: number, lz: number, rho: number, footprint: number, out: ReliefSample): void {
    if (netStrength === 0) return;
    const warp = 0.35 * noise(lx * 5, lz * 5, seed + 16);
    cells(lx / 0.17 + warp, lz / 0.17 - warp, seed + 17, stone);
    const distance = (stone.second - stone.nearest) * 0.085;
    const reach = smoothstep(1.9, 1.15, rho + 0.35 * noise(lx * 2.3, lz * 2.3, seed + 18));
    darken(out, netStrength * reach * clamp01((0.006 + footprint / 2 - distance) / footprint), 0.38);
  }

  /** Loose stones lie around, fewer farther out. */
  function scatter(lx: number, lz: number, near: number, out: ReliefSample): void {
    cells(lx / 0.06, lz / 0.06, seed + 19, stone);
    if (stone.id > 0.5 * near * near || stone.nearest > 0.4) return;
    out.height = 0.012 * (1 - stone.nearest / 0.4);
    const tone = 0.45 + stone.id * 1.9;
    tint(out, 0.9, tone * (1 + brown / 2), tone, tone * (1 - brown / 2));
  }

  return { kind: 'pothole', x, z, reachX: radiusX * REACH, reachZ: radiusZ * REACH, depth, sample };
}

export function darken(out: ReliefSample, coverage: number, tone: number): void {
  if (coverage <= 0) return;
  const cover = out.cover + (1 - out.cover) * coverage;
  const keep = (out.cover * (1 - coverage)) / cover;
  tint(
    out,
    cover,
    out.red * keep + tone * (1 - keep),
    out.green * keep + tone * (1 - keep),
    out.blue * keep + tone * (1 - keep),
  );
}
