/** The list of what waits, loaded as far as it is looked at and kept up to date by what the gateway tells. */
import type { Alert } from '@roadwatch/contract/api';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../shared/api/problem.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { ChangesContext } from '../../shared/changes/changes.ts';
import { keepRows } from './keep-rows.ts';
import { hold, lookedAt, NO_ROWS, type Rows } from './rows.ts';

export interface Queue {
  readonly rows: Rows;
  readonly latest: { readonly current: Rows };
  /** Why it could not be loaded. */
  readonly problem: Problem | null;
  readonly hold: (held: boolean) => void;
  readonly lookAt: (id: string) => void;
  /** The alerts of the rows that are wholly on the screen, as they are there; the list says which. */
  readonly onScreen: { current: () => readonly Alert[] };
  /** Loads on until so many rows are there. */
  readonly want: (rows: number) => void;
}

/** `filter`: a query as the gateway takes it, empty for the whole queue; null: no list is wanted. */
export function useQueue(filter: string | null): Queue {
  const { alerts } = useApi();
  const listen = useContext(ChangesContext);
  const [rows, setRows] = useState(NO_ROWS);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(rows);
  const onScreen = useRef<() => readonly Alert[]>(() => []);
  const wanted = useRef(0);
  const loadMore = useRef(() => {});
  const become = useCallback((next: Rows): void => {
    if (next === latest.current) return;
    latest.current = next;
    setRows(next);
  }, []);

  useEffect(() => {
    become({ ...NO_ROWS, held: latest.current.held });
    setProblem(null);
    if (filter === null) return undefined;
    const source = {
      head: () => alerts.queue(filter, null),
      renewed: (ids: readonly string[]) => alerts.renewed(filter, ids),
      page: (after: string) => alerts.queue(filter, after),
      listen,
    };
    const isOfState = new URLSearchParams(filter).has('state');
    const kept = keepRows(source, { isOfState, latest, wanted, become, onProblem: setProblem });
    loadMore.current = kept.more;
    return kept.stop;
  }, [alerts, listen, filter, become]);

  return {
    rows,
    latest,
    problem,
    onScreen,
    hold: useCallback((held) => become(hold(latest.current, held)), [become]),
    lookAt: useCallback((id) => become(lookedAt(latest.current, id)), [become]),
    want: useCallback((count) => {
      wanted.current = count;
      loadMore.current();
    }, []),
  };
}
