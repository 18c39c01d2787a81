/** The steps at which a clock makes itself heard, in percent of the time it allows. */

import { ALWAYS, type Calendar } from '../calendar/calendar.ts';
import type { ClockKind } from '../store/tables/clocks.ts';
import { type Clock, instantOf } from './clock.ts';

export const RUNGS: Readonly<Record<ClockKind, readonly number[]>> = {
  handover: [50, 80, 100, 150],
  response: [50, 80, 100, 150],
  scene_look: [100],
  resolution: [50, 80, 100, 150],
  rework: [50, 80, 100, 150],
  review: [100, 150],
};

export interface Rung {
  readonly percent: number;
  readonly at: number;
}

/** The rung that comes after the ones already fired; null when none does or the clock does not run. */
export function nextRung(
  kind: ClockKind,
  clock: Clock,
  fired: number,
  calendar: Calendar = ALWAYS,
): Rung | null {
  const percent = RUNGS[kind].find((rung) => rung > fired);
  if (percent === undefined) return null;
  const at = instantOf(clock, percent, calendar);
  return at === null ? null : { percent, at };
}
