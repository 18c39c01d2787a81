/**
 * A clock of a ticket as the sum of what happened to it. The log is the truth and a row only its result, so that replaying
 * the log gives the same clock as living through it. An event may be entered late, with an earlier instant.
 */
import type { ClockKind } from '@roadwatch/contract/api';
import { ALWAYS, type Calendar } from '../calendar/calendar.ts';

export type ClockEvent =
  | { readonly event: 'started'; readonly at: number; readonly durationMs: number }
  /** `durationMs`: left out, as long as before. */
  | { readonly event: 'restarted'; readonly at: number; readonly durationMs?: number }
  /** So much more counted time. */
  | { readonly event: 'extended'; readonly at: number; readonly byMs: number }
  /** From here on it counts as if it had begun with this time. */
  | { readonly event: 'rule_changed'; readonly at: number; readonly durationMs: number }
  | { readonly event: 'paused'; readonly at: number }
  | { readonly event: 'resumed'; readonly at: number }
  | { readonly event: 'met'; readonly at: number }
  | { readonly event: 'reopened'; readonly at: number }
  | { readonly event: 'cancelled'; readonly at: number }
  /** A step of the ladder has fired; `at` is its own instant, also when it was noticed later. */
  | { readonly event: 'rung'; readonly at: number; readonly percent: number };

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
  /** Since when it goes by the time that it has; no step can have been before. */
  readonly ruledSince: number;
  readonly endedAt: number | null;
  /** The last step that has fired since it last began, in percent. */
  readonly fired: number;
  /** The true instant of its first breach, which is never taken back; null until an event shows that there was one. */
  readonly breachedAt: number | null;
}

/** The steps at which a clock makes itself heard, in percent of the time it allows. */
export const STEPS: Readonly<Record<ClockKind, readonly number[]>> = {
  handover: [50, 80, 100, 150],
  response: [50, 80, 100, 150],
  scene_look: [100],
  resolution: [50, 80, 100, 150],
  rework: [50, 80, 100, 150],
  review: [100, 150],
  suspension: [100],
};

export interface Step {
  readonly percent: number;
  readonly at: number;
}

/** The clock after all events; null before `started`. Events that make no sense in their state change nothing. */
export function foldClock(events: readonly ClockEvent[], calendar: Calendar = ALWAYS): Clock | null {
  // Array.prototype.sort is stable: events of one instant keep the order in which they were entered.
  return [...events]
    .sort((a, b) => a.at - b.at)
    .reduce<Clock | null>((clock, event) => apply(clock, event, calendar), null);
}

/** Every column of its row that follows from the log. */
export function project(events: readonly ClockEvent[], kind: ClockKind, calendar: Calendar) {
  const clock = foldClock(events, calendar);
  if (clock === null) throw new Error('the log of a clock does not begin with its start');
  return {
    state: clock.state,
    started_at: clock.startedAt,
    duration_ms: clock.durationMs,
    deadline_at: clock.deadlineAt,
    used_ms: clock.usedMs,
    ended_at: clock.endedAt,
    fired: clock.fired,
    breached_at: clock.breachedAt,
    due_at: nextStep(kind, clock, calendar)?.at ?? null,
  };
}

/** The step that comes after the ones already fired; null when none does or the clock does not run. */
export function nextStep(kind: ClockKind, clock: Clock, calendar: Calendar = ALWAYS): Step | null {
  const percent = STEPS[kind].find((step) => step > clock.fired);
  if (percent === undefined) return null;
  const at = instantOf(clock, percent, calendar);
  return at === null ? null : { percent, at };
}

/** The instant at which `percent` of the allowed time is used up; null while the clock does not run. */
export function instantOf(clock: Clock, percent: number, calendar: Calendar = ALWAYS): number | null {
  if (clock.runningSince === null) return null;
  if (percent === 100) return clock.deadlineAt;
  const left = Math.max(0, (clock.durationMs * percent) / 100 - clock.usedMs);
  return Math.max(clock.ruledSince, calendar.add(clock.runningSince, left));
}

function apply(clock: Clock | null, event: ClockEvent, calendar: Calendar): Clock | null {
  if (event.event === 'started') return clock ?? begin(event.at, event.durationMs, null, calendar);
  if (clock === null || (clock.state === 'cancelled' && event.event !== 'restarted')) return clock;
  switch (event.event) {
    case 'restarted':
      return begin(event.at, event.durationMs ?? clock.durationMs, breachBy(clock, event.at), calendar);
    case 'extended':
      return clock.state === 'running' ? extend(clock, event.at, event.byMs, calendar) : clock;
    case 'rule_changed':
      return underRule(clock, event.durationMs, event.at, calendar);
    case 'paused':
      return clock.state === 'running' ? stop(clock, 'paused', event.at, calendar) : clock;
    case 'resumed':
      return clock.state === 'paused' ? run(clock, event.at, calendar) : clock;
    case 'met':
      return clock.state === 'met' ? clock : stop(clock, 'met', event.at, calendar);
    case 'reopened':
      return clock.state === 'met' ? run(clock, event.at, calendar) : clock;
    case 'cancelled':
      return clock.state === 'met' ? clock : stop(clock, 'cancelled', event.at, calendar);
    case 'rung':
      return {
        ...clock,
        fired: Math.max(clock.fired, event.percent),
        breachedAt: clock.breachedAt ?? (event.percent >= 100 ? event.at : null),
      };
  }
}

function begin(at: number, durationMs: number, breachedAt: number | null, calendar: Calendar): Clock {
  return {
    state: 'running',
    startedAt: at,
    durationMs,
    deadlineAt: calendar.add(at, durationMs),
    usedMs: 0,
    runningSince: at,
    ruledSince: at,
    endedAt: null,
    fired: 0,
    breachedAt,
  };
}

/**
 * What has ended stays as it was. A time that is used up already ends at this instant, not in the past; steps whose share lies
 * ahead again are heard again, and a breach is never taken back.
 */
function underRule(clock: Clock, durationMs: number, at: number, calendar: Calendar): Clock {
  if (clock.endedAt !== null) return clock;
  const since = clock.runningSince ?? at;
  const usedMs = clock.usedMs + calendar.between(since, at);
  const left = durationMs - usedMs;
  return {
    ...clock,
    durationMs,
    ruledSince: at,
    deadlineAt: left > 0 ? calendar.add(at, left) : at,
    fired: Math.min(clock.fired, Math.floor((usedMs / durationMs) * 100)),
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
    // What no longer counts was not late.
    breachedAt: state === 'cancelled' ? clock.breachedAt : breachBy(clock, at),
  };
}

/** Steps that lie ahead again are told again. */
function extend(clock: Clock, at: number, byMs: number, calendar: Calendar): Clock {
  const since = clock.runningSince as number;
  const durationMs = clock.durationMs + byMs;
  const usedMs = clock.usedMs + calendar.between(since, at);
  return {
    ...clock,
    durationMs,
    deadlineAt: calendar.add(since, Math.max(0, durationMs - clock.usedMs)),
    fired: Math.min(clock.fired, Math.floor((100 * usedMs) / durationMs)),
  };
}

/** Time already overrun cannot come back: the deadline of a clock that went past it stays where it was. */
function run(clock: Clock, at: number, calendar: Calendar): Clock {
  const left = clock.durationMs - clock.usedMs;
  const deadlineAt = left > 0 ? calendar.add(at, left) : clock.deadlineAt;
  return { ...clock, state: 'running', runningSince: at, endedAt: null, deadlineAt };
}

/** A deadline that had passed before anybody noticed is breached at the deadline itself. */
function breachBy({ breachedAt, state, deadlineAt }: Clock, at: number): number | null {
  return breachedAt ?? (state === 'running' && at > deadlineAt ? deadlineAt : null);
}
