/** From detections to alerts: one alert for one thing in the world, however often and by whatever message it is reported. */
import { type Detection, damageClass, type NormalizedBox, newId } from '@roadwatch/contract';
import type { Tx } from '../store/database.ts';
import type { AlertRow, DetectionRow } from '../store/tables.ts';
import { type MergeRule, placeKey, samePlace } from './place.ts';

/** Finds or makes the alert of a detection that has none yet. Returns the alert's id; null for a class that never alerts. */
export async function raiseAlert(tx: Tx, detection: Detection, rule: MergeRule): Promise<string | null> {
  if (!damageClass(detection.damageClass).alerts) return null;
  const here = await tx
    .locked(
      tx.db
        .selectFrom('alerts')
        .selectAll()
        .where('site', '=', detection.site)
        .where('agent', '=', detection.agent)
        .where('camera', '=', detection.camera)
        .where('damage_class', '=', detection.damageClass),
    )
    .where((where) => where.or([where('open_key', 'is not', null), where('ticket_id', 'is not', null)]))
    .execute();
  const places = here.map((row) => ({ row, box: boxOf(row) }));
  const twin = samePlace(
    places.filter(({ row }) => row.open_key !== null),
    detection.box,
    rule,
  );
  if (twin !== null) {
    await addOccurrence(tx, twin.row, detection);
    return twin.row.id;
  }
  const earlier = samePlace(
    places.filter(({ row }) => row.open_key === null),
    detection.box,
    rule,
  );
  return createAlert(tx, detection, earlier?.row.id ?? null);
}

/** A further message of a detection that has its alert already. */
export async function refreshAlert(tx: Tx, alertId: string, detection: Detection): Promise<void> {
  const query = tx.db.selectFrom('alerts').selectAll().where('id', '=', alertId);
  const alert = await tx.locked(query).executeTakeFirstOrThrow();
  await update(tx, alert, {
    ...sightingOf(alert, detection),
    condition: await conditionOf(tx, alert.id, detection),
  });
}

async function createAlert(tx: Tx, detection: Detection, recurrenceOf: string | null): Promise<string> {
  const id = newId();
  const { site, agent, camera, damageClass: name, box, position } = detection;
  const [box_x, box_y, box_w, box_h] = box;
  await tx.db
    .insertInto('alerts')
    .values({
      id,
      open_key: openKey({ site, agent, camera, damage_class: name, box_x, box_y, box_w, box_h }),
      site,
      agent,
      camera,
      damage_class: name,
      state: 'new',
      condition: detection.event === 'cleared' ? 'absent' : 'present',
      box_x,
      box_y,
      box_w,
      box_h,
      latitude: position?.latitude ?? null,
      longitude: position?.longitude ?? null,
      detection_id: detection.id,
      score: detection.score,
      occurrences: 1,
      first_seen_at: Date.parse(detection.firstSeenAt),
      last_seen_at: Date.parse(detection.lastSeenAt),
      created_at: tx.at,
      updated_at: tx.at,
      claimed_by: null,
      claim_until: null,
      verdict_by: null,
      verdict_at: null,
      reason: null,
      note: null,
      shelved_until: null,
      merged_into: null,
      ticket_id: null,
      recurrence_of: recurrenceOf,
      version: 1,
    })
    .execute();
  tx.changed({ kind: 'alert', subject: id, data: { state: 'new' } });
  return id;
}

async function addOccurrence(tx: Tx, alert: AlertRow, detection: Detection): Promise<void> {
  const better = detection.score > alert.score && detection.evidence.length > 0;
  await update(tx, alert, {
    ...sightingOf(alert, detection),
    occurrences: alert.occurrences + 1,
    ...(detection.event === 'cleared' ? {} : { condition: 'present' as const }),
    ...(better ? { detection_id: detection.id, score: detection.score } : {}),
  });
}

function sightingOf(alert: AlertRow, detection: Detection): Pick<AlertRow, 'first_seen_at' | 'last_seen_at'> {
  return {
    first_seen_at: Math.min(alert.first_seen_at, Date.parse(detection.firstSeenAt)),
    last_seen_at: Math.max(alert.last_seen_at, Date.parse(detection.lastSeenAt)),
  };
}

/** What the camera says: absent once every detection of the alert has been seen whole again. It never closes anything. */
async function conditionOf(tx: Tx, alertId: string, latest: Detection): Promise<AlertRow['condition']> {
  if (latest.event !== 'cleared') return 'present';
  const present = await tx.db
    .selectFrom('detections')
    .select('id')
    .where('alert_id', '=', alertId)
    .where('event', '!=', 'cleared')
    .where('id', '!=', latest.id)
    .limit(1)
    .execute();
  return present.length > 0 ? 'present' : 'absent';
}

async function update(tx: Tx, alert: AlertRow, set: Partial<AlertRow>): Promise<void> {
  await tx.db
    .updateTable('alerts')
    .set({ ...set, updated_at: tx.at })
    .where('id', '=', alert.id)
    .execute();
  tx.changed({ kind: 'alert', subject: alert.id, data: { state: alert.state } });
}

/** Unique among alerts into which detections may still be merged. */
export function openKey(
  alert: Pick<AlertRow, 'site' | 'agent' | 'camera' | 'damage_class' | 'box_x' | 'box_y' | 'box_w' | 'box_h'>,
): string {
  return [alert.site, alert.agent, alert.camera, alert.damage_class, placeKey(boxOf(alert))].join('/');
}

export function boxOf(row: Pick<DetectionRow, 'box_x' | 'box_y' | 'box_w' | 'box_h'>): NormalizedBox {
  return [row.box_x, row.box_y, row.box_w, row.box_h];
}
