/** The newest picture of a camera that has come: of damage that it has seen, of a look at a repair, or asked for. Boxes paint their masks into all. */
import { type EvidenceRef, timestamp } from '@roadwatch/contract';
import type { CameraPicture } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables/index.ts';
import { cameraKey } from './names.ts';
import type { CameraOf } from './source.ts';

/** Of the newest some may have lost their bytes to the retention, or wait for them. */
const TRIED = 5;

/** Null when none has come, or none is kept any more. */
export async function lastPicture(db: Kysely<Tables>, of: CameraOf): Promise<CameraPicture | null> {
  return (await lastPictures(db, [of])).get(cameraKey(of)) ?? null;
}

/** Of those of a page that have one, by SITE/AGENT/CAMERA: as many questions of the store for a hundred as for one. */
export async function lastPictures(
  db: Kysely<Tables>,
  cameras: readonly CameraOf[],
): Promise<ReadonlyMap<string, CameraPicture>> {
  if (cameras.length === 0) return new Map();
  const found = await Promise.all([ofDamage(db, cameras), ofRepair(db, cameras), askedFor(db, cameras)]);
  const inOrder = found.flat().sort((a, b) => a.at - b.at);
  return new Map(
    inOrder.map(({ sha256, at, ...of }) => [cameraKey(of), { sha256, capturedAt: timestamp(at) }]),
  );
}

type Found = CameraOf & { readonly sha256: string; readonly at: number };

async function ofDamage(db: Kysely<Tables>, cameras: readonly CameraOf[]): Promise<readonly Found[]> {
  return cameras
    .map(({ site, agent, camera }) => {
      const newest = db
        .selectFrom('detections')
        .select(['id', 'site', 'agent', 'camera'])
        .where((where) => where.and({ site, agent, camera }))
        .orderBy('last_seen_at', 'desc')
        .limit(TRIED);
      return db
        .selectFrom(newest.as('newest'))
        .innerJoin('detection_evidence', 'detection_evidence.detection_id', 'newest.id')
        .innerJoin('evidence', 'evidence.sha256', 'detection_evidence.sha256')
        .select(['newest.site', 'newest.agent', 'newest.camera'])
        .select(['detection_evidence.sha256', 'detection_evidence.captured_at as at'])
        .where('detection_evidence.kind', '=', 'still');
    })
    .reduce((all, one) => all.unionAll(one))
    .execute();
}

async function ofRepair(db: Kysely<Tables>, cameras: readonly CameraOf[]): Promise<readonly Found[]> {
  const rows = await cameras
    .map(({ site, agent, camera }) => {
      const newest = db
        .selectFrom('tickets')
        .innerJoin('inspections', 'inspections.ticket_id', 'tickets.id')
        .select(['tickets.site', 'tickets.agent', 'tickets.camera', 'inspections.evidence'])
        .where((where) =>
          where.and({ 'tickets.site': site, 'tickets.agent': agent, 'tickets.camera': camera }),
        )
        .where('inspections.ended_at', 'is not', null)
        .orderBy('inspections.ended_at', 'desc')
        .limit(TRIED);
      return db.selectFrom(newest.as('newest')).selectAll();
    })
    .reduce((all, one) => all.unionAll(one))
    .execute();
  const stills = rows.flatMap(({ evidence, ...of }) =>
    (JSON.parse(evidence) as EvidenceRef[])
      .filter(({ kind }) => kind === 'still')
      .map(({ sha256, capturedAt }) => ({ ...of, sha256, at: Date.parse(capturedAt) })),
  );
  if (stills.length === 0) return [];
  const names = [...new Set(stills.map(({ sha256 }) => sha256))];
  const rest = await db.selectFrom('evidence').select('sha256').where('sha256', 'in', names).execute();
  const kept = new Set(rest.map(({ sha256 }) => sha256));
  return stills.filter(({ sha256 }) => kept.has(sha256));
}

async function askedFor(db: Kysely<Tables>, cameras: readonly CameraOf[]): Promise<readonly Found[]> {
  return db
    .selectFrom('asked_pictures')
    .innerJoin('evidence', 'evidence.sha256', 'asked_pictures.sha256')
    .select(['site', 'agent', 'camera', 'asked_pictures.sha256', 'asked_pictures.captured_at as at'])
    .where((where) => where.or(cameras.map(({ site, agent, camera }) => where.and({ site, agent, camera }))))
    .execute();
}
