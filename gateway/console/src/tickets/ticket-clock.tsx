/** One clock of a ticket: what remains, or how it ended. Lateness is a word and a sign, not only a colour. */

import type { Clock } from '@roadwatch/contract/api';
import type { Texts } from '../shared/texts/index.ts';
import { useTexts } from '../shared/texts/language.ts';
import { countdown, type WallClock } from '../shared/time/time.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { type ClockView, clockView } from './clock-view.ts';

export function TicketClock({ clock, now }: { readonly clock: Clock; readonly now: number }) {
  const texts = useTexts();
  const wall = useWallClock();
  const view = clockView(clock, now);
  return (
    <span class={`clock ${view.urgency}`} title={dueText(clock, texts, wall)}>
      <span class="kind">{texts.clock[clock.kind]}</span>{' '}
      <span class="figures">{clockText(clock, view, texts)}</span>
      {view.remainingMs === null ? null : <progress max={1} value={view.used} aria-hidden="true" />}
    </span>
  );
}

/** When it is due; what is counted in working time says so. */
function dueText({ deadlineAt, counts }: Clock, { tickets, counted }: Texts, wall: WallClock): string {
  return [tickets.due(wall.clockTime(deadlineAt)), counts === 'always' ? [] : counted[counts]]
    .flat()
    .join(' · ');
}

function clockText(
  { kind, state, breachedAt }: Clock,
  { remainingMs }: ClockView,
  { clockState }: Texts,
): string {
  if (remainingMs !== null) {
    if (kind === 'scene_look' && remainingMs < 0) return clockState.lookNow;
    return remainingMs < 0
      ? clockState.overdue(countdown(-remainingMs))
      : clockState.left(countdown(remainingMs));
  }
  if (state === 'paused') return clockState.paused;
  if (state === 'cancelled') return breachedAt === null ? clockState.cancelled : clockState.metLate;
  return breachedAt === null ? clockState.met : clockState.metLate;
}
