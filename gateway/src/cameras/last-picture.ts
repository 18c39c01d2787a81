/** The newest picture of a camera that has come: of damage that it has seen, of a look at a repair, or asked for. Boxes paint their masks into all. */
import { type EvidenceRef, timestamp } from '@roadwatch/contract';
import type { CameraPicture } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables/index.ts';
import type { CameraOf } from './source.ts';

/** Of the newest some may have lost their bytes to the retention, or wait for them. */
const TRIED = 5;

/** Null when none has come, or none is kept any more. */
export async function lastPicture(db: Kysely<Tables>, of: CameraOf): Promise<CameraPicture | null> {
  const found = await Promise.all([ofDamage(db, of), ofRepair(db, of), askedFor(db, of)]);
  const newest = found.flatMap((picture) => picture ?? []).sort((a, b) => b.at - a.at)[0];
  return newest === undefined ? null : { sha256: newest.sha256, capturedAt: timestamp(newest.at) };
}

interface Found {
  readonly sha256: string;
  readonly at: number;
}

async function ofDamage(db: Kysely<Tables>, { site, agent, camera }: CameraOf): Promise<Found | undefined> {
  const newest = db
    .selectFrom('detections')
    .select('id')
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('camera', '=', camera)
    .orderBy('last_seen_at', 'desc')
    .limit(TRIED);
  return db
    .selectFrom('detection_evidence')
    .innerJoin('evidence', 'evidence.sha256', 'detection_evidence.sha256')
    .select(['detection_evidence.sha256', 'detection_evidence.captured_at as at'])
    .where('detection_evidence.kind', '=', 'still')
    .where('detection_evidence.detection_id', 'in', newest)
    .orderBy('detection_evidence.captured_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

async function ofRepair(db: Kysely<Tables>, { site, agent, camera }: CameraOf): Promise<Found | undefined> {
  const rows = await db
    .selectFrom('alerts')
    .innerJoin('tickets', 'tickets.alert_id', 'alerts.id')
    .innerJoin('inspections', 'inspections.ticket_id', 'tickets.id')
    .select('inspections.evidence')
    .where('alerts.site', '=', site)
    .where('alerts.agent', '=', agent)
    .where('alerts.camera', '=', camera)
    .where('inspections.ended_at', 'is not', null)
    .orderBy('inspections.ended_at', 'desc')
    .limit(TRIED)
    .execute();
  const stills = rows
    .flatMap(({ evidence }) => JSON.parse(evidence) as EvidenceRef[])
    .filter(({ kind }) => kind === 'still')
    .map(({ sha256, capturedAt }) => ({ sha256, at: Date.parse(capturedAt) }))
    .sort((a, b) => b.at - a.at);
  if (stills.length === 0) return undefined;
  const kept = await db
    .selectFrom('evidence')
    .select('sha256')
    .where(
      'sha256',
      'in',
      stills.map(({ sha256 }) => sha256),
    )
    .execute();
  return stills.find(({ sha256 }) => kept.some((row) => row.sha256 === sha256));
}

async function askedFor(db: Kysely<Tables>, { site, agent, camera }: CameraOf): Promise<Found | undefined> {
  return db
    .selectFrom('asked_pictures')
    .innerJoin('evidence', 'evidence.sha256', 'asked_pictures.sha256')
    .select(['asked_pictures.sha256', 'asked_pictures.captured_at as at'])
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('camera', '=', camera)
    .executeTakeFirst();
}
