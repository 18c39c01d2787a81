/** Which key does what in this browser: the table of actions with what a person has changed. A key never does two things. */
import type { Texts } from '../shared/texts/index.ts';
import type { Action } from './action.ts';
import { ACTIONS } from './actions.ts';
import type { Key, KeyPress } from './keys.ts';

/** By an action's name, the place (`KeyboardEvent.code`) of the key that does it in the stead of its first. */
export type Bindings = Readonly<Record<string, string>>;

/** Why a key cannot be given to an action. */
export type Conflict =
  | { readonly kind: 'taken'; readonly by: Action }
  /** Digits choose from menus, and Escape closes them. */
  | { readonly kind: 'reserved' }
  /** A key that changes others, such as Shift, or none that is known. */
  | { readonly kind: 'unusable' };

const USABLE =
  /^(?:Key[A-Z]|F(?:[1-9]|1[0-2])|Space|Enter|Tab|Backspace|Delete|Insert|Home|End|PageUp|PageDown|Arrow\w+|Numpad\w+|Comma|Period|Slash|Semicolon|Quote|BracketLeft|BracketRight|Backslash|Minus|Equal|Backquote|Intl\w+)$/;
const RESERVED = /^(?:Digit\d|Numpad\d|Escape)$/;

/** The action with the keys that do it here. */
export function withKeys(action: Action, bindings: Bindings): Action {
  const code = Object.hasOwn(bindings, action.name) ? bindings[action.name] : undefined;
  return code === undefined ? action : { ...action, keys: [keyAt(code), ...action.keys.slice(1)] };
}

export function conflictOf(code: string, action: Action, bindings: Bindings): Conflict | null {
  if (RESERVED.test(code)) return { kind: 'reserved' };
  if (!USABLE.test(code)) return { kind: 'unusable' };
  const by = ACTIONS.filter(({ name }) => name !== action.name).find((other) =>
    withKeys(other, bindings).keys.some(({ places }) => places.includes(code)),
  );
  return by === undefined ? null : { kind: 'taken', by };
}

export function changed(bindings: Bindings, action: Action, { code }: Pick<KeyPress, 'code'>): Bindings {
  return { ...bindings, [action.name]: code };
}

/** What an older or foreign page has left is not believed: only keys of actions that there are, each once. */
export function readBindings(text: string | null): Bindings {
  let bindings: Bindings = {};
  for (const [name, code] of entriesOf(text)) {
    const action = ACTIONS.find((each) => each.name === name);
    if (action === undefined || typeof code !== 'string') continue;
    if (conflictOf(code, action, bindings) === null) bindings = changed(bindings, action, { code });
  }
  return bindings;
}

function entriesOf(text: string | null): readonly [string, unknown][] {
  try {
    const read: unknown = JSON.parse(text ?? '{}');
    return typeof read === 'object' && read !== null ? Object.entries(read) : [];
  } catch {
    return [];
  }
}

function keyAt(code: string): Key {
  const numpad = /^Numpad(\w+)$/.exec(code)?.[1];
  if (numpad !== undefined) return { cap: { numpad }, places: [code] };
  return { cap: code.replace(/^Key/, ''), places: [code] };
}

export function conflictText(conflict: Conflict, texts: Texts): string {
  const { remap } = texts;
  return conflict.kind === 'taken'
    ? remap.taken(conflict.by.explanation?.(texts) ?? '')
    : remap[conflict.kind];
}
