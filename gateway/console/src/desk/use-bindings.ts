/** The keys of this browser, for all that shows or hears them; kept for the next time. */
import { createContext } from 'preact';
import { useCallback, useContext, useState } from 'preact/hooks';
import type { Action } from './action.ts';
import { type Bindings, readBindings, withKeys } from './bindings.ts';

const KEPT = 'roadwatch.keys';

interface BoundKeys {
  readonly bindings: Bindings;
  readonly bind: (bindings: Bindings) => void;
}

export const BindingsContext = createContext<BoundKeys>({ bindings: {}, bind: () => {} });

/** To be held above all that uses it. */
export function useKeptBindings(): BoundKeys {
  const [bindings, setBindings] = useState(() => readBindings(localStorage.getItem(KEPT)));
  const bind = useCallback((next: Bindings): void => {
    localStorage.setItem(KEPT, JSON.stringify(next));
    setBindings(next);
  }, []);
  return { bindings, bind };
}

export function useBindings(): BoundKeys {
  return useContext(BindingsContext);
}

/** The keys that do the action here. */
export function useKeysOf(action: Action): Action['keys'] {
  return withKeys(action, useBindings().bindings).keys;
}
