/** What the list of keys says: for every action the caps of its keys, those of the menu that it opens, and what it does. */
import type { Texts } from '../shared/texts/index.ts';
import type { Action } from './action.ts';
import { ACTIONS } from './actions.ts';
import { type Bindings, withKeys } from './bindings.ts';
import { capText } from './keys.ts';
import { MENUS } from './menus.ts';

export interface KeyRow {
  readonly action: Action;
  readonly caps: readonly string[];
  readonly explanation: string;
}

export function keyList(texts: Texts, bindings: Bindings = {}): readonly KeyRow[] {
  return ACTIONS.flatMap((action) => {
    const { opens, explanation } = action;
    if (explanation === undefined) return [];
    const digits = opens === undefined ? [] : [`1-${MENUS[opens].choices.length}`];
    const caps = withKeys(action, bindings).keys.map((key) => capText(key, texts));
    return [{ action, caps: [...caps, ...digits], explanation: explanation(texts) }];
  });
}
