/** The outbox, for every page. */
import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { isWaiting } from './entry.ts';
import type { Outbox, OutboxView } from './outbox.ts';

export const OutboxContext = createContext<Outbox | null>(null);

export function useOutbox(): Outbox {
  const outbox = useContext(OutboxContext);
  if (outbox === null) throw new Error('no outbox above this component');
  return outbox;
}

/** What is in it, as it changes. */
export function useOutboxView(): OutboxView {
  const outbox = useOutbox();
  const [view, setView] = useState(outbox.view);
  useLayoutEffect(() => {
    setView(outbox.view);
    return outbox.listen(() => setView(outbox.view));
  }, [outbox]);
  return view;
}

/** Asks before a page is closed whose verdicts have not been sent. */
export function useLeaveWarning(): void {
  const { entries } = useOutboxView();
  const waiting = entries.some(isWaiting);
  useEffect(() => {
    if (!waiting) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [waiting]);
}
