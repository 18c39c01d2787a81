/** Everything that can happen at the desk: what a person does, what the gateway answers, and time. Instants are in milliseconds. */

import type { Alert } from '@roadwatch/contract/api';
import type { Decision, Entry } from '../outbox/entry.ts';
import type { Problem } from '../shared/api/problem.ts';
import type { Menu, View } from './desk-state.ts';
import type { WhyNot } from './why-not.ts';

export type DeskEvent =
  | { readonly kind: 'listed'; readonly alerts: readonly Alert[]; readonly more: boolean }
  | { readonly kind: 'held'; readonly held: boolean }
  | { readonly kind: 'selected'; readonly id: string }
  | { readonly kind: 'stepped'; readonly by: 1 | -1 }
  /** From an alert that somebody else has judged. */
  | { readonly kind: 'went_on' }
  /** The picture, or what stands in its place, is on the screen. */
  | { readonly kind: 'saw'; readonly id: string }
  | { readonly kind: 'became_ready'; readonly id: string }
  | { readonly kind: 'menu_opened'; readonly menu: Menu }
  | { readonly kind: 'viewed'; readonly set: Partial<View> }
  /** Whatever is open: a menu, else the clip or the live view. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'help_turned'; readonly open: boolean }
  | { readonly kind: 'claim_asked' }
  | { readonly kind: 'claim_answered' }
  | { readonly kind: 'judged'; readonly decision: Decision; readonly at: number }
  /** `key` null: the latest verdict. */
  | { readonly kind: 'undo_asked'; readonly key: string | null; readonly at: number }
  /** What the outbox has of the person here, the latest first; `problem`: why it could not send the last time. */
  | {
      readonly kind: 'outbox_changed';
      readonly entries: readonly Entry[];
      readonly problem: Problem | null;
      readonly at: number;
    }
  | { readonly kind: 'denied'; readonly whyNot: WhyNot; readonly at: number }
  | { readonly kind: 'ticked'; readonly at: number };
