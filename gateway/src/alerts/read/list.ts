/** Alerts page by page, filtered: newest or oldest first, by when they were judged, or as the queue has them. */
import type { AlertFacts } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { AlertFilter } from '../../queue/filter.ts';
import type { ListOrder } from '../../queue/list-order.ts';
import { keyOfRow } from '../../queue/list-order.ts';
import { askedOf, type City, countOf, idsInOrder, type MapFilter } from '../../queue/on-the-map.ts';
import type { AlertRow } from '../../store/tables/alerts.ts';
import type { Tables } from '../../store/tables/index.ts';
import { viewAlerts } from './view.ts';

export interface AlertList {
  readonly items: readonly AlertFacts[];
  /** Null on the last page. */
  readonly next: string | null;
  /** Of all pages; null where it is not counted. */
  readonly total: number | null;
}

/** Throws Refusal for a unit that has no area, and for a page that none of this order gave. */
export async function listAlerts(
  db: Kysely<Tables>,
  city: City,
  filter: MapFilter,
  { order, limit, after }: { readonly order: ListOrder; readonly limit: number; readonly after?: string },
): Promise<AlertList> {
  // What has no verdict has no place among verdicts, and is not counted with them.
  const within = order === 'judged' ? { ...filter, isJudged: true } : filter;
  const asked = await askedOf(db, city, within);
  const from = after === undefined ? {} : { after };
  const ids = await idsInOrder(db, asked, order, { limit: limit + 1, ...from });
  const page = await rowsById(db, ids.slice(0, limit));
  const last = page.at(-1);
  // What waits is counted by a small index of its own, so each page of the queue says how many.
  const isCounted = after === undefined || (order === 'queue' && asked.fits === null);
  return {
    items: await viewAlerts(db, page),
    next: ids.length > limit && last !== undefined ? keyOfRow(order, last) : null,
    total: isCounted ? await countOf(db, { ...asked, filter: withoutIds(asked.filter) }) : null,
  };
}

function withoutIds({ ids: _, ...filter }: AlertFilter): AlertFilter {
  return filter;
}

/** In the order of the ids; without those that are gone. */
export async function alertsById(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly AlertFacts[]> {
  return viewAlerts(db, await rowsById(db, ids));
}

async function rowsById(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly AlertRow[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('alerts').selectAll().where('id', 'in', ids).execute();
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
}

export async function findAlert(db: Kysely<Tables>, id: string): Promise<AlertFacts | null> {
  const row: AlertRow | undefined = await db
    .selectFrom('alerts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : ((await viewAlerts(db, [row]))[0] ?? null);
}
