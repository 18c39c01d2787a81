/** The keyboard of the desk. */
import { useLayoutEffect } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import type { Act } from './action-button.tsx';
import { actionsOf } from './actions.ts';
import { withKeys } from './bindings.ts';
import type { DeskEvent } from './desk-events.ts';
import { pressed, strayCap } from './keys.ts';
import { useBindings } from './use-bindings.ts';
import type { Desk } from './use-desk.ts';

export function useDeskKeys(latest: Desk['latest'], onAct: Act, dispatch: (event: DeskEvent) => void): void {
  const api = useApi();
  const { bindings } = useBindings();
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const state = latest.current;
      // The list of keys has the keyboard to itself.
      if (state.help || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      const action = pressed(
        event,
        actionsOf(state).map((each) => withKeys(each, bindings)),
      );
      if (action === null) {
        const cap = strayCap(event);
        const digit = cap !== null && /\d/.test(cap);
        const whyNot = digit ? ({ why: 'noMenu' } as const) : ({ why: 'unbound', name: cap ?? '' } as const);
        if (cap !== null) dispatch({ kind: 'denied', whyNot, at: api.now() });
        return;
      }
      // Enter on a button or link that was reached by keyboard presses it.
      if (event.key === 'Enter' && target.matches('button:focus-visible, a:focus-visible')) return;
      event.preventDefault();
      onAct(action);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [latest, onAct, dispatch, api, bindings]);
  useLayoutEffect(() => {
    // A button that was clicked keeps no focus, or Enter would press it again instead of confirming.
    const onClick = ({ detail, target }: MouseEvent): void => {
      if (detail > 0) (target as Element).closest<HTMLElement>('.desk button')?.blur();
    };
    window.addEventListener('click', onClick);
    return () => window.removeEventListener('click', onClick);
  }, []);
}
