/** What was counted on a day as it is kept: texts once, and each combination of unit, class, area and camera as numbers. */
import type { DamageClass } from '@roadwatch/contract';
import { FIGURES } from '@roadwatch/contract/api';
import type { Traits } from '../groups.ts';
import type { PackedTally } from '../tally.ts';

/** Raise it when a definition or this form changes: days that were counted by other rules are counted anew. */
const RULES_VERSION = 1;
export const RULES = `${RULES_VERSION} ${FIGURES.join(' ')}`;

/** What one combination has on a day. */
export interface Cell {
  readonly traits: Traits;
  readonly tally: PackedTally;
}

/** Null as a place of a unit: it is nobody's. */
interface Sheet {
  readonly texts: readonly string[];
  readonly cells: readonly (readonly [
    unit: number | null,
    damageClass: number,
    area: number,
    camera: number,
    ...PackedTally,
  ])[];
}

export function writeSheet(cells: readonly Cell[]): string {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const numbers = cells.map(
    ({ traits: { unit, damageClass, area, camera }, tally }) =>
      [
        unit === null ? null : placeOf(unit),
        placeOf(damageClass),
        placeOf(area),
        placeOf(camera),
        ...tally,
      ] as const,
  );
  return JSON.stringify({ texts: [...places.keys()], cells: numbers } satisfies Sheet);
}

export function readSheet(text: string): readonly Cell[] {
  const { texts, cells } = JSON.parse(text) as Sheet;
  const textAt = (place: number): string => texts[place] as string;
  return cells.map(([unit, damageClass, area, camera, ...tally]) => ({
    traits: {
      unit: unit === null ? null : textAt(unit),
      damageClass: textAt(damageClass) as DamageClass,
      area: textAt(area),
      camera: textAt(camera),
    },
    tally,
  }));
}
