/**
 * Alerts that are one thing in the world. Each keeps its own row, its detections and its place in its camera's picture; one of
 * them, the root, stands for all and alone is judged. So to take a merge back is to let go of a row, and nothing is mixed up.
 */

import { hasCamera } from '../cameras/source.ts';
import type { Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { openKey, reportKey } from './dedup/dedup-key.ts';

/** A group is never larger than this, so that whatever is done to one is done at once. */
export const MAX_GROUP = 100;

/** Further detections at the places of the whole group make new alerts from now on. */
export async function closePlaces(tx: Tx, rootId: string): Promise<void> {
  await tx.db
    .updateTable('alerts')
    .set({ open_key: null, updated_at: tx.at })
    .where((where) => where.or([where('id', '=', rootId), where('root_id', '=', rootId)]))
    .where('open_key', 'is not', null)
    .execute();
}

/** Further detections find the group again, except at places that another alert has taken meanwhile. */
export async function reopenPlaces(tx: Tx, rootId: string): Promise<void> {
  for (const row of await membersOf(tx, rootId))
    if (row.open_key === null)
      await tx.db
        .updateTable('alerts')
        .set({ open_key: await freeKey(tx, row) })
        .where('id', '=', row.id)
        .execute();
}

/** The key under which further detections find the alert; null when another one has taken its place meanwhile. */
export async function freeKey(tx: Tx, alert: AlertRow): Promise<string | null> {
  const key = hasCamera(alert) ? openKey(alert) : reportKey(alert.id);
  const taken = await tx.db
    .selectFrom('alerts')
    .select('id')
    .where('open_key', '=', key)
    .where('id', '!=', alert.id)
    .executeTakeFirst();
  return taken === undefined ? key : null;
}

/** The others of a group, locked. */
export function membersOf(tx: Tx, rootId: string): Promise<AlertRow[]> {
  return tx
    .locked(tx.db.selectFrom('alerts').selectAll().where('root_id', '=', rootId).orderBy('id'))
    .execute();
}

/** Those that were merged into the alert, directly or through others. */
export function descendantsOf(id: string, members: readonly AlertRow[]): AlertRow[] {
  const found: AlertRow[] = [];
  for (let parents = [id]; parents.length > 0; ) {
    const children = members.filter(
      ({ merged_into }) => merged_into !== null && parents.includes(merged_into),
    );
    found.push(...children);
    parents = children.map((row) => row.id);
  }
  return found;
}

/** One alert stands for these from now on. */
export async function setRoot(tx: Tx, rows: readonly AlertRow[], rootId: string): Promise<void> {
  if (rows.length === 0) return;
  await tx.db
    .updateTable('alerts')
    .set({ root_id: rootId, updated_at: tx.at })
    .where(
      'id',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
  for (const { id } of rows) tx.changed({ kind: 'alert', subject: id, data: { state: 'merged' } });
}

export async function setParent(tx: Tx, rows: readonly AlertRow[], parentId: string): Promise<void> {
  for (const { id } of rows)
    await tx.db.updateTable('alerts').set({ merged_into: parentId }).where('id', '=', id).execute();
}
