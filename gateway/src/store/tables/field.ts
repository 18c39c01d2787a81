/** Rows of the boxes in the street and of their cameras. */
import type { CameraCondition } from '@roadwatch/contract';
import type { Limit, OperationsEvent, OperationsOutcome } from '@roadwatch/contract/api';

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

/** From then on the camera saw (1) or did not (0). */
export interface CameraHistoryRow {
  site: string;
  agent: string;
  camera: string;
  at: number;
  sees: number;
}

/** From then on the box was there (1) or gone (0). */
export interface AgentHistoryRow {
  site: string;
  agent: string;
  at: number;
  online: number;
}

/** The last picture of the camera that somebody has asked for; its bytes may be on their way. */
export interface AskedPictureRow {
  site: string;
  agent: string;
  camera: string;
  sha256: string;
  captured_at: number;
}

/** The last picture that was taken of a camera while all was well with it. */
export type GoodPictureRow = AskedPictureRow;

/** What was wrong with a camera, or with a box: then `camera` is empty. */
export interface IncidentRow {
  id: string;
  site: string;
  agent: string;
  camera: string;
  code: string;
  /** In the words of the box. */
  detail: string;
  began_at: number;
  ended_at: number | null;
  /** When it had lasted, and maintainers were told, where they are. */
  told_at: number | null;
  told_end_at: number | null;
  /** Of before, and of when it had begun. */
  good_sha256: string | null;
  good_at: number | null;
  fault_sha256: string | null;
  fault_at: number | null;
}

/** The last call of the maintainers' system of this kind. */
export interface OperationsCallRow {
  event: OperationsEvent;
  at: number;
  /** Without what in it opens something. */
  address: string;
  outcome: OperationsOutcome;
  answer: string;
}

/** One version of what people have set of a camera. But for what its box said to it, it is never changed once it is written. */
export interface CameraSettingsRow {
  /** As on the wire. */
  id: string;
  site: string;
  agent: string;
  camera: string;
  /** From 1 on. */
  version: number;
  at: number;
  /** As in the audit. */
  author: string;
  /** The version that it is again. */
  undo_of: number | null;
  /** CameraSettings. */
  document: string;
  /** Null: the box has not answered yet. */
  outcome: 'applied' | 'refused' | null;
  answered_at: number | null;
  /** Why it was refused, for programs and for people. */
  code: string | null;
  reason: string | null;
}

/** One version of what people have set of a box as a whole. But for what the box said to it, it is never changed once it is written. */
export interface BoxSettingsRow {
  /** As on the wire. */
  id: string;
  site: string;
  agent: string;
  /** From 1 on. */
  version: number;
  at: number;
  /** As in the audit. */
  author: string;
  /** The version that it is again; 0: nothing set. */
  undo_of: number | null;
  /** BoxSettings. */
  document: string;
  /** Null: the box has not answered yet. `superseded`: others came before it had. */
  outcome: 'trial' | 'applied' | 'refused' | 'superseded' | null;
  answered_at: number | null;
  /** Why they do not count, for programs and for people. */
  code: string | null;
  reason: string | null;
  /** BoxProblem, a list of them. */
  problems: string | null;
}

/** Some bytes of a file that is not whole yet. */
export interface EvidencePartRow {
  site: string;
  agent: string;
  /** Of the whole file. */
  sha256: string;
  start: number;
  bytes: number;
  /** Size of the whole file. */
  total: number;
  at: number;
  /** Base64. */
  payload: string;
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
  turned_away: Limit | null;
}
