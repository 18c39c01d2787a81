/**
 * Which classes may be one and the same thing. A model wavers between kinds of crack from frame to frame, so they are
 * tracked as one family and the class is settled by vote.
 */
import type { DamageClass } from '@roadwatch/contract';

export type Family = 'crack' | 'pothole' | 'repair' | 'anomaly';

const FAMILY: Readonly<Record<DamageClass, Family>> = {
  longitudinal_crack: 'crack',
  transverse_crack: 'crack',
  alligator_crack: 'crack',
  pothole: 'pothole',
  repair: 'repair',
  anomaly: 'anomaly',
};

export function familyOf(damageClass: DamageClass): Family {
  return FAMILY[damageClass];
}
