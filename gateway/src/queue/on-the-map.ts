/**
 * Which alerts are asked for, with what only the city's map knows: the unit that they go to, and in whose area they lie. The store
 * narrows as far as it can; the rest is looked through batch by batch, all of it, however much that is.
 */
import type { Kysely } from 'kysely';
import { camerasNamed } from '../cameras/names.ts';
import type { Config } from '../config/config.ts';
import { areaContains, boxAround } from '../geo/area.ts';
import { unitFor } from '../orders/units.ts';
import { Refusal } from '../refusal.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import type { Tables } from '../store/tables/index.ts';
import { type AlertFilter, matches } from './filter.ts';
import { beyond, inOrder, keyOfRow, type ListOrder, ORDER_COLUMNS } from './list-order.ts';

export interface MapFilter extends AlertFilter {
  /** That it goes to, or has gone to. */
  readonly unit?: string;
  /** In the area of this unit. */
  readonly area?: string;
}

export type City = Pick<Config, 'units' | 'areas' | 'defaultUnit'>;

export interface Asked {
  readonly filter: AlertFilter;
  /** Null: the store can tell all of it. */
  readonly fits: ((row: Place) => boolean) | null;
}

export const WHOLE_QUEUE: Asked = { filter: {}, fits: null };

/** `unit_id`: of its ticket, if it has one. */
type Place = Pick<AlertRow, 'damage_class' | 'latitude' | 'longitude'> & { readonly unit_id: string | null };

/** Rows that are looked at together. */
const BATCH = 2_000;

/** Throws Refusal for a unit that has no area. */
export async function askedOf(
  db: Kysely<Tables>,
  city: City,
  { unit, area: areaOf, ...filter }: MapFilter,
): Promise<Asked> {
  const area = areaOf === undefined ? null : city.areas.get(areaOf);
  if (area === undefined)
    throw new Refusal('area_unknown', `area: no unit ${JSON.stringify(areaOf)} has an area of its own`);
  const namedSo = filter.text === undefined ? [] : await camerasNamed(db, filter.text);
  const boxes = [...(filter.boxes ?? []), ...(area === null ? [] : [boxAround(area)])];
  const fits = (row: Place): boolean => {
    const { latitude, longitude } = row;
    if (unit !== undefined && (row.unit_id ?? unitFor(city, row)) !== unit) return false;
    if (area === null) return true;
    return latitude !== null && longitude !== null && areaContains(area, { latitude, longitude });
  };
  return { filter: { ...filter, namedSo, boxes }, fits: unit === undefined && area === null ? null : fits };
}

/** The ids of the first that fit, in that order. */
export async function idsInOrder(
  db: Kysely<Tables>,
  { filter, fits }: Asked,
  order: ListOrder,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<readonly string[]> {
  const found: string[] = [];
  const size = fits === null ? limit : BATCH;
  let from = after;
  for (;;) {
    const key = from;
    const query = placed(db, filter)
      .select(ORDER_COLUMNS.map((column) => `alerts.${column}` as const))
      .$if(key !== undefined, (all) => all.where(beyond(order, key as string)));
    const rows = await inOrder(query, order).limit(size).execute();
    found.push(...(fits === null ? rows : rows.filter(fits)).map((row) => row.id));
    const last = rows.at(-1);
    if (found.length >= limit || last === undefined || rows.length < size) return found.slice(0, limit);
    from = keyOfRow(order, last);
  }
}

/** How many there are: cameras stand still, so that many alerts are at few places, each looked up once. */
export async function countOf(db: Kysely<Tables>, { filter, fits }: Asked): Promise<number> {
  if (fits === null) {
    const all = db.selectFrom('alerts').where(matches(filter));
    const { count } = await all.select((of) => of.fn.countAll().as('count')).executeTakeFirstOrThrow();
    return Number(count);
  }
  const places = await db
    .selectFrom(placed(db, filter).as('places'))
    .select(['damage_class', 'latitude', 'longitude', 'unit_id'])
    .select((of) => of.fn.countAll().as('count'))
    .groupBy(['damage_class', 'latitude', 'longitude', 'unit_id'])
    .execute();
  return places.filter(fits).reduce((sum, { count }) => sum + Number(count), 0);
}

function placed(db: Kysely<Tables>, filter: AlertFilter) {
  return db
    .selectFrom('alerts')
    .where(matches(filter))
    .select(['alerts.damage_class', 'alerts.latitude', 'alerts.longitude'])
    .select((row) =>
      row
        .selectFrom('tickets')
        .select('tickets.unit_id')
        .whereRef('tickets.id', '=', 'alerts.ticket_id')
        .as('unit_id'),
    );
}
