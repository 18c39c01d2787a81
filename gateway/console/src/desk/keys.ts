/**
 * Keys by their place on the keyboard (`KeyboardEvent.code`), so that they work under any layout, or by the sign that they
 * write; silent while a person composes Chinese, when letters arrive as `Process` (UI Events, 5.3 Composition Events).
 */
import type { Texts } from '../shared/texts/index.ts';

export interface Key {
  /** What is written on it, as it is or by the name of a text. */
  readonly cap: string | { readonly named: keyof Texts['keyName'] };
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
}

export const ENTER: Key = { cap: { named: 'enter' }, places: ['Enter', 'NumpadEnter'] };
export const ESCAPE: Key = { cap: { named: 'escape' }, places: ['Escape'] };
export const UP: Key = { cap: '↑', places: ['ArrowUp'] };
export const DOWN: Key = { cap: '↓', places: ['ArrowDown'] };
/** Its place differs from layout to layout; Chinese input methods write the second one. */
export const QUESTION_MARK: Key = { cap: '?', places: [], signs: ['?', '？'] };

export function letter(cap: string): Key {
  return { cap, places: [`Key${cap}`] };
}

/** On either block of digits. */
export function digit(value: number): Key {
  return { cap: String(value), places: [`Digit${value}`, `Numpad${value}`] };
}

export function capText({ cap }: Key, { keyName }: Texts): string {
  return typeof cap === 'string' ? cap : keyName[cap.named];
}

/** What keys do, and whether they do it again while they are held down. */
export interface Bound {
  readonly keys: readonly Key[];
  readonly repeats?: boolean;
}

/** The one whose key has been pressed. */
export function pressed<B extends Bound>(press: KeyPress, bound: readonly B[]): B | null {
  if (press.isComposing || press.key === 'Process' || press.ctrlKey || press.metaKey || press.altKey)
    return null;
  const by = (matches: (key: Key) => boolean | undefined): B | undefined =>
    bound.find(({ keys }) => keys.some(matches));
  const found =
    by(({ signs }) => signs?.includes(press.key)) ?? by(({ places }) => places.includes(press.code));
  return found === undefined || (press.repeat && found.repeats !== true) ? null : found;
}
