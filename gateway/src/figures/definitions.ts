/**
 * How every figure is counted: from one fact of the store, whether or how it counts. The sentences that people read are
 * `FIGURE_TEXTS` in `contract/codes/figures.ts`; the two say the same, and `definitions.test.ts` has the cases.
 *
 * A function gives `true` or `false` where the figure is a share, a number of milliseconds where it is a median, and null for what
 * does not count: the matter is not decided yet, or is none of its kind.
 */
import type {
  AlertState,
  ClockState,
  Figure,
  FigureName,
  TicketOutcome,
  TicketState,
} from '@roadwatch/contract/api';

/** Recurrence is asked for so long after a ticket was closed. */
export const RECURRENCE_MS = 30 * 86_400_000;

/** A clock of a ticket as it stands now. */
interface ClockFact {
  readonly state: ClockState;
  readonly deadlineAt: number;
  /** The true instant of its first breach. */
  readonly breachedAt: number | null;
}

export interface FiledFact {
  readonly state: TicketState;
  readonly dispatchedAt: number | null;
}

export interface DispatchedFact {
  /** Null: its class has no such deadline. */
  readonly response: ClockFact | null;
}

export interface DueFact {
  readonly state: TicketState;
  readonly resolution: ClockFact;
  /** Whether it was ever given more time. */
  readonly extended: boolean;
}

export interface RepairedFact {
  readonly dispatchedAt: number | null;
  readonly repairedAt: number;
}

export interface ClosedFact {
  readonly state: TicketState;
  readonly outcome: TicketOutcome | null;
  readonly closedAt: number;
  /** Whether a repair of it was ever refused. */
  readonly reworked: boolean;
  /** Whether a camera saw the road whole after the last repair. */
  readonly passed: boolean;
  /** Whether damage at its place was confirmed again within `RECURRENCE_MS` of closing. */
  readonly recurred: boolean;
}

export interface JudgedFact {
  readonly state: AlertState;
  /** False when the gateway itself put it off or merged it. */
  readonly byPerson: boolean;
  readonly createdAt: number;
  readonly judgedAt: number;
}

type Definition<Fact> = (fact: Fact, now: number) => boolean | number | null;
type Definitions<Fact> = Partial<Readonly<Record<FigureName, Definition<Fact>>>>;

/** Of alerts, by when they came in. */
export const RECEIVED = { received: () => true } satisfies Definitions<object>;

/** What is put off is not judged yet. */
const VERDICTS: readonly AlertState[] = ['confirmed', 'rejected', 'merged'];

/** Of alerts, by when they were judged. */
export const JUDGED = {
  timeToVerdict: ({ state, byPerson, createdAt, judgedAt }) =>
    byPerson && VERDICTS.includes(state) ? judgedAt - createdAt : null,
  precision: ({ state, byPerson }) =>
    byPerson && (state === 'confirmed' || state === 'rejected') ? state === 'confirmed' : null,
} satisfies Definitions<JudgedFact>;

/** Of tickets, by when they were opened. */
export const FILED = {
  filed: ({ state, dispatchedAt }) => (state === 'cancelled' && dispatchedAt === null ? null : true),
} satisfies Definitions<FiledFact>;

/** Of tickets, by when they last reached a unit. */
export const DISPATCHED = {
  dispatched: () => true,
  answeredInTime: ({ response }, now) => (response === null ? null : keptBy(response, now)),
} satisfies Definitions<DispatchedFact>;

/** Of tickets, by the deadline of their repair. */
export const DUE = {
  closedOnTime: ({ state, resolution }, now) => {
    if (state === 'cancelled' || state === 'suspended' || resolution.state === 'cancelled') return null;
    const kept = keptBy(resolution, now);
    // Repaired in time, and not judged yet.
    return kept === true && state !== 'closed' ? null : kept;
  },
  extended: ({ state, extended }) => (state === 'cancelled' ? null : extended),
} satisfies Definitions<DueFact>;

/** Of tickets, by their last repair. */
export const REPAIRED = {
  timeToRepair: ({ dispatchedAt, repairedAt }) =>
    dispatchedAt === null || repairedAt < dispatchedAt ? null : repairedAt - dispatchedAt,
} satisfies Definitions<RepairedFact>;

/** Of tickets, by when they were closed. */
export const CLOSED = {
  // A cancelled ticket has the instant of its end, too.
  closed: ({ state }) => (state === 'closed' ? true : null),
  reworked: (ticket) => (ticket.outcome === 'repaired' ? ticket.reworked : null),
  cameraProven: (ticket) => (ticket.outcome === 'repaired' ? ticket.passed : null),
  recurred: (ticket, now) =>
    ticket.outcome === 'repaired' && now >= ticket.closedAt + RECURRENCE_MS ? ticket.recurred : null,
} satisfies Definitions<ClosedFact>;

/**
 * When a fact counts otherwise by the clock alone, if nobody does anything before: a deadline that passes, a recurrence that is known not
 * to have come. Null: never.
 */
export const TURNS = {
  dispatched: ({ response }: DispatchedFact, now: number) =>
    response === null ? null : turnOf(response, now),
  due: ({ resolution }: DueFact, now: number) => turnOf(resolution, now),
  closed: ({ outcome, closedAt }: ClosedFact, now: number) =>
    outcome === 'repaired' && now < closedAt + RECURRENCE_MS ? closedAt + RECURRENCE_MS : null,
};

function turnOf({ state, deadlineAt, breachedAt }: ClockFact, now: number): number | null {
  return state === 'running' && breachedAt === null && now <= deadlineAt ? deadlineAt + 1 : null;
}

/** Whether a deadline was kept; null while that is open, and for what no longer counts. */
function keptBy({ state, deadlineAt, breachedAt }: ClockFact, now: number): boolean | null {
  if (breachedAt !== null) return false;
  if (state === 'met') return true;
  return state === 'running' && now > deadlineAt ? false : null;
}

/** The share of `true`; null of nothing. */
export function share(kept: number, of: number): Figure {
  return { value: of === 0 ? null : kept / of, of };
}

/** The middle one, or the mean of the two in the middle; null of nothing. */
export function median(values: readonly number[]): Figure {
  const of = values.length;
  if (of === 0) return { value: null, of };
  // As numbers of one kind they are sorted without a call for each comparison.
  const sorted = Float64Array.from(values).sort();
  const upper = sorted[of >> 1] as number;
  return { value: of % 2 === 1 ? upper : (upper + (sorted[(of >> 1) - 1] as number)) / 2, of };
}
