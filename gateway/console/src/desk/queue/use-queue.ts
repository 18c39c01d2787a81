/** The list of what waits, loaded as far as it is looked at and kept up to date by what the gateway tells. */
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { useApi } from '../../shared/api/use-api.ts';
import { ChangesContext } from '../../shared/changes/changes.ts';
import type { ChangeData } from '../../shared/changes/event-stream.ts';
import {
  changed,
  headLoaded,
  heldBy,
  hold,
  lookedAt,
  NO_ROWS,
  pageLoaded,
  type Rows,
  without,
} from './rows.ts';

/** Events only tell; this mends what an unseen fault has let slip. */
const SAFETY_MS = 60_000;
/** What comes in a flood is taken up together, this often. */
const TOGETHER_MS = 250;
const HEADS_APART_MS = 1_000;

export interface Queue {
  readonly rows: Rows;
  readonly latest: { readonly current: Rows };
  /** Whether it could not be loaded. */
  readonly failed: boolean;
  readonly hold: (held: boolean) => void;
  readonly lookAt: (id: string) => void;
  /** Loads on until so many rows are there. */
  readonly want: (rows: number) => void;
}

/** `filter`: the query that the address bar has, empty for the whole queue. */
export function useQueue(filter: string): Queue {
  const api = useApi();
  const listen = useContext(ChangesContext);
  const [rows, setRows] = useState(NO_ROWS);
  const [failed, setFailed] = useState(false);
  const latest = useRef(rows);
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
    let headAt = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let told: { readonly id: string; readonly data: ChangeData }[] = [];
    become({ ...NO_ROWS, held: latest.current.held });

    const load = async (after: string | null): Promise<void> => {
      if (loading) {
        stale = stale || after === null;
        return;
      }
      loading = true;
      try {
        const page = await api.alerts.queue(filter, after);
        if (over) return;
        become((after === null ? headLoaded : pageLoaded)(latest.current, page));
        setFailed(false);
      } catch {
        if (!over) setFailed(true);
      }
      loading = false;
      if (stale) soon();
      else more();
    };
    const head = (): void => {
      stale = false;
      headAt = performance.now();
      void load(null);
    };
    /** What has been told, at once, and the head anew where that does not say enough. */
    const settle = (): void => {
      timer = null;
      const news = told;
      told = [];
      let next = latest.current;
      for (const { id, data } of news) next = applied(next, id, data, filter === '') ?? next;
      become(next);
      stale = stale || news.some(({ id, data }) => applied(next, id, data, filter === '') === null);
      if (!stale) return;
      const wait = headAt + HEADS_APART_MS - performance.now();
      if (wait <= 0) head();
      else timer = setTimeout(settle, wait);
    };
    const soon = (): void => {
      timer ??= setTimeout(settle, TOGETHER_MS);
    };
    const more = (): void => {
      const { next, loaded } = latest.current;
      if (!over && next !== null && loaded.length < wanted.current) void load(next);
    };
    loadMore.current = more;
    head();
    const stop = listen((kind, id, data) => {
      if (kind === 'all') stale = true;
      else if (kind === 'alert' && id !== null) told.push({ id, data });
      if (kind === 'all' || kind === 'alert') soon();
    });
    const safety = setInterval(() => {
      stale = true;
      soon();
    }, SAFETY_MS);
    return () => {
      over = true;
      stop();
      clearInterval(safety);
      if (timer !== null) clearTimeout(timer);
    };
  }, [api, listen, filter, become]);

  return {
    rows,
    latest,
    failed,
    hold: useCallback((held) => become(hold(latest.current, held)), [become]),
    lookAt: useCallback((id) => become(lookedAt(latest.current, id)), [become]),
    want: useCallback((count) => {
      wanted.current = count;
      loadMore.current();
    }, []),
  };
}

/** The list after what was told of one alert; null when that does not say where the alert belongs. */
function applied(
  rows: Rows,
  id: string,
  { state, alert, ...lease }: ChangeData,
  whole: boolean,
): Rows | null {
  if (state !== undefined && state !== 'new') return without(rows, id);
  const known = [...rows.loaded, ...rows.outside].some((each) => each.id === id);
  // With a filter only the gateway knows what belongs into the list.
  if (alert !== undefined && (whole || known)) return changed(rows, alert);
  if (lease.claimedBy === undefined) return null;
  return heldBy(rows, id, { claimedBy: lease.claimedBy, claimUntil: lease.claimUntil ?? null });
}
