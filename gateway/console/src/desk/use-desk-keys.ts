/** Turns key presses on the desk into actions. */
import { useEffect, useRef } from 'preact/hooks';
import { type DeskAction, deskAction } from './keys.ts';

/** `choosing`: a menu of digits is open. `silent`: something else has the keyboard. */
export function useDeskKeys(act: (action: DeskAction) => void, choosing: boolean, silent: boolean): void {
  const latest = useRef({ act, choosing, silent });
  latest.current = { act, choosing, silent };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { act, choosing, silent } = latest.current;
      const target = event.target as HTMLElement;
      if (silent || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      const action = deskAction(event, choosing);
      if (action === null) return;
      // Enter on a button or link that was reached by keyboard presses it.
      if (action.kind === 'confirm' && target.matches('button:focus-visible, a:focus-visible')) return;
      event.preventDefault();
      act(action);
    };
    // A button that was clicked keeps no focus, or Enter would press it again instead of confirming.
    const onClick = ({ detail, target }: MouseEvent): void => {
      if (detail > 0) (target as Element).closest<HTMLElement>('.desk button')?.blur();
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('click', onClick);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('click', onClick);
    };
  }, []);
}
