/** Stores a Detection message once, and lets it make or renew its alert. */
import type { Detection } from '@roadwatch/contract';
import type { MergeRule } from '../alerts/place.ts';
import { raiseAlert, refreshAlert } from '../alerts/raise.ts';
import type { Tx } from '../store/database.ts';
import type { DetectionRow } from '../store/tables.ts';

/** Null when it is stored, now or before; otherwise why it cannot be. */
export async function storeDetection(
  tx: Tx,
  detection: Detection,
  payload: { readonly text: string; readonly sha256: string },
  rule: MergeRule,
): Promise<string | null> {
  // All detections of one camera wait here for each other, so that two of one thing cannot both make an alert.
  await lockCamera(tx, detection);
  const { id, revision } = detection;
  const known = await tx.db.selectFrom('detections').selectAll().where('id', '=', id).executeTakeFirst();
  if (known !== undefined && !sameOrigin(known, detection)) return `id: ${id} belongs to another camera`;
  const inserted = await tx.db
    .insertInto('detection_messages')
    .values({ detection_id: id, revision, sha256: payload.sha256, payload: payload.text, stored_at: tx.at })
    .onConflict((conflict) => conflict.columns(['detection_id', 'revision']).doNothing())
    .executeTakeFirst();
  if ((inserted.numInsertedOrUpdatedRows ?? 0n) === 0n) return null;
  await storeEvidenceRefs(tx, detection, revision > (known?.revision ?? 0));
  if (known === undefined) {
    const alertId = await raiseAlert(tx, detection, rule);
    await tx.db
      .insertInto('detections')
      .values(rowOf(detection, alertId, tx.at))
      .execute();
  } else if (revision > known.revision) {
    const { stored_at: _, ...row } = rowOf(detection, known.alert_id, tx.at);
    await tx.db.updateTable('detections').set(row).where('id', '=', id).execute();
    if (known.alert_id !== null) await refreshAlert(tx, known.alert_id, detection);
  }
  return null;
}

async function lockCamera(tx: Tx, { site, agent, camera }: Detection): Promise<void> {
  await tx.db
    .insertInto('cameras')
    .values({ site, agent, camera, condition: null, state: null, state_at: null })
    .onConflict((conflict) => conflict.columns(['site', 'agent', 'camera']).doNothing())
    .execute();
  const query = tx.db.selectFrom('cameras').select('camera');
  await tx
    .locked(query.where('site', '=', site).where('agent', '=', agent).where('camera', '=', camera))
    .execute();
}

function sameOrigin(known: DetectionRow, { site, agent, camera }: Detection): boolean {
  return known.site === site && known.agent === agent && known.camera === camera;
}

/** What a newer message shows under a name replaces what an older one did. */
async function storeEvidenceRefs(tx: Tx, detection: Detection, newest: boolean): Promise<void> {
  if (detection.evidence.length === 0) return;
  await tx.db
    .insertInto('detection_evidence')
    .values(
      detection.evidence.map((entry) => ({
        detection_id: detection.id,
        name: entry.name,
        kind: entry.kind,
        sha256: entry.sha256,
        content_type: entry.contentType,
        captured_at: Date.parse(entry.capturedAt),
      })),
    )
    .onConflict((conflict) => {
      const same = conflict.columns(['detection_id', 'name']);
      if (!newest) return same.doNothing();
      return same.doUpdateSet((row) => ({
        kind: row.ref('excluded.kind'),
        sha256: row.ref('excluded.sha256'),
        content_type: row.ref('excluded.content_type'),
        captured_at: row.ref('excluded.captured_at'),
      }));
    })
    .execute();
}

function rowOf(detection: Detection, alertId: string | null, at: number): DetectionRow {
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
    stored_at: at,
  };
}
