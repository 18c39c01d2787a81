/** Alerts page by page, by state, camera and class. */
import type { AlertFacts, AlertState } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import { QUEUE_ORDER } from '../../queue/order.ts';
import { type Key, type Page, pageOf } from '../../store/page.ts';
import type { Tables } from '../../store/tables/index.ts';
import { HELD_REASON } from '../dedup/rejected-places.ts';
import { QUEUE } from '../machine.ts';
import { viewAlerts } from './view.ts';

export interface AlertFilter {
  /** Left out: all but those that are part of another. */
  readonly states?: readonly AlertState[];
  readonly camera?: string;
  /** Only those held back because the like was rejected at their place. */
  readonly held?: boolean;
  readonly damageClass?: string;
  readonly oldestFirst?: boolean;
  /** In the order in which alerts are judged, with their number. */
  readonly asQueue?: boolean;
}

export async function listAlerts(
  db: Kysely<Tables>,
  filter: AlertFilter,
  page: { readonly limit: number; readonly after?: Key },
): Promise<Page<AlertFacts> & { readonly total: number | null }> {
  const direction = filter.oldestFirst ? 'asc' : 'desc';
  const beyond = filter.oldestFirst ? '>' : '<';
  let query = db.selectFrom('alerts').selectAll();
  if (filter.states === undefined) query = query.where('state', '!=', 'merged');
  // Written out, since SQLite takes the index of the queue for states that it can read only.
  else if (filter.states === QUEUE) query = query.where(sql<boolean>`state = 'new'`);
  else query = query.where('state', 'in', filter.states);
  if (filter.held)
    query = query
      .where('state', '=', 'shelved')
      .where('reason', '=', HELD_REASON)
      .where('verdict_by', '=', 'system');
  if (filter.damageClass !== undefined) query = query.where('damage_class', '=', filter.damageClass as never);
  if (filter.camera !== undefined) {
    const [site = '', agent = '', camera = ''] = filter.camera.split('/');
    query = query.where('site', '=', site).where('agent', '=', agent).where('camera', '=', camera);
  }
  const { after } = page;
  if (filter.asQueue) {
    const counted = await query
      .clearSelect()
      .select((select) => select.fn.countAll().as('total'))
      .executeTakeFirstOrThrow();
    if (after !== undefined)
      query = query.where(
        sql<boolean>`(risk_rank, verdict_due_at, created_at, id) > (select risk_rank, verdict_due_at, created_at, id from alerts where id = ${after.id})`,
      );
    for (const column of QUEUE_ORDER) query = query.orderBy(column);
    const { rows, next } = pageOf(await query.limit(page.limit + 1).execute(), page.limit);
    return { items: await viewAlerts(db, rows), next, total: Number(counted.total) };
  }
  if (after !== undefined)
    query = query.where((where) =>
      where.or([
        where('created_at', beyond, after.at),
        where.and([where('created_at', '=', after.at), where('id', beyond, after.id)]),
      ]),
    );
  const read = await query
    .orderBy('created_at', direction)
    .orderBy('id', direction)
    .limit(page.limit + 1)
    .execute();
  const { rows, next } = pageOf(read, page.limit);
  return { items: await viewAlerts(db, rows), next, total: null };
}

/** In the order of the ids; without those that are gone. */
export async function alertsById(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly AlertFacts[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('alerts').selectAll().where('id', 'in', ids).execute();
  return viewAlerts(
    db,
    ids.flatMap((id) => rows.find((row) => row.id === id) ?? []),
  );
}

export async function findAlert(db: Kysely<Tables>, id: string): Promise<AlertFacts | null> {
  const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : ((await viewAlerts(db, [row]))[0] ?? null);
}
