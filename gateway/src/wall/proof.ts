/**
 * The latest repair that a camera has proven: its own picture of the damage beside its picture of the whole road. Both are made by
 * boxes, which paint their masks over people's windows; photographs of crews, who may be on them, are never shown here.
 */
import { type EvidenceRef, timestamp } from '@roadwatch/contract';
import type { WallProof } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { cameraNameOf, cameraNames } from '../cameras/names.ts';
import type { Tables } from '../store/tables/index.ts';
import { unitNames } from './cases.ts';

/** Of the latest proofs some may have lost a picture to the retention. */
const TRIED = 5;

export async function latestProof(db: Kysely<Tables>): Promise<WallProof | null> {
  const rows = await db
    .selectFrom('inspections')
    .innerJoin('tickets', 'tickets.id', 'inspections.ticket_id')
    .innerJoin('alerts', 'alerts.id', 'tickets.alert_id')
    .select(['inspections.evidence', 'inspections.ended_at', 'tickets.number', 'tickets.unit_id'])
    .select(['alerts.damage_class', 'alerts.site', 'alerts.agent', 'alerts.camera', 'alerts.detection_id'])
    .select(['alerts.box_x', 'alerts.box_y', 'alerts.box_w', 'alerts.box_h'])
    .where('inspections.result', '=', 'pass')
    .where('inspections.ended_at', 'is not', null)
    .orderBy('inspections.ended_at', 'desc')
    .limit(TRIED)
    .execute();
  for (const row of rows) {
    const after = (JSON.parse(row.evidence) as EvidenceRef[]).find(({ kind }) => kind === 'still');
    const before = await stillOf(db, row.detection_id);
    if (after === undefined || before === undefined || !(await isStored(db, after.sha256))) continue;
    const [names, units] = await Promise.all([cameraNames(db, [row]), unitNames(db)]);
    return {
      number: row.number,
      damageClass: row.damage_class,
      place: cameraNameOf(names, row),
      unit: units.get(row.unit_id) ?? { en: row.unit_id, zh: row.unit_id },
      box: [row.box_x, row.box_y, row.box_w, row.box_h],
      before: { sha256: before.sha256, at: timestamp(before.captured_at) },
      after: { sha256: after.sha256, at: timestamp(row.ended_at as number) },
    };
  }
  return null;
}

/** The camera's picture of a detection, once its bytes have come. */
function stillOf(db: Kysely<Tables>, detectionId: string) {
  return db
    .selectFrom('detection_evidence')
    .innerJoin('evidence', 'evidence.sha256', 'detection_evidence.sha256')
    .select(['detection_evidence.sha256', 'detection_evidence.captured_at'])
    .where('detection_evidence.detection_id', '=', detectionId)
    .where('detection_evidence.kind', '=', 'still')
    .executeTakeFirst();
}

async function isStored(db: Kysely<Tables>, sha256: string): Promise<boolean> {
  const row = await db
    .selectFrom('evidence')
    .select('sha256')
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return row !== undefined;
}
