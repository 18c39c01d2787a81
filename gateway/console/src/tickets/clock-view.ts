/** How a ticket's clocks look at one instant: what remains, how urgent it is, and whether the scene is to be looked at. */
import type { Clock, Ticket } from '../shared/types.ts';

export type Urgency = 'calm' | 'soon' | 'late' | 'done';

export interface ClockView {
  readonly kind: Clock['kind'];
  /** Negative once overrun; null when the clock no longer runs. */
  readonly remainingMs: number | null;
  /** Share of the time that is used, 0 to 1. */
  readonly used: number;
  readonly urgency: Urgency;
}

const RESPONSE_MS = 30 * 60_000;

/** The response clock as it stands at `now`; null before dispatch has started it. */
export function clockView(clock: Clock, ticket: Ticket, now: number): ClockView {
  const deadline = Date.parse(clock.deadlineAt);
  const started = clock.startedAt ?? ticket.dispatchedAt ?? ticket.createdAt;
  const total = started === undefined ? RESPONSE_MS : Math.max(1, deadline - Date.parse(started));
  if (!runs(clock, ticket)) {
    return {
      kind: clock.kind,
      remainingMs: null,
      used: 1,
      urgency: clock.breachedAt === null ? 'done' : 'late',
    };
  }
  const remainingMs = deadline - now;
  const used = Math.min(1, Math.max(0, 1 - remainingMs / total));
  const urgency = remainingMs < 0 ? 'late' : used >= 0.8 ? 'soon' : 'calm';
  return { kind: clock.kind, remainingMs, used, urgency };
}

/** Waiting for the unit's answer, 20 minutes on: the operator should look whether anyone has come. */
export function sceneLookDue(ticket: Ticket, now: number): boolean {
  const clock = ticket.clocks.find((candidate) => candidate.kind === 'scene_look');
  return clock !== undefined && runs(clock, ticket) && Date.parse(clock.deadlineAt) <= now;
}

const OPEN_FOR: Readonly<Record<Clock['kind'], readonly string[]>> = {
  response: ['filed', 'pending', 'dispatched', 'returned'],
  scene_look: ['filed', 'pending', 'dispatched', 'accepted'],
  resolution: ['filed', 'pending', 'dispatched', 'returned', 'accepted', 'on_site', 'made_safe', 'rework'],
};

function runs(clock: Clock, ticket: Ticket): boolean {
  if (clock.state !== undefined) return clock.state === 'running';
  return OPEN_FOR[clock.kind].includes(ticket.state);
}

/** Next to break first, then the newest; closed and cancelled last. */
export function byUrgency(tickets: readonly Ticket[], now: number): Ticket[] {
  const rank = (ticket: Ticket): number => {
    const running = ticket.clocks
      .map((clock) => clockView(clock, ticket, now))
      .flatMap(({ kind, remainingMs }) =>
        remainingMs === null || kind === 'scene_look' ? [] : [remainingMs],
      );
    const closed = ticket.state === 'closed' || ticket.state === 'cancelled';
    return closed ? Number.MAX_VALUE : Math.min(Number.MAX_SAFE_INTEGER, ...running);
  };
  return tickets
    .map((ticket) => ({ ticket, rank: rank(ticket) }))
    .sort((a, b) => a.rank - b.rank || b.ticket.number.localeCompare(a.ticket.number))
    .map(({ ticket }) => ticket);
}
