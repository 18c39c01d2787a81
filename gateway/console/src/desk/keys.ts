/**
 * Keys by their place on the keyboard (`KeyboardEvent.code`), so that they work under any layout, or by the sign that they
 * write. An input method that is on takes the sign, not the place: the key is then `Process`, or a part of a composition (UI
 * Events, 5.3), though there is nothing on the desk to write into, and acts by its place all the same.
 */
import type { Texts } from '../shared/texts/index.ts';

export interface Key {
  /** What is written on it, as it is or by the name of a text. */
  readonly cap: string | { readonly named: 'enter' | 'escape' } | { readonly numpad: string };
  readonly places: readonly string[];
  readonly signs?: readonly string[];
}

export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export const ENTER: Key = { cap: { named: 'enter' }, places: ['Enter', 'NumpadEnter'] };
export const ESCAPE: Key = { cap: { named: 'escape' }, places: ['Escape'] };
export const UP: Key = { cap: '↑', places: ['ArrowUp'] };
export const DOWN: Key = { cap: '↓', places: ['ArrowDown'] };
/** Its place differs from layout to layout; Chinese input methods write the second one. */
export const QUESTION_MARK: Key = { cap: '?', places: [], signs: ['?', '？'] };
export const F1: Key = { cap: 'F1', places: ['F1'] };

/** On the block of digits at the right, for the hand that is there. */
export function numpad(cap: string, name: string): Key {
  return { cap: { numpad: cap }, places: [`Numpad${name}`] };
}

export function letter(cap: string): Key {
  return { cap, places: [`Key${cap}`] };
}

/** On either block of digits. */
export function digit(value: number): Key {
  return { cap: String(value), places: [`Digit${value}`, `Numpad${value}`] };
}

export function capText({ cap }: Key, { keyName }: Texts): string {
  if (typeof cap === 'string') return cap;
  return 'named' in cap ? keyName[cap.named] : keyName.numpad(cap.numpad);
}

/** What keys do, and whether they do it again while they are held down. */
export interface Bound {
  readonly keys: readonly Key[];
  readonly repeats?: boolean;
}

/** The one whose key has been pressed. */
export function pressed<B extends Bound>(press: KeyPress, bound: readonly B[]): B | null {
  if (isForBrowser(press)) return null;
  const sign = signOf(press);
  const by = (matches: (key: Key) => boolean | undefined): B | undefined =>
    bound.find(({ keys }) => keys.some(matches));
  const found =
    by(({ signs }) => sign !== null && signs?.includes(sign)) ??
    by(({ places }) => places.includes(press.code));
  return found === undefined || (press.repeat && found.repeats !== true) ? null : found;
}

/** What is written on a key that does nothing here, so that it can be said; null for those that nobody means for the desk. */
export function strayCap({ code, ...press }: KeyPress): string | null {
  if (isForBrowser({ code, ...press }) || press.repeat) return null;
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? null;
}

function isForBrowser({ ctrlKey, metaKey, altKey }: KeyPress): boolean {
  return ctrlKey || metaKey || altKey;
}

/** Null: an input method has it. The question mark then is where most layouts have it. */
function signOf({ key, code, isComposing, shiftKey }: KeyPress): string | null {
  if (key !== 'Process' && !isComposing) return key;
  return code === 'Slash' && shiftKey ? '?' : null;
}
