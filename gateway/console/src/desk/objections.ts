/** What speaks against judging the alert at hand, or looking at it; null when nothing does. */
import type { Alert, User } from '@roadwatch/contract/api';
import { mayJudge, personOf } from '../shared/person.ts';
import { type DeskState, isGone } from './desk-state.ts';
import type { WhyNot } from './why-not.ts';

export function cannotLook({ current }: DeskState): WhyNot | null {
  return current === null ? { why: 'nothingAtHand' } : null;
}

/** Opening a menu. */
export function cannotDecide(state: DeskState): WhyNot | null {
  const { current, user } = state;
  if (!mayJudge(user)) return { why: 'readOnly' };
  if (current === null) return { why: 'nothingAtHand' };
  if (isGone(state)) return { why: 'judgedElsewhere' };
  const holder = heldByOther(current, user);
  return holder === null ? null : { why: 'heldBy', name: holder };
}

/** A verdict: not on what has only just appeared. */
export function cannotJudge(state: DeskState): WhyNot | null {
  return cannotDecide(state) ?? (state.ready ? null : { why: 'notSeenYet' });
}

/** Who else has it before them; null when nobody does. */
export function heldByOther({ claimedBy }: Pick<Alert, 'claimedBy'>, { username }: User): string | null {
  const holder = claimedBy === null ? null : personOf(claimedBy);
  return holder === username ? null : holder;
}
