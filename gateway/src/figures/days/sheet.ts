/** What was counted on a day as it is kept: texts once, and each combination of unit, class, area and camera as numbers. */
import type { DamageClass } from '@roadwatch/contract';
import { FIGURES } from '@roadwatch/contract/api';
import type { Traits } from '../groups.ts';
import type { PackedTally, Tally } from '../tally.ts';

/** Raise it when a definition or this form changes: days that were counted by other rules are counted anew. */
const RULES_VERSION = 2;
export const RULES = `${RULES_VERSION} ${FIGURES.join(' ')}`;

/** What one combination has on a day. */
export interface Cell {
  readonly traits: Traits;
  readonly tally: PackedTally;
}

/** `cells`: of each the places of its unit, class, area and camera in `texts`, how many numbers its tally takes, and these. */
interface Sheet {
  readonly texts: readonly string[];
  readonly cells: readonly number[];
}

/** As the place of a unit. */
const NOBODYS = -1;

export function writeSheet(counted: readonly { readonly traits: Traits; readonly tally: Tally }[]): string {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const cells = counted.flatMap(({ traits: { unit, damageClass, area, camera }, tally }) => {
    const numbers = tally.packed();
    const head = [
      unit === null ? NOBODYS : placeOf(unit),
      placeOf(damageClass),
      placeOf(area),
      placeOf(camera),
    ];
    return [...head, numbers.length, ...numbers];
  });
  return JSON.stringify({ texts: [...places.keys()], cells } satisfies Sheet);
}

export function readSheet(text: string): readonly Cell[] {
  const { texts, cells: numbers } = JSON.parse(text) as Sheet;
  const cells: Cell[] = [];
  for (let at = 0; at < numbers.length; ) {
    const next = (): number => numbers[at++] as number;
    const textAt = (place: number): string => texts[place] as string;
    const unit = next();
    const traits: Traits = {
      unit: unit === NOBODYS ? null : textAt(unit),
      damageClass: textAt(next()) as DamageClass,
      area: textAt(next()),
      camera: textAt(next()),
    };
    const length = next();
    cells.push({ traits, tally: { numbers, from: at } });
    at += length;
  }
  return cells;
}
