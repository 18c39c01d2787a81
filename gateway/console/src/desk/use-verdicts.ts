/** The verdicts just given at this desk: sent in the background, taken back with one key, kept in sight for a moment. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api.ts';
import { useApi } from '../shared/hooks.ts';
import type { Alert } from '../shared/types.ts';
import type { RejectReason } from './choices.ts';

export type Decision =
  | { readonly kind: 'confirm' }
  | { readonly kind: 'reject'; readonly reason: RejectReason }
  | { readonly kind: 'shelve'; readonly until: number; readonly reason: string };

export interface Verdict {
  readonly id: number;
  readonly alert: Alert;
  readonly decision: Decision;
  readonly state: 'sending' | 'stored' | 'undoing' | 'undone' | 'failed';
  /** When it was given, or last changed. */
  readonly at: number;
  /** Of a stored confirmation: until `recallUntil` nothing has left the gateway. */
  readonly ticket: { readonly id: string; readonly number: string; readonly recallUntil: number } | null;
  readonly problem: Problem | null;
}

const SHOWN_MS = 12_000;
const SHOWN = 3;
/** The gateway's list has long forgotten what was judged before these. */
const REMEMBERED = 300;

export function canUndo({ state, ticket }: Verdict, now: number): boolean {
  return state === 'sending' || (state === 'stored' && (ticket === null || now < ticket.recallUntil));
}

export interface Verdicts {
  /** Latest first. */
  readonly recent: readonly Verdict[];
  /** Alerts that are out of the queue by a verdict that stands. */
  readonly judged: ReadonlySet<string>;
  readonly give: (alert: Alert, decision: Decision) => void;
  readonly undo: (verdict: Verdict) => void;
}

/** `onBack`: an alert has come back into the queue, by an undo or a refusal. */
export function useVerdicts(onBack: (alert: Alert, undone: boolean) => void): Verdicts {
  const api = useApi();
  const [recent, setRecent] = useState<readonly Verdict[]>([]);
  const [judged, setJudged] = useState<ReadonlySet<string>>(new Set());
  const counter = useRef(0);
  const sent = useRef(new Map<number, Promise<unknown>>());
  const back = useRef(onBack);
  back.current = onBack;

  const change = useCallback(
    (id: number, set: Partial<Verdict>) =>
      setRecent((list) =>
        list.map((entry) => (entry.id === id ? { ...entry, ...set, at: api.now() } : entry)),
      ),
    [api],
  );
  const restore = useCallback((alert: Alert, undone: boolean) => {
    setJudged((ids) => new Set([...ids].filter((id) => id !== alert.id)));
    back.current(alert, undone);
  }, []);

  const give = useCallback(
    (alert: Alert, decision: Decision) => {
      const id = ++counter.current;
      const verdict = {
        id,
        alert,
        decision,
        state: 'sending',
        at: api.now(),
        ticket: null,
        problem: null,
      } as const;
      setRecent((list) => [verdict, ...list].slice(0, SHOWN));
      setJudged((ids) => new Set([...ids, alert.id].slice(-REMEMBERED)));
      const send = async (): Promise<Verdict['ticket']> => {
        if (decision.kind === 'confirm') {
          const { ticketId, number, recallUntil } = await api.confirm(alert.id);
          return { id: ticketId, number, recallUntil: Date.parse(recallUntil) };
        }
        if (decision.kind === 'reject') await api.reject(alert.id, decision.reason);
        else await api.shelve(alert.id, new Date(decision.until), decision.reason);
        return null;
      };
      const sending = send().then(
        (ticket) => change(id, { state: 'stored', ticket }),
        (error) => {
          change(id, { state: 'failed', problem: problemOf(error) });
          restore(alert, false);
          throw error;
        },
      );
      sending.catch(() => {});
      sent.current.set(id, sending);
      sent.current.delete(id - SHOWN);
    },
    [api, change, restore],
  );

  const undo = useCallback(
    ({ id, alert }: Verdict) => {
      change(id, { state: 'undoing' });
      const sending = sent.current.get(id) ?? Promise.resolve();
      sending
        .then(() => api.undo(alert.id))
        .then(
          () => {
            change(id, { state: 'undone' });
            restore(alert, true);
          },
          (error) => change(id, { state: 'failed', problem: problemOf(error) }),
        );
    },
    [api, change, restore],
  );

  useEffect(() => {
    const timer = setInterval(() => {
      const gone = (entry: Verdict) => entry.state !== 'sending' && api.now() - entry.at > SHOWN_MS;
      setRecent((list) => (list.some(gone) ? list.filter((entry) => !gone(entry)) : list));
    }, 1_000);
    return () => clearInterval(timer);
  }, [api]);

  return { recent, judged, give, undo };
}
