/** What several pages need: the screen's one tick, and data that is loaded anew when it changes. */
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { Api, type Problem, problemOf } from './api.ts';
import type { ChangeKind } from './event-stream.ts';
import type { Texts } from './texts/index.ts';

export const ApiContext = createContext(new Api());
export const useApi = (): Api => useContext(ApiContext);

export type Listen = (listener: (kind: ChangeKind | 'all', id: string | null) => void) => () => void;
export const ChangesContext = createContext<Listen>(() => () => {});

/** The present instant on the gateway's clock, renewed every second. */
export function useNow(): number {
  const api = useApi();
  const [now, setNow] = useState(api.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Events tell of changes at once; this only mends what an unseen fault has let slip. */
const SAFETY_MS = 60_000;
/** Changes that come together are one load, and in a flood of them there are this few. */
const SETTLE_MS = 80;
const LOADS_APART_MS = 500;

export interface Loaded<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly reload: () => void;
}

/** Loads, and loads anew when something of these kinds changes. One load at a time; `key` says that it is another thing. */
export function useLoaded<T>(load: () => Promise<T>, kinds: readonly ChangeKind[], key: string): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const listen = useContext(ChangesContext);
  const latest = useRef(load);
  latest.current = load;
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
      const wait = Math.max(SETTLE_MS, startedAt + LOADS_APART_MS - performance.now());
      waiting ??= setTimeout(start, wait);
    };

    setValue(null);
    setProblem(null);
    reload.current = () => void start();
    void start();
    const stop = listen((kind) => {
      if (kind === 'all' || kinds.includes(kind)) soon();
    });
    const safety = setInterval(start, SAFETY_MS);
    return () => {
      over = true;
      stop();
      clearInterval(safety);
      if (waiting !== null) clearTimeout(waiting);
    };
  }, [key]);
  return { value, problem, reload: useCallback(() => reload.current(), []) };
}

/**
 * A failure as a person is told it, by its code: the gateway's own sentences, which name the thing, are in English only. Which field of
 * a form it was they say alone. Without a code it comes from something between here and the gateway.
 */
export function sayProblem({ status, code, message }: Problem, { problems, refusals }: Texts): string {
  if (code !== null && Object.hasOwn(refusals, code)) {
    const sentence = refusals[code as keyof typeof refusals];
    return code === 'fields_invalid' ? `${sentence} (${message})` : sentence;
  }
  if (status === 0) return problems.network;
  return status >= 500 ? problems.server : problems.invalid;
}
