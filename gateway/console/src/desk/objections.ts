/** What speaks against judging the alert at hand, or looking at it; null when nothing does. */
import { mayJudge, personOf } from '../shared/person.ts';
import { type DeskState, isClaimedHere, isGone } from './desk-state.ts';
import type { WhyNot } from './why-not.ts';

export function cannotLook({ current }: DeskState): WhyNot | null {
  return current === null ? { why: 'nothingAtHand' } : null;
}

/** Opening a menu, claiming. */
export function cannotDecide(state: DeskState): WhyNot | null {
  const { current, user } = state;
  if (!mayJudge(user)) return { why: 'readOnly' };
  if (current === null) return { why: 'nothingAtHand' };
  if (isGone(state)) return { why: 'judgedElsewhere' };
  if (current.claimedBy !== null && !isClaimedHere(state))
    return { why: 'heldBy', name: personOf(current.claimedBy) };
  return null;
}

/** A verdict: not on what has only just appeared. */
export function cannotJudge(state: DeskState): WhyNot | null {
  return cannotDecide(state) ?? (state.ready ? null : { why: 'notSeenYet' });
}
