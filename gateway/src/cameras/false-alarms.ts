/** How many of a camera's alerts people have rejected, of those that they have judged. */
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables/index.ts';
import { cameraKey } from './names.ts';
import type { CameraOf } from './source.ts';

const JUDGED_DAYS = 30;
const DAY_MS = 86_400_000;

export interface Judged {
  readonly judged: number;
  readonly rejected: number;
}

/** By SITE/AGENT/CAMERA, of alerts that came within the last 30 days; a verdict of the gateway itself is none. */
export async function falseAlarms(
  db: Kysely<Tables>,
  cameras: readonly CameraOf[],
  now: number,
): Promise<ReadonlyMap<string, Judged>> {
  if (cameras.length === 0) return new Map();
  // Camera by camera, in one question: asked for any of them, SQLite would look through what the whole city has judged.
  const rows = await cameras
    .map(({ site, agent, camera }) =>
      db
        .selectFrom('alerts')
        .select(({ fn }) => ['site', 'agent', 'camera', 'state', fn.countAll().as('count')])
        .where((where) => where.and({ site, agent, camera }))
        .where('created_at', '>=', now - JUDGED_DAYS * DAY_MS)
        .where('state', 'in', ['confirmed', 'rejected'])
        .where('verdict_by', '!=', 'system')
        .groupBy(['site', 'agent', 'camera', 'state']),
    )
    .reduce((all, one) => all.unionAll(one))
    .execute();
  const found = new Map<string, Judged>();
  for (const { state, count, ...of } of rows) {
    const before = found.get(cameraKey(of)) ?? { judged: 0, rejected: 0 };
    found.set(cameraKey(of), {
      judged: before.judged + Number(count),
      rejected: before.rejected + (state === 'rejected' ? Number(count) : 0),
    });
  }
  return found;
}
