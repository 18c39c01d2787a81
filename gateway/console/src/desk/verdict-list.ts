/** The verdicts just given at this desk, the latest first: each is being sent, stands, is being taken back, or has failed. */

import type { Alert, RejectReason } from '@roadwatch/contract/api';
import type { Problem } from '../shared/api/problem.ts';

export type Decision =
  | { readonly kind: 'confirm' }
  | { readonly kind: 'reject'; readonly reason: RejectReason }
  /** `until` in milliseconds. */
  | { readonly kind: 'shelve'; readonly until: number };

/** Of a stored confirmation: until `recallUntil` (milliseconds) nothing has left the gateway. */
export interface TicketMade {
  readonly id: string;
  readonly number: string;
  readonly recallUntil: number;
}

export interface Verdict {
  readonly id: number;
  readonly alert: Alert;
  readonly decision: Decision;
  readonly state: 'sending' | 'stored' | 'undoing' | 'undone' | 'failed';
  /** When it was given, or last changed, in milliseconds. */
  readonly at: number;
  readonly ticket: TicketMade | null;
  readonly problem: Problem | null;
}

const SHOWN_MS = 12_000;
const SHOWN = 3;

function isUnderWay({ state }: Verdict): boolean {
  return state === 'sending' || state === 'undoing';
}

/** Those that are shown; what is under way is kept beyond them until it has been answered. */
export function recent(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.slice(0, SHOWN);
}

export function canUndo({ state, ticket }: Verdict, now: number): boolean {
  return state === 'sending' || (state === 'stored' && (ticket === null || now < ticket.recallUntil));
}

/** The one that the key for undo takes back. */
export function latestToUndo(verdicts: readonly Verdict[], now: number): Verdict | null {
  return recent(verdicts).find((verdict) => canUndo(verdict, now)) ?? null;
}

export function withVerdict(verdicts: readonly Verdict[], verdict: Verdict): readonly Verdict[] {
  return [verdict, ...verdicts].filter((entry, index) => index < SHOWN || isUnderWay(entry));
}

export function changed(
  verdicts: readonly Verdict[],
  id: number,
  set: (verdict: Verdict) => Partial<Verdict>,
): readonly Verdict[] {
  return verdicts.map((verdict) => (verdict.id === id ? { ...verdict, ...set(verdict) } : verdict));
}

/** Without those that have been shown for long enough; the same list when there are none. */
export function withoutOld(verdicts: readonly Verdict[], now: number): readonly Verdict[] {
  const kept = verdicts.filter((verdict) => isUnderWay(verdict) || now - verdict.at <= SHOWN_MS);
  return kept.length === verdicts.length ? verdicts : kept;
}
