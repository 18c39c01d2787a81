/** What stands in the way of a ticket, and what is to be done about it: a result of the camera to decide on, or a repair to be done again. */

import type { Ticket } from '@roadwatch/contract/api';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { repairClock, resultToDecide } from './clock-view.ts';

const AGAIN: readonly Ticket['state'][] = ['rework', 'accepted', 'on_site', 'made_safe'];

export function NextStep({ ticket }: { readonly ticket: Ticket }) {
  const { nextStep: texts } = useTexts();
  const { clockTime } = useWallClock();
  const inspection = resultToDecide(ticket);
  const clock = repairClock(ticket);
  const until = clock?.state === 'running' ? texts.until(clockTime(clock.deadlineAt)) : null;
  if (inspection?.result != null)
    return (
      <p class={`bar next ${inspection.result}`} role="status">
        {texts[inspection.result]} {until}
      </p>
    );
  if (ticket.reworkReason === null || !AGAIN.includes(ticket.state)) return null;
  return (
    <p class="bar next fail" role="status">
      <span>{texts.rework}</span> <span class="words">{ticket.reworkReason}</span> {until}
    </p>
  );
}
