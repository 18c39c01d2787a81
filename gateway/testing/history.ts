/** A known history in a store: alerts and tickets with the instants at which they came to each step, as rows. */
import { newId } from '@roadwatch/contract';
import type { AlertState, ClockState, TicketOutcome, TicketState } from '@roadwatch/contract/api';
import type { Store, Tx } from '../src/store/database.ts';
import type { AlertRow } from '../src/store/tables/alerts.ts';
import { NEVER, type TicketRow } from '../src/store/tables/tickets.ts';

/** Where it was seen and of what; instants are RFC 3339. */
interface Where {
  readonly camera?: string;
  readonly damageClass?: AlertRow['damage_class'];
  readonly position?: readonly [latitude: number, longitude: number];
}

interface PastAlert extends Where {
  readonly at: string;
  readonly state?: AlertState;
  readonly judgedAt?: string | undefined;
  readonly judgedBy?: string;
  /** The id of the alert whose damage is back. */
  readonly recurrenceOf?: string;
}

interface PastTicket extends Where {
  /** When its alert was confirmed ... */
  readonly at: string;
  /** ... and when that had come in; left out, in the same instant. */
  readonly seenAt?: string;
  readonly unit?: string;
  readonly state: TicketState;
  readonly dispatchedAt?: string | undefined;
  readonly repairedAt?: string | undefined;
  readonly closedAt?: string | undefined;
  readonly outcome?: TicketOutcome;
  readonly response?: PastClock;
  readonly resolution?: PastClock;
  readonly reworked?: boolean;
  readonly extended?: boolean;
  /** When the camera saw the road whole. */
  readonly passedAt?: string | undefined;
}

interface PastClock {
  readonly state: ClockState;
  readonly deadlineAt: string;
  readonly late?: boolean;
}

const HALF_AN_HOUR = 1_800_000;

export async function pastAlert(store: Store, past: PastAlert): Promise<string> {
  return store.transaction((tx) => insertAlert(tx, past));
}

/** Returns the id of its alert, which was confirmed at `at`. */
export async function pastTicket(store: Store, past: PastTicket): Promise<string> {
  return store.transaction(async (tx) => {
    const alert = await insertAlert(tx, {
      ...past,
      at: past.seenAt ?? past.at,
      state: 'confirmed',
      judgedAt: past.at,
    });
    const id = newId();
    const at = Date.parse(past.at);
    const row: TicketRow = {
      id,
      number: `RW-${id}`,
      alert_id: alert,
      state: past.state,
      ...placeOf(past),
      unit_id: past.unit ?? 'road-maintenance',
      note: null,
      created_at: at,
      created_by: 'user:ann',
      dispatched_at: instant(past.dispatchedAt),
      accepted_at: null,
      on_site_at: null,
      made_safe_at: null,
      repaired_at: instant(past.repairedAt),
      closed_at: instant(past.closedAt),
      outcome: past.outcome ?? null,
      rework_reason: null,
      suspended_from: null,
      review_at: null,
      deadline_at: NEVER,
      updated_at: at,
      version: 1,
    };
    await tx.db.insertInto('tickets').values(row).execute();
    if (past.response !== undefined) await insertClock(tx, id, 'response', at, past.response);
    if (past.resolution !== undefined) await insertClock(tx, id, 'resolution', at, past.resolution);
    if (past.reworked === true)
      await insertClock(tx, id, 'rework', at, { state: 'met', deadlineAt: past.closedAt ?? past.at });
    if (past.extended === true) await insertExtension(tx, id, at);
    if (past.passedAt !== undefined) await insertPass(tx, id, Date.parse(past.passedAt));
    return alert;
  });
}

async function insertAlert(tx: Tx, past: PastAlert): Promise<string> {
  const id = newId();
  const at = Date.parse(past.at);
  const row: AlertRow = {
    id,
    open_key: null,
    ...placeOf(past),
    state: past.state ?? 'new',
    condition: 'present',
    box_x: 0.4,
    box_y: 0.6,
    box_w: 0.1,
    box_h: 0.05,
    detection_id: id,
    score: 0.8,
    occurrences: 1,
    first_seen_at: at,
    last_seen_at: at,
    created_at: at,
    updated_at: at,
    verdict_by: past.judgedAt === undefined ? null : (past.judgedBy ?? 'user:ann'),
    verdict_at: instant(past.judgedAt),
    reason: null,
    note: null,
    shelved_until: null,
    position_of: null,
    merged_into: null,
    root_id: null,
    rejected_before: 0,
    rejected_as: null,
    ticket_id: null,
    recurrence_of: past.recurrenceOf ?? null,
    risk_rank: 0,
    verdict_due_at: at,
    version: 1,
  };
  await tx.db.insertInto('alerts').values(row).execute();
  return id;
}

async function insertClock(
  tx: Tx,
  ticketId: string,
  kind: 'response' | 'resolution' | 'rework',
  startedAt: number,
  { state, deadlineAt, late = false }: PastClock,
): Promise<void> {
  const deadline = Date.parse(deadlineAt);
  await tx.db
    .insertInto('clocks')
    .values({
      id: newId(),
      ticket_id: ticketId,
      kind,
      counts: 'always',
      calendar_version: 0,
      state,
      started_at: startedAt,
      duration_ms: HALF_AN_HOUR,
      deadline_at: deadline,
      used_ms: 0,
      ended_at: null,
      breached_at: late ? deadline : null,
      fired: 0,
      due_at: null,
    })
    .execute();
}

export async function insertExtension(tx: Tx, ticketId: string, at: number): Promise<void> {
  await tx.db
    .insertInto('ticket_extensions')
    .values({
      id: newId(),
      ticket_id: ticketId,
      state: 'given',
      clock: 'resolution',
      until_at: at,
      reason: 'rain',
      asked_by: 'user:ann',
      asked_at: at,
      decided_by: 'user:lead',
      decided_at: at,
    })
    .execute();
}

export async function insertPass(tx: Tx, ticketId: string, at: number): Promise<void> {
  await tx.db
    .insertInto('inspections')
    .values({
      id: newId(),
      ticket_id: ticketId,
      state: 'done',
      result: 'pass',
      reason: null,
      looked: 12,
      seen: 0,
      score: 0.04,
      evidence: '[]',
      command_id: null,
      attempts: 1,
      max_attempts: 3,
      retry_ms: HALF_AN_HOUR,
      due_at: null,
      requested_at: at,
      requested_by: 'system',
      ended_at: at,
    })
    .execute();
}

function placeOf({ camera = 'binsheng-road', damageClass = 'pothole', position }: Where) {
  return {
    site: 'binjiang',
    agent: 'edge-1',
    camera,
    damage_class: damageClass,
    latitude: position?.[0] ?? null,
    longitude: position?.[1] ?? null,
  };
}

function instant(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}

/**
 * September 2026 in Hangzhou, with a little before and after it. Counted by hand in the tests that use it; two units, two classes, two
 * cameras, and instants at both edges of the month.
 */
export async function september(store: Store): Promise<void> {
  const on = (day: string, time: string) => `2026-${day}T${time}+08:00`;
  const edge = {
    at: on('08-31', '23:59:59.999'),
    state: 'rejected',
    judgedAt: on('09-01', '00:04:00'),
  } as const;
  await pastAlert(store, edge);
  await pastAlert(store, {
    at: on('09-01', '00:00:00'),
    state: 'rejected',
    judgedAt: on('09-01', '00:02:00'),
  });
  await pastAlert(store, {
    at: on('09-10', '12:00:00'),
    state: 'merged',
    judgedAt: on('09-10', '12:00:00'),
    judgedBy: 'system',
  });
  await pastAlert(store, { at: on('10-01', '00:00:00') });
  // Answered and closed in time, proven by the camera, and back after 20 days.
  const back = await pastTicket(store, {
    seenAt: on('09-02', '08:00:00'),
    at: on('09-02', '08:01:00'),
    state: 'closed',
    dispatchedAt: on('09-02', '08:02:00'),
    repairedAt: on('09-02', '10:02:00'),
    passedAt: on('09-02', '11:00:00'),
    closedAt: on('09-02', '12:00:00'),
    outcome: 'repaired',
    response: { state: 'met', deadlineAt: on('09-02', '08:32:00') },
    resolution: { state: 'met', deadlineAt: on('09-03', '08:02:00') },
  });
  await pastAlert(store, {
    at: on('09-22', '12:00:00'),
    state: 'confirmed',
    judgedAt: on('09-22', '12:10:00'),
    recurrenceOf: back,
  });
  // Late in both, and done again; by the other unit, of another class, on another camera.
  await pastTicket(store, {
    at: on('09-05', '08:00:00'),
    unit: 'bridges',
    damageClass: 'transverse_crack',
    camera: 'fuxing-bridge',
    state: 'closed',
    dispatchedAt: on('09-05', '08:00:00'),
    repairedAt: on('09-07', '08:00:00'),
    closedAt: on('09-07', '09:00:00'),
    outcome: 'repaired',
    reworked: true,
    extended: true,
    response: { state: 'met', deadlineAt: on('09-05', '08:30:00'), late: true },
    resolution: { state: 'met', deadlineAt: on('09-06', '08:00:00'), late: true },
  });
  // Opened in the last instant of the month, closed as nothing in the next.
  await pastTicket(store, {
    at: on('09-30', '23:59:59.999'),
    state: 'closed',
    dispatchedAt: on('10-01', '00:00:00'),
    closedAt: on('10-02', '08:00:00'),
    outcome: 'no_damage_found',
    response: { state: 'met', deadlineAt: on('10-01', '00:30:00') },
    resolution: { state: 'met', deadlineAt: on('10-02', '00:00:00') },
  });
  // Recalled before it left.
  await pastTicket(store, { at: on('09-12', '08:00:00'), state: 'cancelled' });
  // One in August, to compare with.
  await pastTicket(store, {
    at: on('08-10', '08:00:00'),
    state: 'closed',
    dispatchedAt: on('08-10', '08:00:00'),
    repairedAt: on('08-10', '09:00:00'),
    closedAt: on('08-10', '10:00:00'),
    outcome: 'repaired',
    response: { state: 'met', deadlineAt: on('08-10', '08:30:00') },
    resolution: { state: 'met', deadlineAt: on('08-11', '08:00:00') },
  });
}

/** The units of that history. */
export const UNITS = [
  { id: 'road-maintenance', name: { en: 'Road maintenance', zh: '道路养护' }, default: true },
  { id: 'bridges', name: { en: 'Bridges', zh: '桥梁养护' } },
];
