/** Damage classes by name, as the contract gives them. */
import { type DamageClass, damageClass } from '@roadwatch/contract/damage-class.ts';
import type { Language } from './index.ts';

export function damageName(name: DamageClass, language: Language): string {
  return damageClass(name)[language];
}
