/** Open alerts that could be the same thing as one: those of its camera, and those whose places lie close to its
 * own, also what people have reported. */
import type { AlertNearby } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { hasCamera, NO_CAMERA, sameCamera } from '../../cameras/source.ts';
import { latitudesAround, metresBetween } from '../../geo/distance.ts';
import { positionOf } from '../../geo/position.ts';
import type { AlertRow } from '../../store/tables/alerts.ts';
import type { Tables } from '../../store/tables/index.ts';
import { viewAlerts } from './view.ts';

const REACH_M = 100;
const MOST = 10;

/** Nearest first; `metres` is null where a place is not known. Null when there is no such alert. */
export async function mergeCandidates(
  db: Kysely<Tables>,
  id: string,
): Promise<readonly AlertNearby[] | null> {
  const alert = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
  if (alert === undefined) return null;
  const here = positionOf(alert);
  const [south, north] = here === null ? [null, null] : latitudesAround(here, REACH_M);
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .$if(hasCamera(alert), (query) => query.where('site', 'in', [alert.site, NO_CAMERA.site]))
    .where('open_key', 'is not', null)
    .where('root_id', 'is', null)
    .where('id', '!=', id)
    .where((where) =>
      where.or([
        where.and([
          where('agent', '=', alert.agent),
          where('camera', '=', alert.camera),
          where('camera', '!=', NO_CAMERA.camera),
        ]),
        where.and([where('latitude', '>=', south), where('latitude', '<=', north)]),
      ]),
    )
    .orderBy('id', 'desc')
    .limit(1000)
    .execute();
  const metresTo = (row: AlertRow): number | null => {
    const there = positionOf(row);
    return here === null || there === null ? null : metresBetween(here, there);
  };
  const near = rows
    .map((row) => ({ row, metres: metresTo(row) }))
    .filter(
      ({ row, metres }) =>
        (hasCamera(alert) && sameCamera(row, alert)) || (metres !== null && metres <= REACH_M),
    )
    .sort((a, b) => (a.metres ?? 0) - (b.metres ?? 0))
    .slice(0, MOST);
  const views = await viewAlerts(
    db,
    near.map(({ row }) => row),
  );
  return views.map((view, index) => ({ ...view, metres: near[index]?.metres ?? null }));
}
