/** Damage as data: its kind, where it lies on the road, how large it is, and whether a photograph shows it. */

export const DAMAGE_KINDS = [
  'longitudinal_crack',
  'transverse_crack',
  'alligator_crack',
  'pothole',
  'repair',
] as const;
export type DamageKind = (typeof DAMAGE_KINDS)[number];

export interface DamageOptions {
  readonly kind: DamageKind;
  /** Metres on the road. */
  readonly x: number;
  readonly z: number;
  /** 1 is a usual size for its kind. */
  readonly size?: number;
  readonly seed: number;
  /** From a photograph rather than drawn. */
  readonly cutout?: Cutout;
}

/** Where in a photograph the damage is, and how large it is on the road. */
export interface Cutout {
  readonly picture: string;
  /** Left, top, width, height: pixels of the picture, tight around the damage. Without it, the whole picture. */
  readonly box?: readonly [number, number, number, number];
  /** Across the road and along it, at size 1. */
  readonly metres: readonly [number, number];
}
