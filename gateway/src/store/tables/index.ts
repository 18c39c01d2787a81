/**
 * The rows of every table. Instants are milliseconds since 1970 in UTC, structured values JSON text, both alike in SQLite and
 * PostgreSQL. Ids are UUIDv7.
 */
import type {
  AlertLeaseRow,
  AlertRow,
  CitizenReportRow,
  DetectionEvidenceRow,
  DetectionRow,
} from './alerts.ts';
import type { ClockRow, NoticeRow } from './clocks.ts';
import type {
  AgentContactRow,
  AgentHistoryRow,
  AgentKeyRow,
  AgentPairingRow,
  AgentRow,
  AskedPictureRow,
  BoxSettingsRow,
  CameraHistoryRow,
  CameraRow,
  CameraSettingsRow,
  EvidencePartRow,
  GoodPictureRow,
  IncidentRow,
  OperationsCallRow,
  RefusedMessageRow,
} from './field.ts';
import type { FigureCellsRow, FigureDayRow, FigureMarkRow } from './figures.ts';
import type { ReleaseFileRow, ReleaseRow, RolloutAgentRow, RolloutRow } from './fleet.ts';
import type { ApiTokenRow, AuditRow, SecondFactorRow, SessionRow, UserRow } from './people.ts';
import type { SettingsAreaRow, SettingsSecretRow, SettingsVersionRow } from './settings.ts';
import type {
  AssignmentRow,
  CrewLinkRow,
  ExtensionRow,
  InspectionRow,
  OutboxRow,
  RemoteRequestRow,
  SceneHintRow,
  SceneLookRow,
  TicketPhotoRow,
  TicketRow,
} from './tickets.ts';

export interface Tables {
  counters: { name: string; value: number };
  agents: AgentRow;
  agent_contacts: AgentContactRow;
  agent_keys: AgentKeyRow;
  /** `serial` in hex, of the certificates that may still be shown. */
  agent_certificates: { serial: string; key_id: string; not_after: number };
  agent_pairings: AgentPairingRow;
  cameras: CameraRow;
  asked_pictures: AskedPictureRow;
  good_pictures: GoodPictureRow;
  incidents: IncidentRow;
  operations_calls: OperationsCallRow;
  camera_history: CameraHistoryRow;
  agent_history: AgentHistoryRow;
  box_settings: BoxSettingsRow;
  camera_settings: CameraSettingsRow;
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
  evidence_parts: EvidencePartRow;
  refused_messages: RefusedMessageRow;
  releases: ReleaseRow;
  release_files: ReleaseFileRow;
  rollouts: RolloutRow;
  rollout_agents: RolloutAgentRow;
  alerts: AlertRow;
  alert_leases: AlertLeaseRow;
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
  scene_looks: SceneLookRow;
  scene_hints: SceneHintRow;
  ticket_extensions: ExtensionRow;
  users: UserRow;
  sessions: SessionRow;
  second_factors: SecondFactorRow;
  known_browsers: { token_hash: string; user_id: string; used_at: number };
  api_tokens: ApiTokenRow;
  audit_log: AuditRow;
  /** Which key seals the audit from which entry on; the keys themselves are not in the store. */
  audit_keys: { from_seq: number; key_id: string; at: number };
  figure_days: FigureDayRow;
  figure_cells: FigureCellsRow;
  figure_marks: FigureMarkRow;
  settings_versions: SettingsVersionRow;
  settings_secrets: SettingsSecretRow;
  settings_areas: SettingsAreaRow;
  store_shapes: StoreShapeRow;
  /** What commands were answered, by who gave them and the keys that these came with; `request`: SHA-256 of the command. */
  kept_answers: { asked_by: string; key: string; request: string; answer: string; at: number };
  changes: { seq: number; at: number; kind: string; subject: string; data: string };
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
