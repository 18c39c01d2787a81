/** Alerts page by page, filtered: newest or oldest first, or as the queue has them. */
import type { AlertFacts } from '@roadwatch/contract/api';
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Config } from '../../config/config.ts';
import { areaContains } from '../../geo/area.ts';
import { unitFor } from '../../orders/units.ts';
import { type AlertFilter, matches } from '../../queue/filter.ts';
import { Refusal } from '../../refusal.ts';
import type { AlertRow } from '../../store/tables/alerts.ts';
import type { Tables } from '../../store/tables/index.ts';
import { HELD_REASON } from '../dedup/rejected-places.ts';
import { beyond, keyOfRow, LIST_ORDERS, type ListOrder } from './list-order.ts';
import { viewAlerts } from './view.ts';

/** So many are looked through for those of a unit or an area, which only the city's map knows. */
const LOOKED_THROUGH = 50_000;

export interface ListFilter extends AlertFilter {
  /** Only those held back because the like was rejected at their place. */
  readonly held?: boolean;
  /** That it goes to, or has gone to. */
  readonly unit?: string;
  /** In the area of this unit. */
  readonly area?: string;
}

export interface AlertList {
  readonly items: readonly AlertFacts[];
  /** Null on the last page. */
  readonly next: string | null;
  /** Of all pages; null where it is not counted. */
  readonly total: number | null;
}

type City = Pick<Config, 'units' | 'areas' | 'defaultUnit'>;

export async function listAlerts(
  db: Kysely<Tables>,
  city: City,
  filter: ListFilter,
  { order, limit, after }: { readonly order: ListOrder; readonly limit: number; readonly after?: string },
): Promise<AlertList> {
  const asked = selected(db, filter);
  const from = after === undefined ? asked : asked.where(beyond(order, after));
  const isOnMap = filter.unit !== undefined || filter.area !== undefined;
  const found = isOnMap ? await onTheMap(from, city, filter, order) : null;
  const rows =
    found === null
      ? await inOrder(from.selectAll('alerts').limit(limit + 1), order).execute()
      : await rowsById(db, found.slice(0, limit + 1));
  // What waits is counted by a small index of its own, so each page of the queue says how many.
  const isCounted = after === undefined || (order === 'queue' && found === null);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await viewAlerts(db, page),
    next: rows.length > limit && last !== undefined ? keyOfRow(order, last) : null,
    total: isCounted ? (found?.length ?? (await countOf(asked))) : null,
  };
}

function selected(db: Kysely<Tables>, filter: ListFilter) {
  const query = db.selectFrom('alerts').where(matches(filter));
  if (filter.held !== true) return query;
  return query
    .where('state', '=', 'shelved')
    .where('reason', '=', HELD_REASON)
    .where('verdict_by', '=', 'system');
}

/** Those of a unit or an area, by id. Throws Refusal for a unit that has no area. */
async function onTheMap(
  asked: ReturnType<typeof selected>,
  city: City,
  { unit, area: areaOf }: ListFilter,
  order: ListOrder,
): Promise<readonly string[]> {
  const area = areaOf === undefined ? null : city.areas.get(areaOf);
  if (area === undefined)
    throw new Refusal('unit_unknown', `area: there is no area of a unit ${JSON.stringify(areaOf)}`);
  const looked = asked
    .select(['alerts.id', 'alerts.damage_class', 'alerts.latitude', 'alerts.longitude'])
    .select((row) =>
      row
        .selectFrom('tickets')
        .select('tickets.unit_id')
        .whereRef('tickets.id', '=', 'alerts.ticket_id')
        .as('unit_id'),
    )
    .limit(LOOKED_THROUGH);
  const rows = await inOrder(looked, order).execute();
  const fits = (row: (typeof rows)[number]): boolean => {
    const { latitude, longitude } = row;
    if (unit !== undefined && (row.unit_id ?? unitFor(city, row)) !== unit) return false;
    if (area === null) return true;
    return latitude !== null && longitude !== null && areaContains(area, { latitude, longitude });
  };
  return rows.filter(fits).map((row) => row.id);
}

function inOrder<Output>(query: SelectQueryBuilder<Tables, 'alerts', Output>, order: ListOrder) {
  const { columns, direction } = LIST_ORDERS[order];
  return columns.reduce((sorted, column) => sorted.orderBy(`alerts.${column}`, direction), query);
}

async function countOf(asked: ReturnType<typeof selected>): Promise<number> {
  const { count } = await asked.select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return Number(count);
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
