/** Keys by their place on the keyboard, so that they work whichever input method is on; none while somebody writes or holds Ctrl. */

/** Whether the key is meant for the page, and not for what is written or chosen in a field. */
export function isForPage({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  return !(target instanceof HTMLElement) || target.closest('input, select, textarea, dialog') === null;
}

/** 1 to 9, from the row of digits or the numeric keypad; null for any other key, and while somebody writes. */
export function digitOf(event: KeyboardEvent): number | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  return digit === undefined || !isForPage(event) ? null : Number(digit);
}
