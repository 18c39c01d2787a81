/** Keeps the name of the page that is open in view, in a bar of names that may be longer than the screen. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** For the bar; `current` is what it marks by aria-current, and what else changes its names' lengths. */
export function useCurrentInView(...current: readonly unknown[]): RefObject<HTMLElement | null> {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (element === null) return undefined;
    const show = (): void =>
      element.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    show();
    // A telephone that is turned has another width.
    const turned = new ResizeObserver(show);
    turned.observe(element);
    return () => turned.disconnect();
  }, current);
  return bar;
}
