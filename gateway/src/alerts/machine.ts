/**
 * The state machine of an alert: which command leads from which state to which, and what an alert has in each. Whoever changes a state takes
 * it from here, so that no field of a state that is over stays behind.
 */
import type { AlertState } from '@roadwatch/contract/api';
import { mustNotBeHeld } from '../queue/lease.ts';
import { Refusal } from '../refusal.ts';
import type { AlertLeaseRow, AlertRow } from '../store/tables/alerts.ts';

export interface Transition {
  readonly from: readonly AlertState[];
  readonly to: AlertState;
  /** What the audit calls it. */
  readonly action: string;
  /** Not while another desk has the alert before it. */
  readonly unheld?: true;
}

/** What waits in the queue, also while somebody has it before them. */
export const QUEUE: readonly AlertState[] = ['new'];
/** No verdict, or one for later: it may still become a ticket, and its evidence is needed. */
export const UNDECIDED: readonly AlertState[] = [...QUEUE, 'shelved'];

export const TRANSITIONS = {
  confirm: { from: UNDECIDED, to: 'confirmed', action: 'alert.confirmed', unheld: true },
  reject: { from: [...UNDECIDED, 'merged'], to: 'rejected', action: 'alert.rejected', unheld: true },
  shelve: { from: QUEUE, to: 'shelved', action: 'alert.shelved', unheld: true },
  merge: { from: UNDECIDED, to: 'merged', action: 'alert.merged', unheld: true },
  unmerge: { from: ['merged'], to: 'new', action: 'alert.unmerged' },
  undo: { from: ['confirmed', 'rejected', 'shelved', 'merged'], to: 'new', action: 'alert.undone' },
  /** From here on what the gateway does by itself: the like was rejected at its place before ... */
  hold_back: { from: ['new'], to: 'shelved', action: 'alert.held_back' },
  /** ... and shows more now; */
  grow: { from: ['shelved'], to: 'new', action: 'alert.grown' },
  /** the time on the shelf is over; */
  return: { from: ['shelved'], to: 'new', action: 'alert.unshelved' },
  /** what it was part of was rejected by what another box had seen. */
  leave_open: { from: ['merged'], to: 'new', action: 'alert.left_open' },
} as const satisfies Record<string, Transition>;

export type AlertCommand = keyof typeof TRANSITIONS;

interface Verdict {
  readonly verdict_by: string;
  readonly verdict_at: number;
}

/** A state with the fields that exist in it. */
export type Standing =
  | { readonly state: 'new' }
  | (Verdict & { readonly state: 'confirmed'; readonly ticket_id: string })
  | (Verdict & { readonly state: 'rejected'; readonly reason: string; readonly note: string | null })
  | (Verdict & { readonly state: 'shelved'; readonly reason: string; readonly shelved_until: number })
  | (Verdict & { readonly state: 'merged'; readonly merged_into: string; readonly root_id: string });

const NOTHING = {
  verdict_by: null,
  verdict_at: null,
  reason: null,
  note: null,
  shelved_until: null,
  merged_into: null,
  root_id: null,
  ticket_id: null,
} as const satisfies Partial<AlertRow>;

/** Every column that depends on the state: what the state does not have is null. */
export function columnsOf(standing: Standing): Pick<AlertRow, 'state' | keyof typeof NOTHING> {
  return { ...NOTHING, ...standing };
}

/** Throws Refusal. `lease`: that of whoever has the alert before them at present. */
export function checkCommand(
  alert: AlertRow,
  command: AlertCommand,
  by: string,
  lease: AlertLeaseRow | undefined,
): void {
  const { from, unheld }: Transition = TRANSITIONS[command];
  if (!from.includes(alert.state)) throw new Refusal('alert_judged', `the alert is ${alert.state} already`);
  if (unheld) mustNotBeHeld(lease, by);
}
