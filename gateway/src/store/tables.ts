/**
 * The rows of every table. Instants are milliseconds since 1970 in UTC, structured values JSON text, both alike in SQLite and
 * PostgreSQL. Ids are UUIDv7.
 */
import type { CameraCondition, DamageClass } from '@roadwatch/contract';
import type { Generated } from 'kysely';

export interface Tables {
  counters: { name: string; value: number };
  agents: AgentRow;
  agent_contacts: AgentContactRow;
  agent_keys: AgentKeyRow;
  /** `serial` in hex, of the certificates that may still be shown. */
  agent_certificates: { serial: string; key_id: string; not_after: number };
  agent_pairings: AgentPairingRow;
  cameras: CameraRow;
  detections: DetectionRow;
  detection_messages: {
    detection_id: string;
    revision: number;
    sha256: string;
    payload: string;
    stored_at: number;
    /** The key of the box with which it is signed; null: it is not. */
    key_id: string | null;
  };
  detection_evidence: DetectionEvidenceRow;
  evidence: { sha256: string; content_type: string; bytes: number; stored_at: number };
  evidence_deletions: { sha256: string; since: number };
  refused_messages: RefusedMessageRow;
  alerts: AlertRow;
  /** Cells of the ground, each a row to wait at for those who make alerts there at the same time. */
  alert_cells: { cell: string };
  citizen_reports: CitizenReportRow;
  tickets: TicketRow;
  assignments: AssignmentRow;
  clocks: ClockRow;
  clock_log: { id: string; clock_id: string; ticket_id: string; at: number; event: string; data: string };
  notices: NoticeRow;
  dispatch_outbox: OutboxRow;
  remote_requests: RemoteRequestRow;
  units: { id: string; name_en: string; name_zh: string; retired_at: number | null };
  unit_messages: { unit_id: string; message_id: string; sha256: string; at: number };
  crew_links: CrewLinkRow;
  ticket_photos: TicketPhotoRow;
  inspections: InspectionRow;
  users: UserRow;
  sessions: SessionRow;
  second_factors: SecondFactorRow;
  known_browsers: { token_hash: string; user_id: string; used_at: number };
  api_tokens: ApiTokenRow;
  audit_log: AuditRow;
  /** Which key seals the audit from which entry on; the keys themselves are not in the store. */
  audit_keys: { from_seq: number; key_id: string; at: number };
  store_shapes: StoreShapeRow;
  changes: { seq: number; at: number; kind: string; subject: string; data: string };
}

export interface AgentRow {
  site: string;
  agent: string;
  secret_hash: string;
  registered_at: number;
  revoked_at: number | null;
  /** The newest AgentStatus as it came, at `status_at`. */
  status: string | null;
  status_at: number | null;
  /** The start of the agent that said it, and the one before. */
  boot_id: string | null;
  boot_before: string | null;
  /** The highest number that this start has used. */
  seq: number | null;
  /** How far the agent's clock was ahead of the gateway's when its last status came. */
  clock_ahead_ms: number | null;
  /** Since nothing came any more of an agent that said it was online, and that nobody reported gone. */
  silent_at: number | null;
  /** When two boxes were last seen to use this name. */
  shared_at: number | null;
}

/** Also of an agent that another broker lets in and that is not registered here. */
export interface AgentContactRow {
  site: string;
  agent: string;
  /** When something last came from it, to some seconds. */
  seen_at: number;
  /** The UTC day, `2026-11-23`, on which it last sent something that was stored, and how much. */
  day: string;
  day_bytes: number;
}

/** A key of a box: what it has signed can be proven as long as this is kept. */
export interface AgentKeyRow {
  /** SHA-256 of the public key (SubjectPublicKeyInfo, DER), hex. */
  key_id: string;
  site: string;
  agent: string;
  /** PEM: the first one, by which the authority vouches that the key is the box's. */
  certificate: string;
  valid_from: number;
  /** When another took its place. */
  valid_to: number | null;
  revoked_at: number | null;
}

/** A code with which a box can be paired. */
export interface AgentPairingRow {
  site: string;
  agent: string;
  secret: string;
  expires_at: number;
  /** The key that it was used for; the same may use it again, as when the answer was lost. */
  key_id: string | null;
}

export interface CameraRow {
  site: string;
  agent: string;
  camera: string;
  condition: CameraCondition | null;
  /** The newest CameraState as it came, at `state_at`. */
  state: string | null;
  state_at: number | null;
  boot_id: string | null;
  seq: number | null;
}

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
  kind: string;
  sha256: string;
  content_type: string;
  captured_at: number;
}

export interface RefusedMessageRow {
  sha256: string;
  topic: string;
  reason: string;
  /** Base64 of its first 16 KiB; empty for what was turned away. */
  payload: string;
  bytes: number;
  first_at: number;
  last_at: number;
  count: number;
  /** The limit that turned it away: then the row counts all messages of an agent that it turned away. */
  turned_away: string | null;
}

export type AlertState = 'new' | 'claimed' | 'confirmed' | 'rejected' | 'merged' | 'shelved';
export type AlertCondition = 'present' | 'absent';

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
  claimed_by: string | null;
  claim_until: number | null;
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
  version: number;
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

export const TICKET_STATES = [
  'filed',
  'dispatched',
  'returned',
  'accepted',
  'on_site',
  'made_safe',
  'repaired',
  'inspecting',
  'rework',
  'suspended',
  'cancelled',
  'closed',
] as const;
export type TicketState = (typeof TICKET_STATES)[number];

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
  review_at: number | null;
  /** The state to go back to when a suspension ends. */
  suspended_from: TicketState | null;
  updated_at: number;
  version: number;
}

export interface AssignmentRow {
  id: string;
  ticket_id: string;
  unit_id: string;
  state: 'pending' | 'sent' | 'accepted' | 'returned' | 'recalled' | 'done';
  created_at: number;
  sent_at: number | null;
  ended_at: number | null;
  reason: string | null;
}

/**
 * `handover`: from the confirmation until the unit has it. `review`: from when a person can judge the repair until one has.
 * `rework`: from when a repair was refused until the unit has repaired again.
 */
export const CLOCK_KINDS = ['handover', 'response', 'scene_look', 'resolution', 'rework', 'review'] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

export interface ClockRow {
  id: string;
  ticket_id: string;
  kind: ClockKind;
  /** Which time it counts. */
  counts: 'always' | 'working_hours' | 'working_days';
  state: 'running' | 'paused' | 'met' | 'cancelled';
  started_at: number;
  duration_ms: number;
  deadline_at: number;
  /** Counted milliseconds used up when it last stopped. */
  used_ms: number;
  ended_at: number | null;
  /** The true instant of the breach: its deadline, also when it was noticed later. */
  breached_at: number | null;
  /** The last step of the ladder that has fired, in percent. */
  fired: number;
  /** When something is next due on it; null when nothing is. */
  due_at: number | null;
}

/** What somebody is told though no clock says it. */
export const NOTICE_EVENTS = ['undelivered', 'inspection_failed', 'inspection_undecided'] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** Somebody is told that a clock runs out, or what has gone wrong. */
export interface NoticeRow {
  id: string;
  ticket_id: string;
  /** Empty when it is not about a clock. */
  clock_id: string;
  kind: ClockKind | NoticeEvent;
  /** 0 when it is not about a clock. */
  percent: number;
  /** Of an event: the words of whoever or whatever caused it. */
  reason: string | null;
  /** A role; `unit`: the people of `unit_id`. */
  audience: Role;
  unit_id: string | null;
  /** When so much of the time was used up, also when that was noticed later, at `told_at`. */
  at: number;
  told_at: number;
  seen_by: string | null;
  seen_at: number | null;
  /** When what happened to the ticket made it pointless. */
  ended_at: number | null;
}

export interface OutboxRow {
  id: string;
  ticket_id: string;
  assignment_id: string;
  destination: string;
  kind: 'dispatch' | 'recall' | 'reminder' | 'rework';
  state: 'pending' | 'sent' | 'dead' | 'cancelled';
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

export interface InspectionRow {
  id: string;
  ticket_id: string;
  /** `waiting` for its time, `asked` and not yet answered. */
  state: 'waiting' | 'asked' | 'done' | 'cancelled';
  /** Of the last look. */
  result: 'pass' | 'fail' | 'inconclusive' | null;
  reason: string | null;
  looked: number | null;
  seen: number | null;
  score: number | null;
  /** EvidenceRef[] of the last look. */
  evidence: string;
  command_id: string | null;
  attempts: number;
  max_attempts: number;
  retry_ms: number;
  due_at: number | null;
  requested_at: number;
  requested_by: string;
  ended_at: number | null;
}

export const ROLES = ['operator', 'shift_lead', 'unit', 'inspector', 'viewer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface UserRow {
  id: string;
  username: string;
  password_hash: string;
  role: Role;
  unit_id: string | null;
  created_at: number;
  disabled_at: number | null;
  /** Of older gateways, as `locked_until`: nobody is locked out any more. Backups have them. */
  failed_logins: Generated<number>;
  locked_until: number | null;
  /** Of somebody whom an identity provider vouches for: issuer#sub. */
  oidc_subject: string | null;
}

export interface SecondFactorRow {
  user_id: string;
  /** Base32 (RFC 4648). */
  secret: string;
  begun_at: number;
  /** Null until a first code was given: it does not count before. */
  confirmed_at: number | null;
  /** The time step of the last code that was taken. */
  last_step: number;
  /** JSON list of SHA-256, of codes that were not used yet. */
  recovery_hashes: string;
  failures: number;
  blocked_until: number | null;
}

export interface SessionRow {
  /** SHA-256 of the cookie's token. */
  token_hash: string;
  user_id: string;
  csrf_token: string;
  created_at: number;
  expires_at: number;
}

export interface ApiTokenRow {
  id: string;
  name: string;
  /** SHA-256 of the token. */
  token_hash: string;
  /** JSON list. */
  scopes: string;
  /** The unit whose tickets alone it is for; null: all. */
  unit_id: string | null;
  created_at: number;
  created_by: string;
  expires_at: number;
  /** To the minute. */
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface AuditRow {
  seq: number;
  at: number;
  actor: string;
  channel: string;
  /** The address that it came from; null for what the gateway or its command line did itself. */
  source: string | null;
  action: string;
  subject: string;
  before: string | null;
  after: string | null;
  previous_hash: string;
  hash: string;
}

/** What brought the store to its shape, for gateways older than that. */
export interface StoreShapeRow {
  migration: string;
  /** The version of the gateway that did it. */
  gateway: string;
  /** 1 when older gateways cannot work with it. */
  breaking: number;
  at: number;
}
