/** A verdict's way: it brings the next alert at once; taken back, the alert is at hand again. */
import { alertsOf, type Entry, isWaiting } from '../outbox/entry.ts';
import type { Problem } from '../shared/api/problem.ts';
import type { DeskState } from './desk-state.ts';
import { taken, wentOn } from './hand.ts';
import { cannotJudge } from './objections.ts';
import { isVerdict, standingOf } from './verdict-list.ts';

/** So long an answer of the gateway may be older than that to a verdict. */
const LAG_MS = 10_000;
/** As many as can be taken back one after another. */
const LATELY = 20;
const DENIED_MS = 6_000;

/** Moves on. The verdict itself comes by the outbox. */
export function judged(state: DeskState): DeskState {
  const { current: alert } = state;
  if (alert === null || cannotJudge(state) !== null) return state;
  const lately = [...state.lately.filter(({ id }) => id !== alert.id), alert].slice(-LATELY);
  return wentOn({ ...state, lately, judged: new Set([...state.judged, alert.id]) });
}

/** The whole batch is out of the queue; the alert at hand stays unless it was among them. */
export function judgedTogether(state: DeskState): DeskState {
  const ids = new Set(state.batch.map(({ id }) => id));
  const lately = [...state.lately.filter(({ id }) => !ids.has(id)), ...state.batch].slice(-LATELY);
  const next = { ...state, lately, menu: null, batch: [], judged: new Set([...state.judged, ...ids]) };
  const ahead = state.ahead.filter(({ id }) => !ids.has(id));
  return state.current !== null && ids.has(state.current.id) ? wentOn(next) : { ...next, ahead };
}

/** `entries`: those of the person here, the latest first. What has been taken back meanwhile is at hand again. */
export function outboxChanged(
  state: DeskState,
  entries: readonly Entry[],
  delivery: Problem | null,
  at: number,
): DeskState {
  const stood = new Set(
    state.verdicts.flatMap((entry) =>
      isVerdict(entry) && standingOf(entry, state.verdicts) !== 'undone' ? [entry.key] : [],
    ),
  );
  const undone = entries.find(
    (entry) => stood.has(entry.key) && isVerdict(entry) && standingOf(entry, entries) === 'undone',
  );
  const next = { ...state, verdicts: entries, delivery, judged: standing(entries, at) };
  const alert = state.lately.find(({ id }) => id === undone?.alertId);
  return alert === undefined ? next : taken(next, alert);
}

export function ticked(state: DeskState, at: number): DeskState {
  const judged = standing(state.verdicts, at);
  const denied = state.denied !== null && at - state.denied.at > DENIED_MS ? null : state.denied;
  if (judged.size === state.judged.size && denied === state.denied) return state;
  return { ...state, judged, denied };
}

/** Ids of alerts with a verdict that is on its way, or so new that an answer may not know of it. */
function standing(entries: readonly Entry[], at: number): ReadonlySet<string> {
  const latest = new Map(
    entries
      .filter(isVerdict)
      .toReversed()
      .flatMap((entry) => alertsOf(entry).map((id) => [id, entry] as const)),
  );
  return new Set(
    [...latest]
      .filter(([id, entry]) => {
        const how = standingOf(entry, entries);
        if (entry.decision.kind === 'unmerge' || how === 'undone' || how === 'failed') return false;
        if (entry.outcome?.kind === 'stored' && entry.outcome.left?.includes(id)) return false;
        return isWaiting(entry) || how === 'undoing' || at - (entry.settledAt ?? 0) <= LAG_MS;
      })
      .map(([id]) => id),
  );
}
