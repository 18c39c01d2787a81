/** Sends the verdicts that are to be sent, takes back those that are to be taken back, and reports how it went. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Api } from '../shared/api/api.ts';
import { problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';
import type { DeskEvent } from './desk-events.ts';
import type { TicketMade, Verdict } from './verdict-list.ts';

interface Request {
  /** Whether the gateway has taken the verdict. */
  readonly stored: Promise<boolean>;
  undoing: boolean;
}

/** `reload`: the queue's list, for an alert that has come back. */
export function useVerdictRequests(
  verdicts: readonly Verdict[],
  dispatch: (event: DeskEvent) => void,
  reload: () => void,
): void {
  const api = useApi();
  const { shelveReason } = useTexts();
  const requests = useRef(new Map<number, Request>());
  useLayoutEffect(() => {
    const send = ({ id, alert, decision }: Verdict): Promise<boolean> =>
      storeVerdict(api, alert.id, decision, shelveReason).then(
        (ticket) => {
          dispatch({ kind: 'stored', verdict: id, ticket, at: api.now() });
          return true;
        },
        (error) => {
          dispatch({ kind: 'refused', verdict: id, problem: problemOf(error), at: api.now() });
          reload();
          return false;
        },
      );
    const undo = ({ id, alert }: Verdict): Promise<void> =>
      api.alerts.undo(alert.id).then(
        () => {
          dispatch({ kind: 'undone', verdict: id, at: api.now() });
          reload();
        },
        (error) => dispatch({ kind: 'undo_refused', verdict: id, problem: problemOf(error), at: api.now() }),
      );
    for (const verdict of verdicts) {
      const { id, state } = verdict;
      if (state !== 'sending' && state !== 'undoing') continue;
      const request = requests.current.get(id) ?? { stored: send(verdict), undoing: false };
      requests.current.set(id, request);
      if (state === 'sending' || request.undoing) continue;
      request.undoing = true;
      request.stored.then((stored) => (stored ? undo(verdict) : undefined));
    }
    for (const id of requests.current.keys())
      if (!verdicts.some((verdict) => verdict.id === id)) requests.current.delete(id);
  }, [verdicts, api, dispatch, reload, shelveReason]);
}

async function storeVerdict(
  api: Api,
  alertId: string,
  decision: Verdict['decision'],
  shelveReason: string,
): Promise<TicketMade | null> {
  switch (decision.kind) {
    case 'confirm': {
      const { ticketId, number, recallUntil } = await api.alerts.confirm(alertId);
      return { id: ticketId, number, recallUntil: Date.parse(recallUntil) };
    }
    case 'reject':
      await api.alerts.reject(alertId, decision.reason);
      return null;
    case 'shelve':
      await api.alerts.shelve(alertId, new Date(decision.until), shelveReason);
      return null;
  }
}
