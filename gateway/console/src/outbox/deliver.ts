/** One attempt to bring an entry to the gateway: what came of it, or that it has to be tried again. */
import type { RejectionOutcome } from '@roadwatch/contract/api';
import type { Api } from '../shared/api/api.ts';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import type { Entry, Outcome, TicketMade } from './entry.ts';

export type Attempt =
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'again'; readonly problem: Problem };

/** As the gateway says that somebody else was faster. */
const OVERTAKEN: ReadonlySet<string | null> = new Set(['alert_judged', 'alert_held', 'alert_merged']);
/** The session has ended or is another one: the entry is as good as before. */
const OF_THE_SESSION: ReadonlySet<string | null> = new Set(['login_needed', 'csrf_missing']);
/** The first attempt is still being answered. */
const IN_PROGRESS = 'request_under_way';

/** `alerts`: requests that throw Problem. */
export async function deliver(alerts: Api['alerts'], entry: Entry): Promise<Attempt> {
  try {
    return { kind: 'settled', outcome: await send(alerts, entry) };
  } catch (error) {
    const problem = problemOf(error);
    if (isPassing(problem)) return { kind: 'again', problem };
    return { kind: 'settled', outcome: await refusalOf(alerts, entry, problem) };
  }
}

const STORED: Outcome = { kind: 'stored', ticket: null };

async function send(alerts: Api['alerts'], { key, alertId, decision }: Entry): Promise<Outcome> {
  switch (decision.kind) {
    case 'confirm':
      return { kind: 'stored', ticket: await confirmation(alerts, alertId, key) };
    case 'reject':
      await alerts.reject(alertId, decision.reason, key);
      return STORED;
    case 'reject_many':
      return together(await alerts.rejectMany(decision.alerts, decision.reason, key));
    case 'shelve':
      await alerts.shelve(alertId, new Date(decision.until), decision.why, key);
      return STORED;
    case 'merge':
      await alerts.merge(alertId, decision.into, key);
      return STORED;
    case 'unmerge':
    case 'undo':
      if (decision.kind === 'undo' && decision.alerts !== undefined)
        return together(
          (await alerts.undoMany(decision.alerts, key)).map(({ undone, ...rest }) => ({
            ...rest,
            rejected: undone,
          })),
        );
      await alerts.undo(alertId, key);
      return STORED;
  }
}

/** Stored, unless it was taken of none of them. */
function together(outcomes: readonly RejectionOutcome[]): Outcome {
  const left = outcomes.filter(({ rejected }) => !rejected);
  const [first] = left;
  if (first === undefined || left.length < outcomes.length)
    return { kind: 'stored', ticket: null, left: left.map(({ id }) => id) };
  return { kind: 'refused', status: 409, code: first.code, said: first.detail ?? '' };
}

async function confirmation(alerts: Api['alerts'], alertId: string, key: string): Promise<TicketMade> {
  const { ticketId, number, recallUntil } = await alerts.confirm(alertId, key);
  return { id: ticketId, number, recallUntil: Date.parse(recallUntil) };
}

/** What lies between here and the gateway answers without a code; the gateway itself says 5xx and 429 when it cannot just now. */
function isPassing({ status, code }: Problem): boolean {
  return code === null || status >= 500 || status === 429 || code === IN_PROGRESS || OF_THE_SESSION.has(code);
}

async function refusalOf(
  alerts: Api['alerts'],
  { alertId }: Entry,
  { status, code, message }: Problem,
): Promise<Outcome> {
  const alert = OVERTAKEN.has(code) ? await alerts.one(alertId).catch(() => null) : null;
  const by = alert?.verdictBy ?? alert?.claimedBy ?? null;
  return alert === null || by === null
    ? { kind: 'refused', status, code, said: message }
    : { kind: 'overtaken', by, state: alert.state };
}
