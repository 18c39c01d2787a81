/** Rows of the clocks of tickets, and of who was told that one runs out. */
import type { Role } from './people.ts';

/**
 * `handover`: from the confirmation until the unit has it. `review`: from when a person can judge the repair until one has.
 * `rework`: from when a repair was refused until the unit has repaired again.
 */
export const CLOCK_KINDS = ['handover', 'response', 'scene_look', 'resolution', 'rework', 'review'] as const;

export type ClockKind = (typeof CLOCK_KINDS)[number];

export interface ClockRow {
  id: string;
  ticket_id: string;
  kind: ClockKind;
  /** Which time it counts. */
  counts: 'always' | 'working_hours' | 'working_days';
  state: 'running' | 'paused' | 'met' | 'cancelled';
  started_at: number;
  duration_ms: number;
  deadline_at: number;
  /** Counted milliseconds used up when it last stopped. */
  used_ms: number;
  ended_at: number | null;
  /** The true instant of the breach: its deadline, also when it was noticed later. */
  breached_at: number | null;
  /** The last step of the ladder that has fired, in percent. */
  fired: number;
  /** When something is next due on it; null when nothing is. */
  due_at: number | null;
}

/** What somebody is told though no clock says it. */
export const NOTICE_EVENTS = ['undelivered', 'inspection_failed', 'inspection_undecided'] as const;

export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** Somebody is told that a clock runs out, or what has gone wrong. */
export interface NoticeRow {
  id: string;
  ticket_id: string;
  /** Empty when it is not about a clock. */
  clock_id: string;
  kind: ClockKind | NoticeEvent;
  /** 0 when it is not about a clock. */
  percent: number;
  /** Of an event: the words of whoever or whatever caused it. */
  reason: string | null;
  /** A role; `unit`: the people of `unit_id`. */
  audience: Role;
  unit_id: string | null;
  /** When so much of the time was used up, also when that was noticed later, at `told_at`. */
  at: number;
  told_at: number;
  seen_by: string | null;
  seen_at: number | null;
  /** When what happened to the ticket made it pointless. */
  ended_at: number | null;
}
