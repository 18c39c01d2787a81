/** The desk as one value: the queue, the current alert and how it is shown, and the verdicts just given. */
import type { Alert, User } from '@roadwatch/contract/api';
import { mayJudge, personOf } from '../shared/person.ts';
import type { Verdict } from './verdict-list.ts';

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
  /** A verdict sooner than this after the alert appeared was meant for the one before it. */
  readonly ready: boolean;
  readonly view: View;
  readonly menu: Menu | null;
  readonly help: boolean;
  readonly verdicts: readonly Verdict[];
  /** How many verdicts have been given. */
  readonly given: number;
  /** Alerts that are out of the queue by a verdict that stands, whether or not the gateway's list has heard of it. */
  readonly judged: ReadonlySet<string>;
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
    ready: false,
    view: { shows: 'still', withBox: true, zoomed: false, source: null },
    menu: null,
    help: false,
    verdicts: [],
    given: 0,
    judged: new Set(),
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
