/** Which pictures belong to the tickets of a unit: of the alert behind one, of its crew, and of its inspections; no others. */
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables/index.ts';

export async function isPictureOfUnit(db: Kysely<Tables>, unitId: string, sha256: string): Promise<boolean> {
  const ofCrew = await db
    .selectFrom('ticket_photos')
    .innerJoin('tickets', 'tickets.id', 'ticket_photos.ticket_id')
    .select('tickets.id')
    .where('ticket_photos.sha256', '=', sha256)
    .where('tickets.unit_id', '=', unitId)
    .limit(1)
    .executeTakeFirst();
  if (ofCrew !== undefined) return true;
  const ofAlert = await db
    .selectFrom('detection_evidence')
    .innerJoin('detections', 'detections.id', 'detection_evidence.detection_id')
    .innerJoin('alerts', 'alerts.id', 'detections.alert_id')
    .innerJoin('tickets', (join) =>
      join.on((on) =>
        on.or([
          on('tickets.alert_id', '=', on.ref('alerts.id')),
          on('tickets.alert_id', '=', on.ref('alerts.root_id')),
        ]),
      ),
    )
    .select('tickets.id')
    .where('detection_evidence.sha256', '=', sha256)
    .where('tickets.unit_id', '=', unitId)
    .limit(1)
    .executeTakeFirst();
  if (ofAlert !== undefined) return true;
  const ofInspection = await db
    .selectFrom('inspections')
    .innerJoin('tickets', 'tickets.id', 'inspections.ticket_id')
    .select('tickets.id')
    .where('tickets.unit_id', '=', unitId)
    .where('inspections.evidence', 'like', `%"${sha256}"%`)
    .limit(1)
    .executeTakeFirst();
  return ofInspection !== undefined;
}
