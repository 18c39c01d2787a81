/** The list of what waits, loaded as far as it is looked at and kept up to date by what the gateway tells. */
import type { Alert } from '@roadwatch/contract/api';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { ChangesContext } from '../../shared/changes/changes.ts';
import type { ChangeData } from '../../shared/changes/event-stream.ts';
import { keepFresh } from '../../shared/changes/keep-fresh.ts';
import {
  headLoaded,
  heldBy,
  hold,
  lookedAt,
  NO_ROWS,
  pageLoaded,
  type Rows,
  renewed,
  seenAgain,
  without,
} from './rows.ts';

/** What comes in a flood is taken up together, this often. */
const TOGETHER_MS = 250;
const QUESTIONS_APART_MS = 1_000;
/** As the gateway takes them. */
const MOST_IDS = 50;

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
  const api = useApi();
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
    let over = false;
    let loading = false;
    let stale = false;
    let askedAt = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | null = null;
    /** What events have told and has not been taken up. */
    let told: { readonly id: string; readonly data: ChangeData }[] = [];
    /** Of which only that they have changed is known. */
    const unclear = new Set<string>();
    become({ ...NO_ROWS, held: latest.current.held });
    setProblem(null);
    if (filter === null) return undefined;
    const isOfState = new URLSearchParams(filter).has('state');

    const ask = async (question: () => Promise<Rows>): Promise<void> => {
      loading = true;
      try {
        const next = await question();
        if (over) return;
        become(next);
        setProblem(null);
      } catch (error) {
        if (!over) setProblem(problemOf(error));
      }
      loading = false;
      if (stale || unclear.size > 0) soon();
      else more();
    };
    const head = (): Promise<void> => {
      stale = false;
      unclear.clear();
      askedAt = performance.now();
      return ask(async () => headLoaded(latest.current, await api.alerts.queue(filter, null)));
    };
    const renew = (): Promise<void> => {
      const ids = [...unclear];
      unclear.clear();
      askedAt = performance.now();
      return ask(async () => renewed(latest.current, ids, await api.alerts.renewed(filter, ids)));
    };
    const more = (): void => {
      const { next, loaded } = latest.current;
      if (over || loading || next === null || loaded.length >= wanted.current) return;
      void ask(async () => pageLoaded(latest.current, await api.alerts.queue(filter, next)));
    };
    /** What has been told, at once; what that leaves open is asked for, and the head anew when that is much. */
    const settle = (): void => {
      timer = null;
      let next = latest.current;
      for (const { id, data } of told) {
        const after = applied(next, id, data, isOfState);
        if (after === null) unclear.add(id);
        else next = after;
      }
      told = [];
      become(next);
      if (unclear.size > MOST_IDS || next.total === null) stale = true;
      if (loading || (!stale && unclear.size === 0)) return;
      const wait = askedAt + QUESTIONS_APART_MS - performance.now();
      if (wait > 0) timer = setTimeout(settle, wait);
      else void (stale ? head() : renew());
    };
    const soon = (): void => {
      if (!over) timer ??= setTimeout(settle, TOGETHER_MS);
    };
    loadMore.current = more;
    void head();
    const anew = (): void => {
      stale = true;
      soon();
    };
    const stop = keepFresh(
      listen,
      (kind, id, data) => {
        if (kind === 'all') anew();
        else if (kind === 'alert' && id !== null) {
          told.push({ id, data });
          soon();
        }
      },
      anew,
    );
    return () => {
      over = true;
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [api, listen, filter, become]);

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

/** The list after what was told of one alert; null when that does not say what has become of it, or whether it belongs here. */
function applied(
  rows: Rows,
  id: string,
  { state, seen, claimedBy, claimUntil = null }: ChangeData,
  isOfState: boolean,
): Rows | null {
  if (seen !== undefined) return seenAgain(rows, id, seen);
  if (isOfState) return null;
  if (state !== undefined && state !== 'new') return without(rows, id);
  return claimedBy === undefined ? null : heldBy(rows, id, { claimedBy, claimUntil });
}
