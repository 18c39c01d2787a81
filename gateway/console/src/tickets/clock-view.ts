/** How a ticket's clocks look at one instant: what remains, how urgent it is, and whether the scene is to be looked at. */
import type { Clock, Inspection, Ticket } from '@roadwatch/contract/api';

type Urgency = 'calm' | 'soon' | 'late' | 'done';

export interface ClockView {
  readonly kind: Clock['kind'];
  /** Negative once overrun; null when the clock does not run. */
  readonly remainingMs: number | null;
  /** Share of the time that is used, 0 to 1. */
  readonly used: number;
  readonly urgency: Urgency;
}

const SOON = 0.8;

export function clockView(clock: Clock, now: number): ClockView {
  const deadline = Date.parse(clock.deadlineAt);
  if (clock.state !== 'running') {
    return {
      kind: clock.kind,
      remainingMs: null,
      used: 1,
      urgency: clock.breachedAt === null ? 'done' : 'late',
    };
  }
  const total = Math.max(1, deadline - Date.parse(clock.startedAt));
  const remainingMs = deadline - now;
  const used = Math.min(1, Math.max(0, 1 - remainingMs / total));
  return {
    kind: clock.kind,
    remainingMs,
    used,
    // Nobody is late with looking at the scene: the desk is only asked to.
    urgency: remainingMs < 0 && clock.kind !== 'scene_look' ? 'late' : used >= SOON ? 'soon' : 'calm',
  };
}

const ORDER: readonly Clock['kind'][] = [
  'handover',
  'response',
  'scene_look',
  'resolution',
  'rework',
  'review',
  'suspension',
];

/** In the order in which they run out. */
export function inOrder(clocks: readonly Clock[]): Clock[] {
  return clocks.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** What the list shows of getting the ticket to its unit and hearing from it. */
export function responseClock({ clocks }: Pick<Ticket, 'clocks'>): Clock | null {
  const handover = clocks.find(({ kind, state }) => kind === 'handover' && state === 'running');
  return handover ?? clocks.find(({ kind }) => kind === 'response') ?? null;
}

const TO_REPAIR: readonly Clock['kind'][] = ['review', 'rework', 'resolution', 'suspension'];

/** What the list shows of the repair: the deadline that comes next, else how the last one ended. */
export function repairClock({ clocks }: Pick<Ticket, 'clocks'>): Clock | null {
  const own = clocks.filter(({ kind }) => TO_REPAIR.includes(kind));
  const running = own.filter(({ state }) => state === 'running');
  const byDeadline = (a: Clock, b: Clock): number => a.deadlineAt.localeCompare(b.deadlineAt);
  return (
    running.toSorted(byDeadline)[0] ??
    own.filter(({ kind }) => kind !== 'review' && kind !== 'suspension').at(-1) ??
    null
  );
}

/** What the camera's last look after the repair says, as long as nobody has decided. */
export function resultToDecide({
  state,
  inspections,
}: Pick<Ticket, 'state' | 'inspections'>): Inspection | null {
  if (state !== 'repaired' && state !== 'inspecting') return null;
  const last = inspections.at(-1);
  return last?.state === 'done' ? last : null;
}

/** Some time after the dispatch the operator should look whether anyone has come. */
export function sceneLookDue(ticket: Ticket, now: number): boolean {
  const clock = ticket.clocks.find((candidate) => candidate.kind === 'scene_look');
  return clock !== undefined && clock.state === 'running' && Date.parse(clock.deadlineAt) <= now;
}

const IN_REPAIR: readonly Ticket['state'][] = ['dispatched', 'accepted', 'on_site', 'made_safe', 'rework'];

/** Whether a crew may be at work where a camera sees it. */
export function hasScene({ state, camera }: Pick<Ticket, 'state' | 'camera'>): boolean {
  return camera !== '' && IN_REPAIR.includes(state);
}

/** Whether a deadline has passed and the thing it is for has not been done. */
export function isOverdue(ticket: Ticket, now: number): boolean {
  return ticket.clocks.some(
    (clock) => clock.kind !== 'scene_look' && clock.state === 'running' && Date.parse(clock.deadlineAt) < now,
  );
}
