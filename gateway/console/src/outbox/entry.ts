/** A verdict from the key press until the gateway has answered, and what became of it. It is kept by the browser, so it is plain data. */
import type { BilingualText, DamageClass } from '@roadwatch/contract';
import type { Alert, AlertState, RejectReason, User } from '@roadwatch/contract/api';

export type Decision =
  | { readonly kind: 'confirm' }
  | { readonly kind: 'reject'; readonly reason: RejectReason }
  /** Several that were on the screen, as they were there; the entry's own alert is the first. */
  | { readonly kind: 'reject_many'; readonly reason: RejectReason; readonly alerts: readonly Seen[] }
  /** `until` in milliseconds; `why` as the gateway's audit will have it. */
  | { readonly kind: 'shelve'; readonly until: number; readonly why: string }
  | { readonly kind: 'merge'; readonly into: string }
  | { readonly kind: 'unmerge' }
  /** Takes back the verdict of that key; null: one of which this browser has no entry. `alerts`: all that it was about, if several. */
  | { readonly kind: 'undo'; readonly of: string | null; readonly alerts?: readonly string[] };

/** An alert as somebody had it on the screen. */
type Seen = Pick<Alert, 'id' | 'version'>;

/** Of a stored confirmation: until `recallUntil` (milliseconds) nothing has left the gateway. */
export interface TicketMade {
  readonly id: string;
  readonly number: string;
  readonly recallUntil: number;
}

export type Outcome =
  /** `left`: of several, those that it did not take: they had changed meanwhile. */
  | { readonly kind: 'stored'; readonly ticket: TicketMade | null; readonly left?: readonly string[] }
  /** `by`: who has judged the alert meanwhile, and how. */
  | { readonly kind: 'overtaken'; readonly by: string; readonly state: AlertState }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string | null; readonly said: string }
  /** Taken back before it was sent. */
  | { readonly kind: 'withdrawn' }
  /** It could not be sent for so long that the gateway would no longer know it from another. */
  | { readonly kind: 'expired' };

export interface Entry {
  /** Sent with every attempt, so that the gateway acts on it once; a UUIDv7, so that entries of all tabs are in the order of the keys. */
  readonly key: string;
  readonly by: Pick<User, 'id' | 'username'>;
  readonly alertId: string;
  readonly damageClass: DamageClass;
  readonly where: BilingualText;
  readonly decision: Decision;
  /** The gateway's instants, in milliseconds. */
  readonly givenAt: number;
  readonly settledAt: number | null;
  /** Whether it may have reached the gateway. */
  readonly attempted: boolean;
  /** Null while it waits. */
  readonly outcome: Outcome | null;
}

/** The gateway remembers keys for 24 hours (`Idempotency-Key`); an hour of that is for clocks that differ and the way. */
const SENT_WITHIN_MS = 23 * 3_600_000;
/** How many that are settled can still be looked up. */
const KEPT = 200;
/** So many keys are not pressed while a gateway is away; what is beyond is refused at the key. */
export const MOST_WAITING = 500;

/** All alerts that it is about. */
export function alertsOf({ alertId, decision }: Pick<Entry, 'alertId' | 'decision'>): readonly string[] {
  return decision.kind === 'reject_many' ? decision.alerts.map(({ id }) => id) : [alertId];
}

/** As much of an alert, or of a part of one, as an entry needs. */
export type Subject = Pick<Alert, 'id' | 'damageClass' | 'cameraName' | 'report'>;

export function subjectOf({
  id,
  damageClass,
  cameraName,
  report,
}: Subject): Pick<Entry, 'alertId' | 'damageClass' | 'where'> {
  const address = report?.address;
  return {
    alertId: id,
    damageClass,
    where: address == null ? cameraName : { en: address, zh: address },
  };
}

export function isWaiting({ outcome }: Entry): boolean {
  return outcome === null;
}

export function waitingOf(entries: readonly Entry[], userId: string): readonly Entry[] {
  return entries.filter((entry) => isWaiting(entry) && entry.by.id === userId);
}

export function isTooOld({ givenAt }: Entry, now: number): boolean {
  return now - givenAt > SENT_WITHIN_MS;
}

/** In the order in which they were given. */
export function inOrder(entries: Iterable<Entry>): readonly Entry[] {
  return [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The settled ones that are beyond what is kept, the oldest of all. */
export function beyondKept(entries: readonly Entry[]): readonly Entry[] {
  const settled = entries.filter((entry) => !isWaiting(entry));
  return settled.slice(0, Math.max(0, settled.length - KEPT));
}
