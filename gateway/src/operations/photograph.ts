/**
 * Pictures for maintainers: one a day of each camera while all is well with it, of which the last is kept, and one of when something
 * began to be wrong, where it still streams. Asked of the boxes one after the other, so that none of their lines is filled.
 */

import type { AgentCommands } from '../agents/commands.ts';
import { takeStill } from '../agents/take-picture.ts';
import { isOnline } from '../agents/watch.ts';
import { THE_BOX } from '../cameras/incidents.ts';
import type { CameraOf } from '../cameras/source.ts';
import { forgetEvidence } from '../evidence/records.ts';
import { isReferenced } from '../evidence/references.ts';
import type { Store, Tx } from '../store/database.ts';

const DAY_MS = 86_400_000;
/** Of something that began longer ago a picture shows nothing new. */
const FRESH_MS = 600_000;
/** With these no picture comes, so that none is asked for. */
const WITHOUT_PICTURE = ['stalled', 'refused'];

/** Of one incident, or else of one camera that is well. Whether there was one to be asked for. `tried`: when each was asked for last. */
export async function photographNext(
  store: Store,
  commands: Pick<AgentCommands, 'ask'>,
  tried: Map<string, number>,
): Promise<boolean> {
  for (const [key, at] of tried) if (at < store.now() - DAY_MS) tried.delete(key);
  const incident = await nextIncident(store, tried);
  if (incident !== null) {
    tried.set(incident.id, store.now());
    const still = await takeStill(commands, incident).catch(() => null);
    if (still !== null)
      await store.transaction((tx) =>
        tx.db
          .updateTable('incidents')
          .set({ fault_sha256: still.sha256, fault_at: still.captured_at })
          .where('id', '=', incident.id)
          .execute(),
      );
    return true;
  }
  const camera = await nextWell(store, tried);
  if (camera === null) return false;
  tried.set(keyOf(camera), store.now());
  const still = await takeStill(commands, camera).catch(() => null);
  if (still !== null) await store.transaction((tx) => keepGood(tx, camera, still));
  return true;
}

async function nextIncident(store: Store, tried: ReadonlyMap<string, number>) {
  const rows = await store.db
    .selectFrom('incidents')
    .select(['id', 'site', 'agent', 'camera'])
    .where('camera', '!=', THE_BOX)
    .where('code', 'not in', WITHOUT_PICTURE)
    .where('ended_at', 'is', null)
    .where('fault_sha256', 'is', null)
    .where('began_at', '>', store.now() - FRESH_MS)
    .orderBy('began_at')
    .execute();
  return rows.find(({ id }) => !tried.has(id)) ?? null;
}

/** One that streams, of a box that is there, with nothing wrong, whose picture is the oldest of those that are older than a day. */
async function nextWell(store: Store, tried: ReadonlyMap<string, number>): Promise<CameraOf | null> {
  const before = store.now() - DAY_MS;
  const rows = await store.db
    .selectFrom('cameras as c')
    .innerJoin('agents as a', (join) => join.onRef('a.site', '=', 'c.site').onRef('a.agent', '=', 'c.agent'))
    .leftJoin('good_pictures as g', (join) =>
      join.onRef('g.site', '=', 'c.site').onRef('g.agent', '=', 'c.agent').onRef('g.camera', '=', 'c.camera'),
    )
    .select(['c.site', 'c.agent', 'c.camera', 'a.status', 'a.silent_at', 'a.revoked_at'])
    .where('c.condition', '=', 'streaming')
    .where((where) => where.or([where('g.captured_at', 'is', null), where('g.captured_at', '<', before)]))
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('incidents as i')
            .select('i.id')
            .whereRef('i.site', '=', 'c.site')
            .whereRef('i.agent', '=', 'c.agent')
            .whereRef('i.camera', '=', 'c.camera')
            .where('i.ended_at', 'is', null),
        ),
      ),
    )
    .execute();
  return rows.find((row) => isOnline(row) && !tried.has(keyOf(row))) ?? null;
}

async function keepGood(
  tx: Tx,
  { site, agent, camera }: CameraOf,
  picture: { readonly sha256: string; readonly captured_at: number },
): Promise<void> {
  const former = await tx.db
    .selectFrom('good_pictures')
    .select('sha256')
    .where((where) => where.and({ site, agent, camera }))
    .executeTakeFirst();
  await tx.db
    .insertInto('good_pictures')
    .values({ site, agent, camera, ...picture })
    .onConflict((conflict) => conflict.columns(['site', 'agent', 'camera']).doUpdateSet(picture))
    .execute();
  if (former === undefined || former.sha256 === picture.sha256) return;
  if (!(await isReferenced(tx, former.sha256))) await forgetEvidence(tx, [former.sha256]);
}

function keyOf({ site, agent, camera }: CameraOf): string {
  return `${site}/${agent}/${camera}`;
}
