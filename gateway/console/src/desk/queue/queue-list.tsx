/** What waits, in the order in which it is judged, beside the alert at hand; only the rows on the screen exist. */
import type { Alert, User } from '@roadwatch/contract/api';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { problemText } from '../../shared/api/problem-text.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { QueueRow } from './queue-row.tsx';
import type { Queue } from './use-queue.ts';
import { scrollTo, whollyIn, windowOf } from './window.ts';

/** As styles/queue.css has it. */
const ROW_PX = 76;
/** Rows that are loaded beyond the last one on the screen. */
const AHEAD = 40;

interface Props {
  readonly queue: Queue;
  readonly user: User;
  readonly current: string | null;
  /** Judged here, whether or not the list knows. */
  readonly judged: ReadonlySet<string>;
  readonly now: number;
  readonly onTake: (alert: Alert) => void;
}

export function QueueList({ queue, user, current, judged, now, onTake }: Props) {
  const texts = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  const { rows, hold, want, lookAt, problem, onScreen } = queue;
  const open = rows.loaded.filter(({ id }) => !judged.has(id));
  const unloaded =
    rows.next === null ? 0 : Math.max(0, (rows.total ?? 0) - rows.loaded.length - rows.outside.length);
  const length = open.length + unloaded;
  const { from, to } = windowOf(view.top, view.height, ROW_PX, length);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  useLayoutEffect(() => {
    onScreen.current = () => {
      const element = list.current;
      if (element === null) return [];
      // On a telephone the list itself may be out of sight.
      const { top, bottom } = element.getBoundingClientRect();
      const [from, until] = [Math.max(0, top), Math.min(innerHeight, bottom)];
      const seen = whollyIn(top - element.scrollTop - from, Math.max(0, until - from), ROW_PX, open.length);
      return open.slice(seen.from, seen.to);
    };
  });
  useEffect(() => want(to + AHEAD), [want, to]);
  useEffect(() => {
    const element = list.current;
    const at = open.findIndex(({ id }) => id === current);
    if (current !== null) lookAt(current);
    if (element === null || at < 0) return;
    const top = scrollTo(at, element.scrollTop, element.clientHeight, ROW_PX);
    if (top !== null) element.scrollTop = top;
  }, [current]);

  return (
    <>
      {rows.outside.length === 0 ? null : (
        <button type="button" class="arrived" onClick={() => hold(false)}>
          {texts.newArrived(rows.outside.length)}
        </button>
      )}
      <div ref={list} class="rows">
        {rows.total === null ? (
          <p class="hint">{problem === null ? texts.loading : problemText(problem, texts)}</p>
        ) : null}
        <ol
          style={{ height: `${length * ROW_PX}px` }}
          onMouseEnter={() => hold(true)}
          onMouseLeave={() => hold(false)}
        >
          {Array.from({ length: to - from }, (_, index) => {
            const at = from + index;
            const alert = open[at];
            return (
              <li
                key={alert?.id ?? at}
                aria-setsize={length}
                aria-posinset={at + 1}
                style={{ transform: `translateY(${at * ROW_PX}px)` }}
              >
                {alert === undefined ? (
                  <span class="item unloaded" />
                ) : (
                  <QueueRow
                    alert={alert}
                    user={user}
                    current={alert.id === current}
                    fresh={rows.fresh.has(alert.id)}
                    now={now}
                    onTake={onTake}
                  />
                )}
              </li>
            );
          })}
        </ol>
      </div>
    </>
  );
}
