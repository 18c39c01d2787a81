/** Rows of tickets, and of what is done for them: orders, crews' links and photographs, inspections. */

import type { DamageClass, SceneResult } from '@roadwatch/contract';
import type {
  ClockKind,
  ExtensionState,
  InspectionResult,
  InspectionState,
  OrderKind,
  OrderState,
  SceneAnswer,
  TicketState,
} from '@roadwatch/contract/api';

/** Of what has no deadline: the last instant that there is in ECMAScript (ECMA-262, 21.4.1.1), so that it sorts behind all others. */
export const NEVER = 8_640_000_000_000_000;

export interface TicketRow {
  id: string;
  number: string;
  alert_id: string;
  state: TicketState;
  damage_class: DamageClass;
  site: string;
  agent: string;
  camera: string;
  latitude: number | null;
  longitude: number | null;
  unit_id: string;
  note: string | null;
  created_at: number;
  created_by: string;
  dispatched_at: number | null;
  accepted_at: number | null;
  on_site_at: number | null;
  made_safe_at: number | null;
  repaired_at: number | null;
  closed_at: number | null;
  outcome: string | null;
  /** Why the last repair was refused. */
  rework_reason: string | null;
  /** The state to go back to when a suspension ends. */
  suspended_from: TicketState | null;
  /** When somebody looks at a suspended one again. */
  review_at: number | null;
  updated_at: number;
  /** Of its running clocks the one that runs out first; NEVER while none does. Only `clocks` writes it. */
  deadline_at: number;
  version: number;
}

export interface AssignmentRow {
  id: string;
  ticket_id: string;
  unit_id: string;
  state: 'pending' | 'sent' | 'returned' | 'recalled' | 'done';
  created_at: number;
  sent_at: number | null;
  ended_at: number | null;
  reason: string | null;
}

export interface OutboxRow {
  id: string;
  ticket_id: string;
  assignment_id: string;
  destination: string;
  kind: OrderKind;
  state: OrderState;
  created_at: number;
  next_attempt_at: number;
  attempts: number;
  last_error: string | null;
  sent_at: number | null;
  /** Since when the unit should have had it, once that was noticed. */
  overdue_at: number | null;
}

/** An assignment as its unit's Open311 system has it. */
export interface RemoteRequestRow {
  assignment_id: string;
  ticket_id: string;
  unit_id: string;
  /** Of a system that gives numbers later: null until then, and a token instead. */
  request_id: string | null;
  token: string | null;
  posted_at: number;
  /** As the system last told it. */
  state: string | null;
  /** Since it was last reached. */
  failures: number;
  /** When to ask again; null when there is nothing more to learn. */
  check_at: number | null;
}

export interface CrewLinkRow {
  /** SHA-256 of the token in the link. */
  token_hash: string;
  assignment_id: string;
  ticket_id: string;
  created_at: number;
  created_by: string;
  revoked_at: number | null;
  /** What the unit calls those whom it gave the link; null: it has not said. */
  crew: string | null;
}

export interface TicketPhotoRow {
  id: string;
  ticket_id: string;
  assignment_id: string;
  /** The command that it was sent with. */
  step: string;
  sha256: string;
  taken_at: number;
  /** Where the crew's device said that it was, if it did. */
  latitude: number | null;
  longitude: number | null;
  accuracy_m: number | null;
}

export interface SceneLookRow {
  id: string;
  ticket_id: string;
  at: number;
  by: string;
  answer: SceneAnswer;
}

/** What the camera of a ticket says of its scene. */
export interface SceneHintRow {
  id: string;
  ticket_id: string;
  state: InspectionState;
  /** When to ask, or until when an answer is waited for. */
  due_at: number | null;
  command_id: string | null;
  requested_at: number;
  ended_at: number | null;
  result: SceneResult | null;
  /** Why nobody can tell, and the same in words. */
  code: string | null;
  reason: string | null;
  pictures: number;
  /** 1: the box knew what stood there when the damage was found. */
  compares_opening: number;
  /** StandingThing[] */
  standing: string;
  /** The picture, by its name; its bytes may come later. */
  sha256: string | null;
  captured_at: number | null;
  /** Why no picture comes. */
  missing: string | null;
}

export interface ExtensionRow {
  id: string;
  ticket_id: string;
  state: ExtensionState;
  clock: ClockKind;
  until_at: number;
  reason: string;
  asked_by: string;
  asked_at: number;
  decided_by: string | null;
  decided_at: number | null;
}

export interface InspectionRow {
  id: string;
  ticket_id: string;
  /** `waiting` for its time, `asked` and not yet answered. */
  state: InspectionState;
  /** Of the last look. */
  result: InspectionResult | null;
  reason: string | null;
  looked: number | null;
  seen: number | null;
  score: number | null;
  /** EvidenceRef[] of the last look. */
  evidence: string;
  /** MissingEvidence[] of the last look; null: nothing is missing. */
  missing: string | null;
  command_id: string | null;
  attempts: number;
  max_attempts: number;
  retry_ms: number;
  due_at: number | null;
  requested_at: number;
  requested_by: string;
  ended_at: number | null;
}
