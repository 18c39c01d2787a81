/** Data for a page: loaded, and loaded anew when something of its kind has changed. */
import { useCallback, useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ChangesContext } from '../changes/changes.ts';
import type { ChangeKind } from '../changes/event-stream.ts';
import { keepFresh } from '../changes/keep-fresh.ts';
import { type Problem, problemOf } from './problem.ts';

/** Changes that come together are one load, and in a flood of them there are this few. */
const SETTLE_MS = 80;
const LOADS_APART_MS = 500;
/** For what is shown of very many, of which one or another changes all the time. */
export const MANY_APART_MS = 10_000;

export interface Loaded<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly reload: () => void;
}

/**
 * Loads, and loads anew when something of these kinds changes. One load at a time, and those by changes so far apart; `key` says that
 * it is another thing.
 */
export function useLoaded<T>(
  load: () => Promise<T>,
  kinds: readonly ChangeKind[],
  key: string,
  apartMs = LOADS_APART_MS,
): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const listen = useContext(ChangesContext);
  const latest = useRef(load);
  useLayoutEffect(() => {
    latest.current = load;
  });
  const reload = useRef(() => {});

  useEffect(() => {
    let over = false;
    let loading = false;
    let stale = false;
    let startedAt = Number.NEGATIVE_INFINITY;
    let waiting: ReturnType<typeof setTimeout> | null = null;

    const start = async (): Promise<void> => {
      waiting = null;
      if (loading) {
        stale = true;
        return;
      }
      loading = true;
      stale = false;
      startedAt = performance.now();
      try {
        const loaded = await latest.current();
        if (over) return;
        setValue(loaded);
        setProblem(null);
      } catch (error) {
        if (!over) setProblem(problemOf(error));
      }
      loading = false;
      if (stale && !over) soon();
    };
    const soon = (): void => {
      const wait = Math.max(SETTLE_MS, startedAt + apartMs - performance.now());
      waiting ??= setTimeout(start, wait);
    };

    setValue(null);
    setProblem(null);
    reload.current = () => void start();
    void start();
    const stop = keepFresh(
      listen,
      (kind, _, { seen }) => {
        // That something is still there changes nothing that is loaded so.
        if (seen === undefined && (kind === 'all' || kinds.includes(kind))) soon();
      },
      () => void start(),
    );
    return () => {
      over = true;
      stop();
      if (waiting !== null) clearTimeout(waiting);
    };
  }, [key]);
  return { value, problem, reload: useCallback(() => reload.current(), []) };
}
