/** The desk as one value: the queue, the current alert and how it is shown, and the verdicts just given. */
import type { Alert, User } from '@roadwatch/contract/api';
import type { Entry } from '../outbox/entry.ts';
import type { Problem } from '../shared/api/problem.ts';
import { mayJudge, personOf } from '../shared/person.ts';
import type { WhyNot } from './why-not.ts';

export type Menu = 'reject' | 'shelve';

export interface View {
  readonly shows: 'still' | 'clip' | 'live';
  readonly withBox: boolean;
  readonly zoomed: boolean;
  /** The alert whose camera's picture is wanted; null: the one by which the alert is judged. */
  readonly source: string | null;
}

export interface DeskState {
  readonly user: User;
  /** As the gateway has last listed them; null until it has. */
  readonly listed: readonly Alert[] | null;
  /** Whether the gateway has more than it has listed. */
  readonly more: boolean;
  readonly queue: readonly Alert[];
  /** How many have arrived and are kept out of the queue, because it is held: the pointer is on it. */
  readonly waiting: number;
  readonly held: boolean;
  /** Ids that came while the desk was open and have not been looked at. */
  readonly fresh: ReadonlySet<string>;
  /** What is read out to those who do not see the screen. */
  readonly announced: Alert | null;
  /** Stays when somebody else has judged it, until the operator goes on. */
  readonly current: Alert | null;
  /** Whether what there is to see of the current alert is on the screen. */
  readonly seen: boolean;
  /** It has been seen for a moment: a verdict sooner than this was meant for the alert before it. */
  readonly ready: boolean;
  readonly view: View;
  readonly menu: Menu | null;
  readonly help: boolean;
  /** What the person here has decided in this browser, the latest first. */
  readonly verdicts: readonly Entry[];
  /** Why those that wait could not be sent the last time. */
  readonly delivery: Problem | null;
  /** The alerts that were judged here lately, the latest last: one that is taken back is at hand again at once. */
  readonly lately: readonly Alert[];
  /** Alerts that are out of the queue by a verdict that stands, whether or not the gateway's list has heard of it. */
  readonly judged: ReadonlySet<string>;
  /** What the last key press could not do; it is said for a while. */
  readonly denied: (WhyNot & { readonly at: number }) | null;
  /** A claim, or its end, that the gateway has not yet answered. */
  readonly claim: { readonly alertId: string; readonly wanted: 'claim' | 'release' } | null;
}

export function emptyDesk(user: User): DeskState {
  return {
    user,
    listed: null,
    more: false,
    queue: [],
    waiting: 0,
    held: false,
    fresh: new Set(),
    announced: null,
    current: null,
    seen: false,
    ready: false,
    view: { shows: 'still', withBox: true, zoomed: false, source: null },
    menu: null,
    help: false,
    verdicts: [],
    delivery: null,
    lately: [],
    judged: new Set(),
    denied: null,
    claim: null,
  };
}

/** Somebody else has judged the current alert, or it has gone for another reason. */
export function isGone({ current, queue }: DeskState): boolean {
  return current !== null && !queue.some(({ id }) => id === current.id);
}

export function isClaimedHere({ current, user }: DeskState): boolean {
  return current?.claimedBy != null && personOf(current.claimedBy) === user.username;
}

/** Whether the person here may decide on the current alert now: their role lets them, and nobody else has it or has done so. */
export function isOpen(state: DeskState): boolean {
  const { current, user } = state;
  if (current === null || !mayJudge(user) || isGone(state)) return false;
  return current.claimedBy === null || isClaimedHere(state);
}
