/** The classes of damage that become alerts, in the order in which they are listed. */
import { DAMAGE_CLASSES, type DamageClass } from '@roadwatch/contract/damage-class.ts';

export const ALERTING = DAMAGE_CLASSES.filter((entry) => entry.alerts).map(({ name, en, zh }) => ({
  name: name as DamageClass,
  label: { en, zh },
}));

/** Without what has no value. */
export function given<Value>(
  values: Readonly<Partial<Record<DamageClass, Value | null>>>,
): Readonly<Partial<Record<DamageClass, Value>>> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== ''),
  ) as never;
}
