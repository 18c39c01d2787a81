/** Alerts as they come in, and as they are judged. They are no unit's: whoever asks for one unit gets none. */
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables/index.ts';
import { JUDGED, RECEIVED } from '../definitions.ts';
import { type FactFilter, PAGE, PLACE, type Source, within } from './fact.ts';

const received: Source = async (db, window, filter) => {
  const rows = await alerts(db, filter)
    .select([...PLACE, 'id', 'created_at as at'])
    .where(within('created_at', 'id', window))
    .orderBy('created_at')
    .orderBy('id')
    .limit(PAGE)
    .execute();
  return rows.map((row) => ({
    ...row,
    unit: null,
    turnsAt: null,
    counts: { received: RECEIVED.received() },
  }));
};

const judged: Source = async (db, window, filter) => {
  const rows = await alerts(db, filter)
    .select([...PLACE, 'id', 'state', 'verdict_by', 'created_at'])
    .select((select) => select.ref('verdict_at').$notNull().as('at'))
    .where(within('verdict_at', 'id', window))
    .orderBy('verdict_at')
    .orderBy('id')
    .limit(PAGE)
    .execute();
  return rows.map(({ state, verdict_by, created_at, ...row }) => {
    const fact = { state, byPerson: verdict_by !== 'system', createdAt: created_at, judgedAt: row.at };
    const counts = { timeToVerdict: JUDGED.timeToVerdict(fact), precision: JUDGED.precision(fact) };
    return { ...row, unit: null, turnsAt: null, counts };
  });
};

export const ALERT_SOURCES: readonly Source[] = [received, judged];

function alerts(db: Kysely<Tables>, { damageClass, camera }: FactFilter) {
  let query = db.selectFrom('alerts');
  if (damageClass !== undefined) query = query.where('damage_class', '=', damageClass);
  if (camera !== undefined)
    query = query
      .where('site', '=', camera.site)
      .where('agent', '=', camera.agent)
      .where('camera', '=', camera.camera);
  return query;
}
