/**
 * What the road can have wrong with it, by the names used in code, on the wire and on screen.
 * Codes D00 to D40 are those of the RDD2022 road damage data set (Arya et al.), after the Japanese road maintenance guidebook.
 */
import { type Static, Type } from 'typebox';

export const DAMAGE_CLASSES = [
  { name: 'longitudinal_crack', code: 'D00', en: 'Longitudinal crack', zh: '纵向裂缝', alerts: true },
  { name: 'transverse_crack', code: 'D10', en: 'Transverse crack', zh: '横向裂缝', alerts: true },
  { name: 'alligator_crack', code: 'D20', en: 'Alligator crack', zh: '网状裂缝', alerts: true },
  { name: 'pothole', code: 'D40', en: 'Pothole', zh: '坑槽', alerts: true },
  { name: 'repair', code: 'repair', en: 'Repair', zh: '修补', alerts: false },
  { name: 'anomaly', code: 'anomaly', en: 'Anomaly', zh: '异常', alerts: true },
] as const;

export type DamageClass = (typeof DAMAGE_CLASSES)[number]['name'];
export const DamageClass = Type.Unsafe<DamageClass>(
  Type.Union(
    DAMAGE_CLASSES.map((entry) => Type.Literal(entry.name)),
    { description: 'What the road has wrong with it; `repair` never becomes an alert' },
  ),
);

/** The row of DAMAGE_CLASSES for a class name. */
export function damageClass(name: DamageClass): (typeof DAMAGE_CLASSES)[number] {
  const entry = DAMAGE_CLASSES.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new RangeError(`unknown damage class ${JSON.stringify(name)}`);
  return entry;
}

/** One text in the two languages that everything a person reads is in. */
export const BilingualText = Type.Object({
  en: Type.String({ minLength: 1, maxLength: 200 }),
  zh: Type.String({ minLength: 1, maxLength: 200 }),
});
export type BilingualText = Static<typeof BilingualText>;
