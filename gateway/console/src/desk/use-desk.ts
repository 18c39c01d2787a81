/** The desk's state with all that happens beside it: the next alert is pulled, the outbox tells, and time goes on. */

import type { User } from '@roadwatch/contract/api';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useOutboxView } from '../outbox/use-outbox.ts';
import type { Problem } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import type { DeskEvent } from './desk-events.ts';
import { reduce } from './desk-reducer.ts';
import { type DeskState, emptyDesk } from './desk-state.ts';
import type { DeskFilter } from './filter/filter.ts';
import { usePull } from './use-pull.ts';

/** So long a picture is on the screen before a key can judge it. */
const READY_MS = 250;
/** A picture that has not come by then may be judged by what else is known. */
const UNSEEN_MS = 4_000;

export interface Desk {
  readonly state: DeskState;
  /** As the last event has left it, for whoever cannot wait until it is on the screen: the next key. */
  readonly latest: { readonly current: DeskState };
  readonly dispatch: (event: DeskEvent) => void;
  /** Why the gateway could not be asked what is next. */
  readonly problem: Problem | null;
}

export function useDesk(user: User, filter: DeskFilter, now: number): Desk {
  const api = useApi();
  const outbox = useOutboxView();
  const [state, setState] = useState(() => emptyDesk(user, filter));
  const latest = useRef(state);
  const dispatch = useCallback((event: DeskEvent): void => {
    latest.current = reduce(latest.current, event);
    setState(latest.current);
  }, []);
  const { current, seen, ready } = state;

  useLayoutEffect(() => {
    const entries = outbox.entries.filter(({ by }) => by.id === user.id).toReversed();
    dispatch({ kind: 'outbox_changed', entries, problem: outbox.problem, at: api.now() });
  }, [outbox, user.id, api, dispatch]);

  useLayoutEffect(() => dispatch({ kind: 'filter_set', filter }), [filter, dispatch]);

  const id = current?.id;
  useEffect(() => {
    if (id === undefined || ready) return undefined;
    const timer = setTimeout(() => dispatch({ kind: 'became_ready', id }), seen ? READY_MS : UNSEEN_MS);
    return () => clearTimeout(timer);
  }, [id, seen, ready, dispatch]);
  useEffect(() => dispatch({ kind: 'ticked', at: now }), [now, dispatch]);

  const problem = usePull(state, latest, dispatch);
  return { state, latest, dispatch, problem };
}
