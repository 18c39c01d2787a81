/** Tickets as the API shows them: the row, its clocks, its unit, its history. */
import { type EvidenceRef, type MissingEvidence, type StandingThing, timestamp } from '@roadwatch/contract';
import type {
  Delivery,
  Extension,
  HistoryEntry,
  Inspection,
  SceneHint,
  Ticket,
} from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { cameraNameOf, cameraNames } from '../cameras/names.ts';
import { positionView } from '../geo/position.ts';
import type { User } from '../identity/users.ts';
import type { Tables } from '../store/tables/index.ts';
import {
  type ExtensionRow,
  type InspectionRow,
  NEVER,
  type OutboxRow,
  type RemoteRequestRow,
  type SceneHintRow,
  type TicketRow,
} from '../store/tables/tickets.ts';
import { clockToExtend, possibleExtensions } from './extensions.ts';
import { laneOf } from './lane.ts';
import { commandsFor } from './machine.ts';

export async function findTicket(db: Kysely<Tables>, id: string, viewer: User): Promise<Ticket | null> {
  const row = await db.selectFrom('tickets').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined || !maySee(row, viewer)
    ? null
    : ((await viewTickets(db, [row], viewer))[0] ?? null);
}

export async function viewTickets(
  db: Kysely<Tables>,
  rows: readonly TicketRow[],
  viewer: User,
): Promise<readonly Ticket[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const [clocks, units, cameras, orders, photos, inspections, remotes, sceneLooks, hints, extensions] =
    await Promise.all([
      db.selectFrom('clocks').selectAll().where('ticket_id', 'in', ids).orderBy('kind').execute(),
      db.selectFrom('units').selectAll().execute(),
      cameraNames(db, rows),
      db
        .selectFrom('dispatch_outbox')
        .selectAll()
        .where('ticket_id', 'in', ids)
        .where('kind', '!=', 'reminder')
        .orderBy('id', 'desc')
        .execute(),
      db.selectFrom('ticket_photos').selectAll().where('ticket_id', 'in', ids).orderBy('id').execute(),
      db.selectFrom('inspections').selectAll().where('ticket_id', 'in', ids).orderBy('id').execute(),
      db.selectFrom('remote_requests').selectAll().where('ticket_id', 'in', ids).execute(),
      db.selectFrom('scene_looks').selectAll().where('ticket_id', 'in', ids).orderBy('id').execute(),
      viewer.role === 'unit' ? [] : newestHints(db, ids),
      db.selectFrom('ticket_extensions').selectAll().where('ticket_id', 'in', ids).orderBy('id').execute(),
    ]);
  return rows.map((row) => {
    const unit = units.find((entry) => entry.id === row.unit_id);
    const order = orders.find((entry) => entry.ticket_id === row.id);
    const looks = inspections.filter((entry) => entry.ticket_id === row.id);
    const own = clocks.filter((clock) => clock.ticket_id === row.id);
    const asked = extensions.filter((entry) => entry.ticket_id === row.id);
    return {
      id: row.id,
      number: row.number,
      state: row.state,
      lane: laneOf(row.state, looks.at(-1)),
      deadlineAt: row.deadline_at === NEVER ? null : timestamp(row.deadline_at),
      alertId: row.alert_id,
      damageClass: row.damage_class,
      site: row.site,
      agent: row.agent,
      camera: row.camera,
      cameraName: cameraNameOf(cameras, row),
      position: positionView(row),
      unit: { id: row.unit_id, name: { en: unit?.name_en ?? row.unit_id, zh: unit?.name_zh ?? row.unit_id } },
      note: row.note,
      createdAt: timestamp(row.created_at),
      createdBy: row.created_by,
      dispatchedAt: orNull(row.dispatched_at),
      acceptedAt: orNull(row.accepted_at),
      onSiteAt: orNull(row.on_site_at),
      madeSafeAt: orNull(row.made_safe_at),
      repairedAt: orNull(row.repaired_at),
      closedAt: orNull(row.closed_at),
      outcome: row.outcome,
      /** Why the last repair was refused. */
      reworkReason: row.rework_reason,
      reviewAt: orNull(row.review_at),
      recallUntil:
        row.state === 'filed' && order?.state === 'pending' && order.attempts === 0
          ? timestamp(order.next_attempt_at)
          : null,
      delivery: order === undefined ? null : deliveryView(order),
      remote: remoteView(remotes.filter((remote) => remote.ticket_id === row.id)),
      clocks: own.map((clock) => ({
        kind: clock.kind,
        counts: clock.counts,
        state: clock.state,
        startedAt: timestamp(clock.started_at),
        deadlineAt: timestamp(clock.deadline_at),
        stoppedAt: orNull(clock.ended_at),
        breachedAt: orNull(clock.breached_at),
      })),
      photos: photos
        .filter((photo) => photo.ticket_id === row.id)
        .map((photo) => ({
          step: photo.step,
          sha256: photo.sha256,
          takenAt: timestamp(photo.taken_at),
          position:
            photo.latitude === null || photo.longitude === null
              ? null
              : { latitude: photo.latitude, longitude: photo.longitude, accuracyM: photo.accuracy_m },
        })),
      inspections: looks.map(inspectionView),
      sceneLooks: sceneLooks
        .filter((entry) => entry.ticket_id === row.id)
        .map(({ at, by, answer }) => ({ at: timestamp(at), by, answer })),
      sceneHint: hintView(hints.find((entry) => entry.ticket_id === row.id)),
      extensions: asked.map(extensionView),
      commands: possibleExtensions(commandsFor(row, viewer.role), {
        runs: clockToExtend(own) !== null,
        asked: asked.some(({ state }) => state === 'asked'),
      }),
      version: row.version,
    };
  });
}

/** `stored_at`: since when its picture is here. */
type HintWithPicture = SceneHintRow & { readonly stored_at: number | null };

/** Newest first. */
function newestHints(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly HintWithPicture[]> {
  return db
    .selectFrom('scene_hints')
    .leftJoin('evidence', 'evidence.sha256', 'scene_hints.sha256')
    .selectAll('scene_hints')
    .select('evidence.stored_at')
    .where('ticket_id', 'in', ids)
    .where('state', '!=', 'cancelled')
    .orderBy('scene_hints.id', 'desc')
    .execute();
}

/** How the last order to the unit's own system fares; what is overdue or dead the unit has on the desk only. */
function deliveryView({
  id,
  kind,
  state,
  attempts,
  last_error,
  next_attempt_at,
  overdue_at,
}: OutboxRow): Delivery {
  return {
    id,
    kind,
    state,
    attempts,
    error: last_error,
    nextAttemptAt: state === 'pending' ? timestamp(next_attempt_at) : null,
    overdueAt: state === 'pending' ? orNull(overdue_at) : null,
  };
}

function extensionView(row: ExtensionRow): Extension {
  return {
    id: row.id,
    state: row.state,
    clock: row.clock,
    until: timestamp(row.until_at),
    reason: row.reason,
    askedBy: row.asked_by,
    askedAt: timestamp(row.asked_at),
    decidedBy: row.decided_by,
    decidedAt: orNull(row.decided_at),
  };
}

function hintView(row: HintWithPicture | undefined): SceneHint | null {
  if (row === undefined) return null;
  const { state, result, code, reason, pictures, sha256, captured_at, missing } = row;
  return {
    state,
    requestedAt: timestamp(row.requested_at),
    endedAt: orNull(row.ended_at),
    ...{ result, code, reason, pictures },
    comparesOpening: row.compares_opening === 1,
    standing: JSON.parse(row.standing) as StandingThing[],
    picture:
      sha256 === null || captured_at === null
        ? null
        : { sha256, capturedAt: timestamp(captured_at), available: row.stored_at !== null },
    missing,
  };
}

/** As the Open311 system of its unit has it; of several units, the last one. */
function remoteView(remotes: readonly RemoteRequestRow[]) {
  const last = remotes.toSorted((a, b) => a.posted_at - b.posted_at).at(-1);
  return last === undefined ? null : { number: last.request_id ?? last.token, state: last.state };
}

/** `result` is that of the last look; while it is inconclusive and not `done`, another one follows at `nextAt`. */
function inspectionView(row: InspectionRow): Inspection {
  return {
    id: row.id,
    state: row.state,
    result: row.result,
    reason: row.reason,
    looked: row.looked,
    seen: row.seen,
    score: row.score,
    attempts: row.attempts,
    requestedAt: timestamp(row.requested_at),
    nextAt: row.state === 'waiting' ? orNull(row.due_at) : null,
    endedAt: orNull(row.ended_at),
    evidence: (JSON.parse(row.evidence) as EvidenceRef[]).map(({ name, kind, contentType, sha256 }) => ({
      name,
      kind,
      contentType,
      sha256,
    })),
    missing: row.missing === null ? [] : (JSON.parse(row.missing) as MissingEvidence[]),
  };
}

/** What has happened to it, oldest first, as the audit has it. */
export async function ticketHistory(db: Kysely<Tables>, id: string): Promise<readonly HistoryEntry[]> {
  const rows = await db
    .selectFrom('audit_log')
    .select(['at', 'actor', 'channel', 'action', 'after'])
    .where('subject', '=', `ticket:${id}`)
    .orderBy('seq')
    .limit(500)
    .execute();
  return rows.map(({ at, actor, channel, action, after }) => ({
    at: timestamp(at),
    actor,
    channel,
    action,
    detail: after === null ? null : (JSON.parse(after) as HistoryEntry['detail']),
  }));
}

function orNull(at: number | null): string | null {
  return at === null ? null : timestamp(at);
}

/** A unit sees its own tickets only. */
export function maySee(ticket: Pick<TicketRow, 'unit_id'>, user: User): boolean {
  return user.role !== 'unit' || ticket.unit_id === user.unitId;
}
