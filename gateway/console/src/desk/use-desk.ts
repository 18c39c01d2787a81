/** The desk's state with all that happens beside it: the queue is loaded, requests are sent, and time goes on. */

import type { User } from '@roadwatch/contract/api';
import { useEffect, useLayoutEffect, useReducer } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import type { DeskEvent } from './desk-events.ts';
import { reduce } from './desk-reducer.ts';
import { type DeskState, emptyDesk } from './desk-state.ts';
import { useClaimRequest } from './use-claim-request.ts';
import { useVerdictRequests } from './use-verdict-requests.ts';

const READY_MS = 300;
/** What is left of a long queue is fetched before the operator reaches its end. */
const FETCH_BELOW = 50;

interface Desk {
  readonly state: DeskState;
  readonly dispatch: (event: DeskEvent) => void;
  /** Whether the queue could not be loaded. */
  readonly failed: boolean;
}

export function useDesk(user: User, now: number): Desk {
  const api = useApi();
  const [state, dispatch] = useReducer(reduce, user, emptyDesk);
  const { value, problem, reload } = useLoaded(() => api.alerts.open(), ['alert'], 'queue');
  const { current, ready, more, queue, waiting } = state;

  useLayoutEffect(() => {
    if (value !== null) dispatch({ kind: 'listed', alerts: value.items, more: value.next !== null });
  }, [value]);
  const ending = more && queue.length + waiting < FETCH_BELOW;
  useEffect(() => {
    if (ending) reload();
  }, [ending, queue.length + waiting, reload]);

  const id = current?.id;
  useEffect(() => {
    if (id === undefined || ready) return undefined;
    const timer = setTimeout(() => dispatch({ kind: 'became_ready', id }), READY_MS);
    return () => clearTimeout(timer);
  }, [id, ready]);
  useEffect(() => dispatch({ kind: 'ticked', at: now }), [now]);

  useVerdictRequests(state.verdicts, dispatch, reload);
  useClaimRequest(state.claim, dispatch, reload);
  return { state, dispatch, failed: problem !== null };
}
