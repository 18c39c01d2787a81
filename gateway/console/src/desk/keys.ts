/**
 * Keys of the desk, by their place on the keyboard (`event.code`), so that they work under any layout; silent while a person
 * types or composes Chinese, when letters arrive as `Process` (UI Events, 5.3 Composition Events).
 */
export type DeskAction =
  | { readonly kind: 'confirm' | 'reject' | 'shelve' | 'claim' | 'undo' }
  | { readonly kind: 'next' | 'previous' | 'overlay' | 'zoom' | 'clip' | 'live' | 'help' | 'cancel' }
  /** The entry of the open menu, from 0. */
  | { readonly kind: 'choose'; readonly index: number };

export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const ACTIONS: Readonly<Record<string, Exclude<DeskAction, { kind: 'choose' }>>> = {
  Enter: { kind: 'confirm' },
  NumpadEnter: { kind: 'confirm' },
  KeyN: { kind: 'reject' },
  KeyS: { kind: 'shelve' },
  KeyC: { kind: 'claim' },
  KeyU: { kind: 'undo' },
  KeyJ: { kind: 'next' },
  ArrowDown: { kind: 'next' },
  KeyK: { kind: 'previous' },
  ArrowUp: { kind: 'previous' },
  KeyO: { kind: 'overlay' },
  KeyZ: { kind: 'zoom' },
  KeyV: { kind: 'clip' },
  KeyL: { kind: 'live' },
  Escape: { kind: 'cancel' },
};
const MAY_REPEAT: ReadonlySet<DeskAction['kind']> = new Set(['next', 'previous']);

/** Null for a key that means nothing here. `choosing`: a menu is open whose entries are chosen by digit. */
export function deskAction(press: KeyPress, choosing: boolean): DeskAction | null {
  if (press.isComposing || press.key === 'Process' || press.ctrlKey || press.metaKey || press.altKey)
    return null;
  if (press.key === '?' || press.key === '？') return { kind: 'help' };
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  if (choosing && digit !== undefined && !press.repeat) return { kind: 'choose', index: Number(digit) - 1 };
  const action = ACTIONS[press.code];
  if (action === undefined || (press.repeat && !MAY_REPEAT.has(action.kind))) return null;
  // With a menu open, Enter must not dispatch what the operator is about to reject.
  if (choosing && action.kind === 'confirm') return null;
  return action;
}
