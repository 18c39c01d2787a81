/** The desk as one value: the alert at hand and how it is shown, what is held ready behind it, and the verdicts just given. */
import type { Alert, AlertPart, User } from '@roadwatch/contract/api';
import type { Entry } from '../outbox/entry.ts';
import type { Problem } from '../shared/api/problem.ts';
import { type DeskFilter, NO_FILTER } from './filter/filter.ts';
import type { WhyNot } from './why-not.ts';

export type Menu = 'reject' | 'shelve' | 'merge' | 'batch';

export interface View {
  readonly shows: 'still' | 'clip' | 'live';
  readonly withBox: boolean;
  readonly zoomed: boolean;
  /** The alert whose camera's picture is wanted; null: the one by which the alert is judged. */
  readonly source: string | null;
  /** The earlier alert at the place whose picture is shown instead; null: none. */
  readonly earlier: string | null;
}

export interface DeskState {
  readonly user: User;
  /** The part of the queue that this desk is about. */
  readonly filter: DeskFilter;
  /** The form for it is open. */
  readonly finding: boolean;
  /** Stays when somebody else has judged it, until the operator goes on. */
  readonly current: Alert | null;
  /** What this desk has been given beside it, the next one first: shown at once when its turn comes. */
  readonly ahead: readonly Alert[];
  /** How many of what it is about wait for a verdict, also at other desks; null until the gateway has said. */
  readonly waiting: number | null;
  /** Whether what there is to see of the current alert is on the screen. */
  readonly seen: boolean;
  /** It has been seen for a moment: a verdict sooner than this was meant for the alert before it. */
  readonly ready: boolean;
  readonly view: View;
  readonly menu: Menu | null;
  /** What was on the screen when its menu was opened, to be rejected together. */
  readonly batch: readonly Alert[];
  /** Alerts that may be one with the current one, and its parts, in the order of their digits. */
  readonly neighbours: readonly Neighbour[];
  /** What was seen at its place before, the latest first. */
  readonly earlier: readonly Alert[];
  readonly help: boolean;
  /** What the person here has decided in this browser, the latest first. */
  readonly verdicts: readonly Entry[];
  /** Why those that wait could not be sent the last time. */
  readonly delivery: Problem | null;
  /** The alerts that were judged here lately, the latest last: one that is taken back is at hand again at once. */
  readonly lately: readonly Alert[];
  /** Alerts with a verdict that stands, whether or not the gateway has heard of it. */
  readonly judged: ReadonlySet<string>;
  /** What the last key press could not do; it is said for a while. */
  readonly denied: (WhyNot & { readonly at: number }) | null;
}

/** `apart`: it is a part of the current alert and can be taken out again; else it can be made one with it. */
export interface Neighbour {
  readonly alert: Pick<AlertPart, 'id' | 'damageClass' | 'cameraName' | 'report'>;
  readonly apart: boolean;
  /** It has a ticket already, and takes in the current one. */
  readonly hasTicket: boolean;
  readonly metres: number | null;
  readonly position: Alert['position'];
}

export function emptyDesk(user: User, filter: DeskFilter = NO_FILTER): DeskState {
  return {
    user,
    filter,
    finding: false,
    current: null,
    ahead: [],
    waiting: null,
    seen: false,
    ready: false,
    view: { shows: 'still', withBox: true, zoomed: false, source: null, earlier: null },
    menu: null,
    batch: [],
    neighbours: [],
    earlier: [],
    help: false,
    verdicts: [],
    delivery: null,
    lately: [],
    judged: new Set(),
    denied: null,
  };
}

/** Somebody else has judged the current alert, or it has gone for another reason. */
export function isGone({ current }: DeskState): boolean {
  return current !== null && current.state !== 'new';
}
