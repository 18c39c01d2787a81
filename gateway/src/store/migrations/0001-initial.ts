/** Everything from a detection to a dispatched ticket. */
import { type Kysely, sql } from 'kysely';
import { index, table } from './schema.ts';

const place = {
  box_x: 'real',
  box_y: 'real',
  box_w: 'real',
  box_h: 'real',
  latitude: 'real?',
  longitude: 'real?',
};
const camera = { site: 'text', agent: 'text', camera: 'text' };

export async function up(db: Kysely<unknown>): Promise<void> {
  await table(db, 'counters', { name: 'text!', value: 'count' });
  await table(db, 'agents', {
    site: 'text!',
    agent: 'text!',
    secret_hash: 'text',
    registered_at: 'instant',
    revoked_at: 'instant?',
    status: 'text?',
    status_at: 'instant?',
  });
  await table(db, 'cameras', {
    site: 'text!',
    agent: 'text!',
    camera: 'text!',
    condition: 'text?',
    state: 'text?',
    state_at: 'instant?',
  });
  await table(db, 'detections', {
    id: 'text!',
    ...camera,
    revision: 'count',
    event: 'text',
    damage_class: 'text',
    score: 'real',
    ...place,
    first_seen_at: 'instant',
    last_seen_at: 'instant',
    alert_id: 'text?',
    stored_at: 'instant',
  });
  await index(db, 'detections', ['alert_id']);
  await table(db, 'detection_messages', {
    detection_id: 'text!',
    revision: 'count!',
    sha256: 'text',
    payload: 'text',
    stored_at: 'instant',
  });
  await table(db, 'detection_evidence', {
    detection_id: 'text!',
    name: 'text!',
    kind: 'text',
    sha256: 'text',
    content_type: 'text',
    captured_at: 'instant',
  });
  await index(db, 'detection_evidence', ['sha256']);
  await table(db, 'evidence', {
    sha256: 'text!',
    content_type: 'text',
    bytes: 'count',
    stored_at: 'instant',
  });
  await table(db, 'refused_messages', {
    sha256: 'text!',
    topic: 'text!',
    reason: 'text',
    payload: 'text',
    bytes: 'count',
    first_at: 'instant',
    last_at: 'instant',
    count: 'count',
  });
  await index(db, 'refused_messages', ['last_at']);
  await alertsAndTickets(db);
  await people(db);
}

async function alertsAndTickets(db: Kysely<unknown>): Promise<void> {
  await table(db, 'alerts', {
    id: 'text!',
    open_key: 'text?',
    ...camera,
    damage_class: 'text',
    state: 'text',
    condition: 'text',
    ...place,
    detection_id: 'text',
    score: 'real',
    occurrences: 'count',
    first_seen_at: 'instant',
    last_seen_at: 'instant',
    created_at: 'instant',
    updated_at: 'instant',
    claimed_by: 'text?',
    claim_until: 'instant?',
    verdict_by: 'text?',
    verdict_at: 'instant?',
    reason: 'text?',
    note: 'text?',
    shelved_until: 'instant?',
    merged_into: 'text?',
    ticket_id: 'text?',
    recurrence_of: 'text?',
    version: 'count',
  });
  await sql`create unique index alerts_open_key on alerts (open_key) where open_key is not null`.execute(db);
  await index(db, 'alerts', ['state', 'created_at', 'id']);
  await index(db, 'alerts', ['created_at', 'id']);
  await index(db, 'alerts', ['site', 'agent', 'camera', 'damage_class']);
  await table(db, 'tickets', {
    id: 'text!',
    number: 'text',
    alert_id: 'text',
    state: 'text',
    damage_class: 'text',
    ...camera,
    latitude: 'real?',
    longitude: 'real?',
    unit_id: 'text',
    note: 'text?',
    created_at: 'instant',
    created_by: 'text',
    dispatched_at: 'instant?',
    accepted_at: 'instant?',
    on_site_at: 'instant?',
    made_safe_at: 'instant?',
    repaired_at: 'instant?',
    closed_at: 'instant?',
    outcome: 'text?',
    review_at: 'instant?',
    suspended_from: 'text?',
    updated_at: 'instant',
    version: 'count',
  });
  await index(db, 'tickets', ['number'], true);
  await index(db, 'tickets', ['state', 'created_at', 'id']);
  await index(db, 'tickets', ['created_at', 'id']);
  await index(db, 'tickets', ['alert_id']);
  await table(db, 'assignments', {
    id: 'text!',
    ticket_id: 'text',
    unit_id: 'text',
    state: 'text',
    created_at: 'instant',
    sent_at: 'instant?',
    ended_at: 'instant?',
    reason: 'text?',
  });
  await index(db, 'assignments', ['ticket_id']);
  await table(db, 'clocks', {
    id: 'text!',
    ticket_id: 'text',
    kind: 'text',
    state: 'text',
    started_at: 'instant',
    duration_ms: 'count',
    deadline_at: 'instant',

    ended_at: 'instant?',
    used_ms: 'count',
    fired: 'count',
    breached_at: 'instant?',
    due_at: 'instant?',
  });
  await index(db, 'clocks', ['ticket_id', 'kind'], true);
  await sql`create index clocks_due_at on clocks (due_at) where due_at is not null`.execute(db);
  await table(db, 'clock_log', {
    id: 'text!',
    clock_id: 'text',
    ticket_id: 'text',
    at: 'instant',
    event: 'text',
    data: 'text',
  });
  await index(db, 'clock_log', ['ticket_id']);
  await table(db, 'dispatch_outbox', {
    id: 'text!',
    ticket_id: 'text',
    assignment_id: 'text',
    destination: 'text',
    kind: 'text',
    state: 'text',
    created_at: 'instant',
    next_attempt_at: 'instant',
    attempts: 'count',
    last_error: 'text?',
    sent_at: 'instant?',
  });
  await sql`create index dispatch_outbox_pending on dispatch_outbox (next_attempt_at) where state = 'pending'`.execute(
    db,
  );
  await index(db, 'dispatch_outbox', ['ticket_id']);
  await table(db, 'units', { id: 'text!', name_en: 'text', name_zh: 'text', retired_at: 'instant?' });
}

async function people(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('username', 'text', (column) => column.notNull().unique())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('unit_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('disabled_at', 'bigint')
    .addColumn('failed_logins', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('locked_until', 'bigint')
    .execute();
  await table(db, 'sessions', {
    token_hash: 'text!',
    user_id: 'text',
    csrf_token: 'text',
    created_at: 'instant',
    expires_at: 'instant',
  });
  await table(db, 'audit_log', {
    seq: 'count!',
    at: 'instant',
    actor: 'text',
    channel: 'text',
    action: 'text',
    subject: 'text',
    before: 'text?',
    after: 'text?',
    previous_hash: 'text',
    hash: 'text',
  });
  await index(db, 'audit_log', ['subject']);
  await table(db, 'changes', { seq: 'count!', at: 'instant', kind: 'text', subject: 'text', data: 'text' });
}
