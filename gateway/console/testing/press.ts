/** A key press as a browser tells it. */
import type { KeyPress } from '../src/desk/keys.ts';

export function press(code: string, more: Partial<KeyPress> = {}): KeyPress {
  return {
    code,
    key: code,
    repeat: false,
    isComposing: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  };
}
