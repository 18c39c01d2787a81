/** More time that was asked for, given or refused, the latest of it; it is decided by the commands below. */
import type { Ticket } from '@roadwatch/contract/api';
import { personOf } from '../shared/person.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

export function Extensions({ ticket }: { readonly ticket: Pick<Ticket, 'extensions'> }) {
  const { extension: texts } = useTexts();
  const { clockTime } = useWallClock();
  const last = ticket.extensions.at(-1);
  if (last === undefined) return null;
  const { state, until, reason, askedBy, decidedBy } = last;
  const what = state === 'asked' || state === 'given' ? texts[state](clockTime(until)) : texts[state];
  return (
    <p class={`bar next ${state === 'asked' ? 'inconclusive' : 'settled'}`}>
      <strong>{what}</strong> <span class="words">{reason}</span>
      <small>{personOf(decidedBy ?? askedBy)}</small>
    </p>
  );
}
