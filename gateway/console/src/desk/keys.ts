/**
 * Keys of the desk, by their place on the keyboard (`event.code`), so that they work under any layout; silent while a person
 * types or composes Chinese, when letters arrive as `Process` (UI Events, 5.3 Composition Events).
 */
export type DeskAction =
  | { readonly kind: 'confirm' | 'ask-reason' | 'cancel' | 'next' | 'previous' | 'undo' }
  | { readonly kind: 'overlay' | 'live' | 'zoom' | 'clip' | 'shelve' }
  | { readonly kind: 'reject'; readonly index: number };

export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const ACTIONS: Readonly<Record<string, DeskAction>> = {
  Enter: { kind: 'confirm' },
  NumpadEnter: { kind: 'confirm' },
  KeyN: { kind: 'ask-reason' },
  Escape: { kind: 'cancel' },
  KeyJ: { kind: 'next' },
  ArrowDown: { kind: 'next' },
  KeyK: { kind: 'previous' },
  ArrowUp: { kind: 'previous' },
  KeyU: { kind: 'undo' },
  KeyO: { kind: 'overlay' },
  KeyL: { kind: 'live' },
  KeyZ: { kind: 'zoom' },
  KeyC: { kind: 'clip' },
};
const MAY_REPEAT = new Set(['next', 'previous']);

/** Null for a key that means nothing here. `asking` is whether a reason to reject is being asked for. */
export function deskAction(press: KeyPress, asking: boolean): DeskAction | null {
  if (press.isComposing || press.key === 'Process' || press.ctrlKey || press.metaKey || press.altKey)
    return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  if (asking && digit !== undefined && !press.repeat) return { kind: 'reject', index: Number(digit) - 1 };
  const action = ACTIONS[press.code];
  if (action === undefined || (press.repeat && !MAY_REPEAT.has(action.kind))) return null;
  // With the reasons open, Enter must not dispatch what the operator is about to reject.
  if (asking && action.kind === 'confirm') return null;
  return action;
}
