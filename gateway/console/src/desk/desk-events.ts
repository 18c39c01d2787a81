/** Everything that can happen at the desk: what a person does, what the gateway answers, and time. Instants are in milliseconds. */

import type { Alert } from '@roadwatch/contract/api';
import type { Decision, Entry } from '../outbox/entry.ts';
import type { Problem } from '../shared/api/problem.ts';
import type { Menu, Neighbour, View } from './desk-state.ts';
import type { DeskFilter } from './filter/filter.ts';
import type { WhyNot } from './why-not.ts';

export type DeskEvent =
  /** What this desk has now, the one to judge first; `waiting`: how many wait in all. */
  | { readonly kind: 'handed'; readonly items: readonly Alert[]; readonly waiting: number }
  /** An alert as it is now. */
  | { readonly kind: 'renewed'; readonly alert: Alert }
  /** A particular one is taken up before its turn. */
  | { readonly kind: 'took'; readonly alert: Alert }
  /** The neighbour in the list is wanted. */
  | { readonly kind: 'stepped'; readonly by: 1 | -1 }
  /** From an alert that somebody else has judged. */
  | { readonly kind: 'went_on' }
  /** Another part of the queue is looked for: the address says so. */
  | { readonly kind: 'filter_set'; readonly filter: DeskFilter }
  /** All of it is wanted again. */
  | { readonly kind: 'filter_cleared' }
  | { readonly kind: 'finding_turned'; readonly open: boolean }
  /** The picture, or what stands in its place, is on the screen. */
  | { readonly kind: 'saw'; readonly id: string }
  | { readonly kind: 'became_ready'; readonly id: string }
  | {
      readonly kind: 'place_known';
      readonly id: string;
      readonly neighbours: readonly Neighbour[];
      readonly earlier: readonly Alert[];
    }
  | { readonly kind: 'menu_opened'; readonly menu: Menu }
  /** Everything that is on the screen is to be judged together: the list knows what that is. */
  | { readonly kind: 'batch_asked' }
  | { readonly kind: 'batch_opened'; readonly alerts: readonly Alert[] }
  /** One of them is left out. */
  | { readonly kind: 'batch_without'; readonly id: string }
  | { readonly kind: 'viewed'; readonly set: Partial<View> }
  /** Whatever is open: a menu, else the clip or the live view. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'help_turned'; readonly open: boolean }
  /** The current alert is out of the queue by it. */
  | { readonly kind: 'judged'; readonly decision: Decision }
  /** All of the batch are out of the queue by it. */
  | { readonly kind: 'judged_together'; readonly decision: Decision }
  /** Another alert is made one with the current one, or taken out of it: the current one stays. */
  | { readonly kind: 'joined'; readonly neighbour: Neighbour }
  /** `key` null: the latest verdict. */
  | { readonly kind: 'undo_asked'; readonly key: string | null }
  /** What the outbox has of the person here, the latest first; `problem`: why it could not send the last time. */
  | {
      readonly kind: 'outbox_changed';
      readonly entries: readonly Entry[];
      readonly problem: Problem | null;
      readonly at: number;
    }
  | { readonly kind: 'denied'; readonly whyNot: WhyNot; readonly at: number }
  | { readonly kind: 'ticked'; readonly at: number };
