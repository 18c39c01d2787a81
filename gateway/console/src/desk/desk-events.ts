/** Everything that can happen at the desk: what a person does, what the gateway answers, and time. Instants are in milliseconds. */

import type { Alert } from '@roadwatch/contract/api';
import type { Problem } from '../shared/api/problem.ts';
import type { Menu, View } from './desk-state.ts';
import type { Decision, TicketMade } from './verdict-list.ts';

export type DeskEvent =
  | { readonly kind: 'listed'; readonly alerts: readonly Alert[]; readonly more: boolean }
  | { readonly kind: 'held'; readonly held: boolean }
  | { readonly kind: 'selected'; readonly id: string }
  | { readonly kind: 'stepped'; readonly by: 1 | -1 }
  /** From an alert that somebody else has judged. */
  | { readonly kind: 'went_on' }
  | { readonly kind: 'became_ready'; readonly id: string }
  | { readonly kind: 'menu_opened'; readonly menu: Menu }
  | { readonly kind: 'viewed'; readonly set: Partial<View> }
  /** Whatever is open: a menu, else the clip or the live view. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'help_turned'; readonly open: boolean }
  | { readonly kind: 'claim_asked' }
  | { readonly kind: 'claim_answered' }
  | { readonly kind: 'judged'; readonly decision: Decision; readonly at: number }
  | {
      readonly kind: 'stored';
      readonly verdict: number;
      readonly ticket: TicketMade | null;
      readonly at: number;
    }
  | { readonly kind: 'refused'; readonly verdict: number; readonly problem: Problem; readonly at: number }
  /** `verdict` null: the latest that can be taken back. */
  | { readonly kind: 'undo_asked'; readonly verdict: number | null; readonly at: number }
  | { readonly kind: 'undone'; readonly verdict: number; readonly at: number }
  | {
      readonly kind: 'undo_refused';
      readonly verdict: number;
      readonly problem: Problem;
      readonly at: number;
    }
  | { readonly kind: 'ticked'; readonly at: number };
