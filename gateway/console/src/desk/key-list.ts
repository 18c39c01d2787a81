/** What the list of keys says: for every action the caps of its keys, those of the menu that it opens, and what it does. */
import type { Texts } from '../shared/texts/index.ts';
import { ACTIONS } from './actions.ts';
import { capText } from './keys.ts';
import { MENUS } from './menus.ts';

export interface KeyRow {
  readonly caps: readonly string[];
  readonly explanation: string;
}

export function keyList(texts: Texts): readonly KeyRow[] {
  return ACTIONS.flatMap(({ keys, opens, explanation }) => {
    if (explanation === undefined) return [];
    const digits = opens === undefined ? [] : [`1-${MENUS[opens].choices.length}`];
    return [
      { caps: [...keys.map((key) => capText(key, texts)), ...digits], explanation: explanation(texts) },
    ];
  });
}
