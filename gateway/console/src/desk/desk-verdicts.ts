/** A verdict's way: it takes the alert out of the queue at once and brings the next; refused or undone, it puts it back. */

import type { Alert } from '@roadwatch/contract/api';
import type { Problem } from '../shared/api/problem.ts';
import { arranged, withCurrent } from './desk-queue.ts';
import { type DeskState, isOpen } from './desk-state.ts';
import { successor } from './queue.ts';
import {
  canUndo,
  changed,
  type Decision,
  latestToUndo,
  type TicketMade,
  type Verdict,
  withVerdict,
} from './verdict-list.ts';

/** The gateway's list has long forgotten what was judged before these. */
const REMEMBERED = 300;

export function judged(state: DeskState, decision: Decision, at: number): DeskState {
  const { current: alert, queue, given: id } = state;
  if (alert === null || !state.ready || !isOpen(state)) return state;
  const verdict: Verdict = { id, alert, decision, state: 'sending', at, ticket: null, problem: null };
  const next = successor(queue, alert.id);
  return arranged({
    ...withCurrent(state, queue.find((other) => other.id === next) ?? null),
    verdicts: withVerdict(state.verdicts, verdict),
    given: id + 1,
    judged: new Set([...state.judged, alert.id].slice(-REMEMBERED)),
  });
}

export function stored(state: DeskState, id: number, ticket: TicketMade | null, at: number): DeskState {
  return withChanged(state, id, (verdict) =>
    verdict.state === 'sending' ? { state: 'stored', ticket, at } : { ticket },
  );
}

export function refused(state: DeskState, id: number, problem: Problem, at: number): DeskState {
  const alert = subjectOf(state, id);
  const failed = withChanged(state, id, () => ({ state: 'failed', problem, at }));
  return alert === null ? failed : arranged(unjudged(failed, alert));
}

export function undoAsked(state: DeskState, id: number | null, at: number): DeskState {
  const { verdicts } = state;
  const verdict = id === null ? latestToUndo(verdicts, at) : verdicts.find((entry) => entry.id === id);
  if (verdict == null || !canUndo(verdict, at)) return state;
  return withChanged(state, verdict.id, () => ({ state: 'undoing', at }));
}

/** The alert is the current one again, in its place in the queue before the gateway has listed it. */
export function undone(state: DeskState, id: number, at: number): DeskState {
  const alert = subjectOf(state, id);
  const next = withChanged(state, id, () => ({ state: 'undone', at }));
  if (alert === null) return next;
  const known = state.listed ?? [];
  const listed = known.some((other) => other.id === alert.id) ? known : [...known, alert];
  return arranged(withCurrent({ ...unjudged(next, alert), listed }, alert));
}

export function undoRefused(state: DeskState, id: number, problem: Problem, at: number): DeskState {
  return withChanged(state, id, () => ({ state: 'failed', problem, at }));
}

function withChanged(state: DeskState, id: number, set: (verdict: Verdict) => Partial<Verdict>): DeskState {
  return { ...state, verdicts: changed(state.verdicts, id, set) };
}

function subjectOf({ verdicts }: DeskState, id: number): Alert | null {
  return verdicts.find((verdict) => verdict.id === id)?.alert ?? null;
}

function unjudged(state: DeskState, { id }: Alert): DeskState {
  return { ...state, judged: new Set([...state.judged].filter((other) => other !== id)) };
}
