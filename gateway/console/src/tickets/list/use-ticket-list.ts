/** A list of tickets that is kept up to date: what has changed is asked for by its id, and nothing else is loaded again. */
import { useCallback, useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import type { TicketFilter } from '../../shared/api/tickets.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { ChangesContext } from '../../shared/changes/changes.ts';
import { keepFresh } from '../../shared/changes/keep-fresh.ts';
import {
  byDeadline,
  byOpening,
  continued,
  opened,
  renewed,
  settled,
  type TicketWindow,
  unsettled,
} from './window.ts';

/** Changes that come together are one request, and in a flood of them there are this few. */
const SETTLE_MS = 80;
const REQUESTS_APART_MS = 500;
/** As the gateway takes them. */
const MOST_IDS = 50;
const MOST_ROWS = 200;

export interface TicketList {
  readonly window: TicketWindow | null;
  readonly problem: Problem | null;
  /** How many rows would move if everything went to its place. */
  readonly unsettled: number;
  readonly reload: () => void;
  readonly loadMore: () => void;
  readonly settle: () => void;
}

/** `held`: somebody's pointer is on it, so that nothing may move. `limit`: rows of a page. */
export function useTicketList(question: TicketFilter, held: boolean, limit = 50): TicketList {
  const api = useApi();
  const listen = useContext(ChangesContext);
  const [window, setWindow] = useState<TicketWindow | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = JSON.stringify(question);
  const by = question.order === 'newest' ? byOpening : byDeadline;
  const latest = useRef({ held, window });
  useLayoutEffect(() => {
    latest.current = { held, window };
  });
  const controls = useRef({ reload: () => {}, loadMore: () => {} });

  useEffect(() => {
    let over = false;
    let busy = false;
    let isLoadingMore = false;
    let all = true;
    /** More was asked for while what changed was on its way. */
    let owesMore = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let startedAt = Number.NEGATIVE_INFINITY;
    const changed = new Set<string>();
    const put = (change: (before: TicketWindow | null) => TicketWindow | null): void => {
      if (!over) setWindow(change);
    };
    const loadAll = async (): Promise<void> => {
      const rows = latest.current.window?.rows.length ?? 0;
      const size = Math.min(MOST_ROWS, Math.max(limit, rows));
      const page = await api.tickets.page({ ...question, limit: String(size) });
      put((before) => {
        if (before === null || before.rows.length > MOST_ROWS) return opened(page);
        const ids = [...before.rows.map(({ ticket }) => ticket.id), ...page.items.map(({ id }) => id)];
        return { ...renewed(before, ids, page, by, latest.current.held), next: page.next };
      });
    };
    const renew = async (): Promise<void> => {
      const ids = [...changed].slice(0, MOST_IDS);
      for (const id of ids) changed.delete(id);
      const page = await api.tickets.page({ ...question, ids: ids.join(','), limit: String(MOST_IDS) });
      put((before) => (before === null ? before : renewed(before, ids, page, by, latest.current.held)));
    };
    const work = async (): Promise<void> => {
      timer = null;
      if (busy || over) return;
      busy = true;
      startedAt = performance.now();
      try {
        if (all) {
          all = false;
          changed.clear();
          await loadAll();
        } else if (changed.size > 0) await renew();
        if (!over) setProblem(null);
      } catch (error) {
        all = true;
        if (!over) setProblem(problemOf(error));
        busy = false;
        return;
      }
      busy = false;
      // Once its answer is in the list, after which the next page begins.
      if (owesMore) setTimeout(() => void loadMore());
      if (all || changed.size > 0) soon();
    };
    const soon = (): void => {
      if (over) return;
      const wait = Math.max(SETTLE_MS, startedAt + REQUESTS_APART_MS - performance.now());
      timer ??= setTimeout(work, wait);
    };
    const loadMore = async (): Promise<void> => {
      const after = latest.current.window?.next;
      if (over || after == null) return;
      owesMore = busy && !isLoadingMore;
      if (busy) return;
      busy = true;
      isLoadingMore = true;
      try {
        const page = await api.tickets.page({ ...question, after, limit: String(limit) });
        put((before) => (before === null ? before : continued(before, page)));
      } catch (error) {
        if (!over) setProblem(problemOf(error));
      }
      busy = false;
      isLoadingMore = false;
      if (all || changed.size > 0) soon();
    };

    setWindow(null);
    setProblem(null);
    controls.current = {
      reload: () => {
        all = true;
        void work();
      },
      loadMore: () => void loadMore(),
    };
    void work();
    const anew = (): void => {
      all = true;
      soon();
    };
    const stop = keepFresh(
      listen,
      (kind, id) => {
        if (kind === 'ticket' && id !== null) changed.add(id);
        else if (kind === 'all' || kind === 'ticket') all = true;
        else return;
        soon();
      },
      anew,
    );
    return () => {
      over = true;
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [api, listen, key, limit]);

  const settle = useCallback(() => {
    setWindow((before) => (before === null ? before : settled(before, by)));
  }, [by]);
  useEffect(() => {
    if (!held) settle();
  }, [held, settle]);
  return {
    window,
    problem,
    unsettled: window === null ? 0 : unsettled(window, by),
    reload: useCallback(() => controls.current.reload(), []),
    loadMore: useCallback(() => controls.current.loadMore(), []),
    settle,
  };
}
