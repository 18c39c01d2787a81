/**
 * A clock of a ticket as the sum of what happened to it. The log is the truth and a row only its result, so that replaying
 * the log gives the same clock as living through it. An event may be entered late, with an earlier instant.
 */
import { ALWAYS, type Calendar } from '../calendar/calendar.ts';

/**
 * A clock of a ticket as the sum of what happened to it. The log is the truth and a row only its result, so that replaying
 * the log gives the same clock as living through it. An event may be entered late, with an earlier instant.
 */

export type ClockEvent =
  | { readonly event: 'started'; readonly at: number; readonly durationMs: number }
  | { readonly event: 'restarted'; readonly at: number }
  | { readonly event: 'paused'; readonly at: number }
  | { readonly event: 'resumed'; readonly at: number }
  | { readonly event: 'extended'; readonly at: number; readonly byMs: number }
  | { readonly event: 'met'; readonly at: number }
  | { readonly event: 'reopened'; readonly at: number }
  | { readonly event: 'cancelled'; readonly at: number };

export interface Clock {
  readonly state: 'running' | 'paused' | 'met' | 'cancelled';
  readonly startedAt: number;
  /** The whole time allowed, in counted milliseconds. */
  readonly durationMs: number;
  /** While it does not run: where it would be if it ran on from where it stopped. */
  readonly deadlineAt: number;
  /** Counted milliseconds used up when it last stopped; what runs since then is not in it. */
  readonly usedMs: number;
  readonly runningSince: number | null;
  readonly endedAt: number | null;
}

/** The clock after all events; null before `started`. Events that make no sense in their state change nothing. */
export function foldClock(events: readonly ClockEvent[], calendar: Calendar = ALWAYS): Clock | null {
  // Array.prototype.sort is stable: events of one instant keep the order in which they were entered.
  return [...events]
    .sort((a, b) => a.at - b.at)
    .reduce<Clock | null>((clock, event) => step(clock, event, calendar), null);
}

function step(clock: Clock | null, event: ClockEvent, calendar: Calendar): Clock | null {
  if (event.event === 'started') return clock ?? begin(event.at, event.durationMs, calendar);
  if (clock === null || (clock.state === 'cancelled' && event.event !== 'restarted')) return clock;
  switch (event.event) {
    case 'restarted':
      return begin(event.at, clock.durationMs, calendar);
    case 'paused':
      return clock.state === 'running' ? stop(clock, 'paused', event.at, calendar) : clock;
    case 'resumed':
      return clock.state === 'paused' ? run(clock, event.at, calendar) : clock;
    case 'extended':
      return extend(clock, event.byMs, calendar);
    case 'met':
      return clock.state === 'met' ? clock : stop(clock, 'met', event.at, calendar);
    case 'reopened':
      return clock.state === 'met' ? run(clock, event.at, calendar) : clock;
    case 'cancelled':
      return clock.state === 'met' ? clock : stop(clock, 'cancelled', event.at, calendar);
  }
}

function begin(at: number, durationMs: number, calendar: Calendar): Clock {
  return {
    state: 'running',
    startedAt: at,
    durationMs,
    deadlineAt: calendar.add(at, durationMs),
    usedMs: 0,
    runningSince: at,
    endedAt: null,
  };
}

function stop(clock: Clock, state: 'paused' | 'met' | 'cancelled', at: number, calendar: Calendar): Clock {
  const ran = clock.runningSince === null ? 0 : calendar.between(clock.runningSince, at);
  return {
    ...clock,
    state,
    usedMs: clock.usedMs + ran,
    runningSince: null,
    endedAt: state === 'paused' ? null : at,
  };
}

function run(clock: Clock, at: number, calendar: Calendar): Clock {
  return {
    ...clock,
    state: 'running',
    runningSince: at,
    endedAt: null,
    deadlineAt: deadline(at, clock.durationMs - clock.usedMs, clock.deadlineAt, calendar),
  };
}

function extend(clock: Clock, byMs: number, calendar: Calendar): Clock {
  const durationMs = clock.durationMs + byMs;
  const left = durationMs - clock.usedMs;
  const from = clock.runningSince;
  return {
    ...clock,
    durationMs,
    deadlineAt: from === null ? calendar.add(clock.deadlineAt, byMs) : calendar.add(from, Math.max(0, left)),
  };
}

/** Time already overrun cannot come back: the deadline of a clock that went past it stays where it was. */
function deadline(at: number, leftMs: number, before: number, calendar: Calendar): number {
  return leftMs > 0 ? calendar.add(at, leftMs) : before;
}

/** The instant at which `percent` of the allowed time is used up; null while the clock does not run. */
export function instantOf(clock: Clock, percent: number, calendar: Calendar = ALWAYS): number | null {
  if (clock.runningSince === null) return null;
  if (percent === 100) return clock.deadlineAt;
  return calendar.add(clock.runningSince, Math.max(0, (clock.durationMs * percent) / 100 - clock.usedMs));
}
