/** Rows of what cameras and people report, and of the alerts that it makes. */
import type { DamageClass, EvidenceRef } from '@roadwatch/contract';
import type { AlertCondition, AlertState } from '@roadwatch/contract/api';

export interface DetectionRow {
  id: string;
  site: string;
  agent: string;
  camera: string;
  revision: number;
  event: string;
  damage_class: DamageClass;
  score: number;
  box_x: number;
  box_y: number;
  box_w: number;
  box_h: number;
  first_seen_at: number;
  last_seen_at: number;
  latitude: number | null;
  longitude: number | null;
  alert_id: string | null;
  stored_at: number;
}

export interface DetectionEvidenceRow {
  detection_id: string;
  name: string;
  kind: EvidenceRef['kind'];
  sha256: string;
  content_type: EvidenceRef['contentType'];
  captured_at: number;
}

/** The table has a `claimed_by` and a `claim_until`, too, which older gateways filled: they stay, since their backups have them. */
export interface AlertRow {
  id: string;
  /** Unique while detections may still be merged in; null once the matter is closed. */
  open_key: string | null;
  /** Empty, as `agent` and `camera`, when somebody reported it whom no camera helped: then it has no picture and no box. */
  site: string;
  agent: string;
  camera: string;
  damage_class: DamageClass;
  state: AlertState;
  condition: AlertCondition;
  box_x: number;
  box_y: number;
  box_w: number;
  box_h: number;
  latitude: number | null;
  longitude: number | null;
  /** The detection whose evidence stands for the alert; empty without a camera. */
  detection_id: string;
  score: number;
  occurrences: number;
  first_seen_at: number;
  last_seen_at: number;
  created_at: number;
  updated_at: number;
  verdict_by: string | null;
  verdict_at: number | null;
  reason: string | null;
  note: string | null;
  shelved_until: number | null;
  /** What the position is of; null: the camera. */
  position_of: 'camera' | 'damage' | null;
  /** The alert that it was merged into ... */
  merged_into: string | null;
  /** ... and the one that stands for the whole group, which may be further up; null while it stands for itself. */
  root_id: string | null;
  /** How often something of this class was rejected for good at this place before. */
  rejected_before: number;
  /** The last of those alerts. */
  rejected_as: string | null;
  ticket_id: string | null;
  recurrence_of: string | null;
  /** Its place in the queue: see queue/order.ts. */
  risk_rank: number;
  verdict_due_at: number;
  version: number;
}

/** One desk has the alert before it, until then. */
export interface AlertLeaseRow {
  alert_id: string;
  /** A UUID of the tab; empty where somebody claimed it without one. */
  desk: string;
  /** As the audit names the person. */
  holder: string;
  /** Hash of the session's token: its end is that of the lease. */
  session: string | null;
  until: number;
}

export interface CitizenReportRow {
  alert_id: string;
  /** `CR-20261123-000123`. */
  number: string;
  /** The token with which it was sent in. */
  token_id: string;
  idempotency_key: string | null;
  description: string | null;
  address: string | null;
  /** Addresses of pictures, a line each. */
  media_url: string | null;
  /** JSON: what was answered, by question. */
  attributes: string;
  created_at: number;
}
