/** Rows of the clocks of tickets, and of who was told that one runs out. */
import type { ClockKind, ClockState, CountedTime, NoticeEvent, Role } from '@roadwatch/contract/api';

export interface ClockRow {
  id: string;
  ticket_id: string;
  kind: ClockKind;
  /** Which time it counts. */
  counts: CountedTime;
  /** Of the city's calendar, by which it began; 0: the first. */
  calendar_version: number;
  state: ClockState;
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
