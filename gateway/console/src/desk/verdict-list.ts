/** The verdicts just given at this desk, the latest first: each waits, stands, has been taken back, or was refused. */
import type { Decision, Entry } from '../outbox/entry.ts';
import type { WhyNot } from './why-not.ts';

/** What is decided about an alert, as taking it back is not. */
export type Verdict = Entry & { readonly decision: Exclude<Decision, { readonly kind: 'undo' }> };

export type Standing = 'sending' | 'stored' | 'undoing' | 'undone' | 'failed';

const SHOWN_MS = 12_000;
const SHOWN = 3;

export function isVerdict(entry: Entry): entry is Verdict {
  return entry.decision.kind !== 'undo';
}

/** How it stands, with what has been given to take it back. */
export function standingOf(verdict: Verdict, entries: readonly Entry[]): Standing {
  const undo = entries.find(({ decision }) => decision.kind === 'undo' && decision.of === verdict.key);
  if (verdict.outcome?.kind === 'withdrawn') return 'undone';
  if (verdict.outcome !== null && verdict.outcome.kind !== 'stored') return 'failed';
  if (undo?.outcome === null) return 'undoing';
  if (undo?.outcome.kind === 'stored') return 'undone';
  return verdict.outcome === null ? 'sending' : 'stored';
}

/** When it last changed. */
function changedAt(verdict: Verdict, entries: readonly Entry[]): number {
  const undo = entries.find(({ decision }) => decision.kind === 'undo' && decision.of === verdict.key);
  return Math.max(verdict.settledAt ?? verdict.givenAt, undo?.settledAt ?? 0);
}

/** Those that are shown: the latest, while they are on their way or new. */
export function recent(entries: readonly Entry[], now: number): readonly Verdict[] {
  const isShown = (verdict: Verdict): boolean =>
    ['sending', 'undoing'].includes(standingOf(verdict, entries)) ||
    now - changedAt(verdict, entries) <= SHOWN_MS;
  return entries.filter(isVerdict).slice(0, SHOWN).filter(isShown);
}

/** Why it cannot be taken back from here; null when it can. */
export function whyNotUndo(verdict: Verdict, entries: readonly Entry[], now: number): WhyNot | null {
  const standing = standingOf(verdict, entries);
  if (standing !== 'sending' && standing !== 'stored') return { why: 'nothingToUndo' };
  const ticket = verdict.outcome?.kind === 'stored' ? verdict.outcome.ticket : null;
  return ticket !== null && now >= ticket.recallUntil
    ? { why: 'dispatchedAlready', name: ticket.number }
    : null;
}

/** The one that the key for undo is about: the latest that stands. An older one is never taken back in its stead. */
export function latestStanding(entries: readonly Entry[]): Verdict | null {
  return (
    entries
      .filter(isVerdict)
      .find((verdict) => ['sending', 'stored'].includes(standingOf(verdict, entries))) ?? null
  );
}
