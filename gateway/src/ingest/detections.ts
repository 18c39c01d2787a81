/** Stores Detection messages once each, and lets them make or renew their alerts: a whole batch in a few statements. */
import type { Detection } from '@roadwatch/contract';
import { type CameraOf, sameCamera } from '../cameras/source.ts';
import type { Tx } from '../store/database.ts';
import type { DetectionEvidenceRow, DetectionRow } from '../store/tables/alerts.ts';
import type { Why } from './message.ts';

export interface DetectionMessage {
  readonly detection: Detection;
  readonly text: string;
  readonly sha256: string;
}

/** Makes alerts of detections, and finds those that there are. */
export interface AlertIntake {
  /** To be called once, before any alert is read, with all detections that may make one. */
  lock(tx: Tx, fresh: readonly Detection[]): Promise<void>;
  /** `alertIds`: alerts of detections that are known already. */
  open(tx: Tx, cameras: readonly CameraOf[], alertIds: readonly string[]): Promise<OpenIntake>;
}

/** The alerts of some cameras, changed by one detection after the other and saved once. */
interface OpenIntake {
  /** The alert of a detection that has none yet; null for a class that never alerts. */
  raise(detection: Detection): Promise<string | null>;
  /** A further message of a detection that has its alert already. */
  refresh(alertId: string, detection: Detection): void;
  /** The detections must have been written before. */
  save(): Promise<void>;
}

/** For each message null when it is stored, now or before; otherwise why it cannot be. */
export async function storeDetections(
  tx: Tx,
  messages: readonly DetectionMessage[],
  intake: AlertIntake,
): Promise<(Why | null)[]> {
  if (messages.length === 0) return [];
  // All detections of one camera wait here for each other, so that two of one thing cannot both make an alert.
  await lockCameras(tx, camerasOf(messages));
  const known = await knownDetections(tx, [...new Set(messages.map(({ detection }) => detection.id))]);
  const { outcomes, accepted } = checkOrigins(messages, known);
  const fresh = await storeMessages(tx, accepted);
  await intake.lock(
    tx,
    fresh.flatMap(({ detection }) => (known.has(detection.id) ? [] : [detection])),
  );
  const alertIds = [...known.values()].flatMap((row) => (row.alert_id === null ? [] : [row.alert_id]));
  const alerts = await intake.open(tx, camerasOf(fresh), [...new Set(alertIds)]);
  const changed = new Set<string>();
  const newest = new Map<string, DetectionEvidenceRow>();
  const older = new Map<string, DetectionEvidenceRow>();
  for (const { detection } of fresh) {
    const { id, revision } = detection;
    const before = known.get(id);
    const isNewest = revision > (before?.revision ?? 0);
    for (const row of evidenceRows(detection)) (isNewest ? newest : older).set(`${id}/${row.name}`, row);
    if (!isNewest) continue;
    const alertId = before === undefined ? await alerts.raise(detection) : before.alert_id;
    if (before !== undefined && alertId !== null) alerts.refresh(alertId, detection);
    known.set(id, rowOf(detection, alertId, before?.stored_at ?? tx.at));
    changed.add(id);
  }
  await saveEvidence(tx, [...newest.values()], [...older.values()]);
  await saveDetections(
    tx,
    [...changed].map((id) => known.get(id) as DetectionRow),
  );
  await alerts.save();
  return outcomes;
}

function camerasOf(messages: readonly DetectionMessage[]): readonly CameraOf[] {
  const cameras = new Map(
    messages.map(({ detection: { site, agent, camera } }) => [
      `${site}/${agent}/${camera}`,
      { site, agent, camera },
    ]),
  );
  return [...cameras].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, camera]) => camera);
}

/** In the same order everywhere, so that no two transactions wait for each other. */
async function lockCameras(tx: Tx, cameras: readonly CameraOf[]): Promise<void> {
  await tx.db
    .insertInto('cameras')
    .values(cameras.map((camera) => ({ ...camera, condition: null, state: null, state_at: null })))
    .onConflict((conflict) => conflict.columns(['site', 'agent', 'camera']).doNothing())
    .execute();
  const query = tx.db.selectFrom('cameras').select('camera');
  await tx
    .locked(
      query
        .where((where) =>
          where.or(
            cameras.map(({ site, agent, camera }) =>
              where.and([where('site', '=', site), where('agent', '=', agent), where('camera', '=', camera)]),
            ),
          ),
        )
        .orderBy('site')
        .orderBy('agent')
        .orderBy('camera'),
    )
    .execute();
}

async function knownDetections(tx: Tx, ids: readonly string[]): Promise<Map<string, DetectionRow>> {
  const rows = await tx.db.selectFrom('detections').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** A detection belongs to the camera that reported it first. */
function checkOrigins(messages: readonly DetectionMessage[], known: ReadonlyMap<string, CameraOf>) {
  const origins = new Map<string, CameraOf>();
  const accepted: DetectionMessage[] = [];
  const outcomes = messages.map((message) => {
    const { detection } = message;
    const origin = known.get(detection.id) ?? origins.get(detection.id) ?? detection;
    origins.set(detection.id, origin);
    if (!sameCamera(origin, detection))
      return {
        code: 'detection_of_other_camera',
        reason: `id: ${detection.id} belongs to another camera`,
      } as const;
    accepted.push(message);
    return null;
  });
  return { outcomes, accepted };
}

/** Returns those that had not been stored before, each once. */
async function storeMessages(tx: Tx, messages: readonly DetectionMessage[]): Promise<DetectionMessage[]> {
  if (messages.length === 0) return [];
  const inserted = await tx.db
    .insertInto('detection_messages')
    .values(
      messages.map(({ detection, text, sha256 }) => ({
        detection_id: detection.id,
        revision: detection.revision,
        sha256,
        payload: text,
        stored_at: tx.at,
        key_id: detection.signature?.key ?? null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['detection_id', 'revision']).doNothing())
    .returning(['detection_id', 'revision'])
    .execute();
  const fresh = new Set(inserted.map((row) => `${row.detection_id}/${row.revision}`));
  return messages.filter(({ detection }) => fresh.delete(`${detection.id}/${detection.revision}`));
}

function evidenceRows(detection: Detection): DetectionEvidenceRow[] {
  return detection.evidence.map((entry) => ({
    detection_id: detection.id,
    name: entry.name,
    kind: entry.kind,
    sha256: entry.sha256,
    content_type: entry.contentType,
    captured_at: Date.parse(entry.capturedAt),
  }));
}

/** What a newer message shows under a name replaces what an older one did. */
async function saveEvidence(
  tx: Tx,
  newest: readonly DetectionEvidenceRow[],
  older: readonly DetectionEvidenceRow[],
): Promise<void> {
  const insert = (rows: readonly DetectionEvidenceRow[]) =>
    tx.db.insertInto('detection_evidence').values([...rows]);
  const key = ['detection_id', 'name'] as const;
  if (newest.length > 0)
    await insert(newest)
      .onConflict((conflict) =>
        conflict.columns(key).doUpdateSet((row) => ({
          kind: row.ref('excluded.kind'),
          sha256: row.ref('excluded.sha256'),
          content_type: row.ref('excluded.content_type'),
          captured_at: row.ref('excluded.captured_at'),
        })),
      )
      .execute();
  if (older.length > 0)
    await insert(older)
      .onConflict((conflict) => conflict.columns(key).doNothing())
      .execute();
}

async function saveDetections(tx: Tx, rows: readonly DetectionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.db
    .insertInto('detections')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        revision: row.ref('excluded.revision'),
        event: row.ref('excluded.event'),
        damage_class: row.ref('excluded.damage_class'),
        score: row.ref('excluded.score'),
        box_x: row.ref('excluded.box_x'),
        box_y: row.ref('excluded.box_y'),
        box_w: row.ref('excluded.box_w'),
        box_h: row.ref('excluded.box_h'),
        latitude: row.ref('excluded.latitude'),
        longitude: row.ref('excluded.longitude'),
        first_seen_at: row.ref('excluded.first_seen_at'),
        last_seen_at: row.ref('excluded.last_seen_at'),
      })),
    )
    .execute();
}

function rowOf(detection: Detection, alertId: string | null, storedAt: number): DetectionRow {
  const [box_x, box_y, box_w, box_h] = detection.box;
  return {
    id: detection.id,
    site: detection.site,
    agent: detection.agent,
    camera: detection.camera,
    revision: detection.revision,
    event: detection.event,
    damage_class: detection.damageClass,
    score: detection.score,
    box_x,
    box_y,
    box_w,
    box_h,
    first_seen_at: Date.parse(detection.firstSeenAt),
    last_seen_at: Date.parse(detection.lastSeenAt),
    latitude: detection.position?.latitude ?? null,
    longitude: detection.position?.longitude ?? null,
    alert_id: alertId,
    stored_at: storedAt,
  };
}
