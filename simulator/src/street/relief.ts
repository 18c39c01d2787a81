/** Something on or in the road: damage, a repair, a manhole. It has a height, a colour, and an area that counts as it. */
import type { DamageClass } from '@roadwatch/contract';

type ReliefKind = Exclude<DamageClass, 'anomaly'> | 'manhole' | 'grate' | 'stain';

/** What a relief is at one place. */
export interface ReliefSample {
  /** Metres above (negative: below) the road. */
  height: number;
  /** How much of the road's own colour is gone, 0 to 1. */
  cover: number;
  /** Colour as multiples of the road's tone. */
  red: number;
  green: number;
  blue: number;
  /** Whether an annotator would count the place to it, 0 to 1. */
  core: number;
}

export interface Relief {
  readonly kind: ReliefKind;
  /** Centre on the road, metres. */
  readonly x: number;
  readonly z: number;
  /** Half of the area outside which it changes nothing, metres. */
  readonly reachX: number;
  readonly reachZ: number;
  /** Metres that it is deep at most; 0 for what lies flat. */
  readonly depth: number;
  /** @param x @param z metres from the centre @param footprint metres of a pixel there; fills `out` */
  sample(x: number, z: number, footprint: number, out: ReliefSample): void;
}

export function emptySample(): ReliefSample {
  return { height: 0, cover: 0, red: 1, green: 1, blue: 1, core: 0 };
}

export function clearSample(out: ReliefSample): void {
  out.height = 0;
  out.cover = 0;
  out.red = 1;
  out.green = 1;
  out.blue = 1;
  out.core = 0;
}

export function tint(out: ReliefSample, cover: number, red: number, green = red, blue = red): void {
  out.cover = cover;
  out.red = red;
  out.green = green;
  out.blue = blue;
}
