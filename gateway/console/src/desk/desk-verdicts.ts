/** A verdict's way: it takes the alert out of the queue at once and brings the next; refused or taken back, it puts it back. */
import type { Alert } from '@roadwatch/contract/api';
import { type Entry, isWaiting } from '../outbox/entry.ts';
import type { Problem } from '../shared/api/problem.ts';
import { arranged, withCurrent } from './desk-queue.ts';
import type { DeskState } from './desk-state.ts';
import { cannotJudge } from './objections.ts';
import { successor } from './queue.ts';
import { isVerdict, standingOf } from './verdict-list.ts';

/** So long the gateway's list may be older than its answer to a verdict. */
const LIST_LAG_MS = 10_000;
/** As many as can be taken back one after another. */
const LATELY = 20;
const DENIED_MS = 6_000;

/** Moves on. The verdict itself comes by the outbox. */
export function judged(state: DeskState): DeskState {
  const { current: alert, queue } = state;
  if (alert === null || cannotJudge(state) !== null) return state;
  const next = successor(queue, alert.id);
  const lately = [...state.lately.filter(({ id }) => id !== alert.id), alert].slice(-LATELY);
  return arranged({
    ...withCurrent(state, queue.find((other) => other.id === next) ?? null),
    lately,
    judged: new Set([...state.judged, alert.id]),
  });
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
  const next = { ...state, verdicts: entries, delivery, judged: hidden(entries, at) };
  const alert = state.lately.find(({ id }) => id === undone?.alertId);
  return alert === undefined ? arranged(next) : atHandAgain(next, alert);
}

export function ticked(state: DeskState, at: number): DeskState {
  const judged = hidden(state.verdicts, at);
  const denied = state.denied !== null && at - state.denied.at > DENIED_MS ? null : state.denied;
  if (judged.size === state.judged.size && denied === state.denied) return state;
  return arranged({ ...state, judged, denied });
}

/** In its place in the queue before the gateway has listed it. */
function atHandAgain(state: DeskState, alert: Alert): DeskState {
  const known = state.listed ?? [];
  const listed = known.some((other) => other.id === alert.id) ? known : [...known, alert];
  return arranged(withCurrent({ ...state, listed }, alert));
}

/** Ids of alerts with a verdict that is on its way, or so new that a list may not know of it. */
function hidden(entries: readonly Entry[], at: number): ReadonlySet<string> {
  const latest = new Map(
    entries
      .filter(isVerdict)
      .toReversed()
      .map((entry) => [entry.alertId, entry]),
  );
  return new Set(
    [...latest.values()]
      .filter((entry) => {
        const standing = standingOf(entry, entries);
        if (standing === 'undone' || standing === 'failed') return false;
        return isWaiting(entry) || standing === 'undoing' || at - (entry.settledAt ?? 0) <= LIST_LAG_MS;
      })
      .map(({ alertId }) => alertId),
  );
}
