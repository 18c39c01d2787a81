/** The keyboard of the desk. */
import { useLayoutEffect } from 'preact/hooks';
import type { Act } from './action-button.tsx';
import { actionsOf } from './actions.ts';
import type { DeskState } from './desk-state.ts';
import { pressed } from './keys.ts';

export function useDeskKeys(state: DeskState, onAct: Act): void {
  // Before the screen is painted, so that the next key finds the desk as it is.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      // The list of keys has the keyboard to itself.
      if (state.help || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      const action = pressed(event, actionsOf(state));
      if (action === null) return;
      // Enter on a button or link that was reached by keyboard presses it.
      if (event.key === 'Enter' && target.matches('button:focus-visible, a:focus-visible')) return;
      event.preventDefault();
      onAct(action);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [state, onAct]);
  useLayoutEffect(() => {
    // A button that was clicked keeps no focus, or Enter would press it again instead of confirming.
    const onClick = ({ detail, target }: MouseEvent): void => {
      if (detail > 0) (target as Element).closest<HTMLElement>('.desk button')?.blur();
    };
    window.addEventListener('click', onClick);
    return () => window.removeEventListener('click', onClick);
  }, []);
}
