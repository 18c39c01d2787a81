/** Tickets page by page, in the order and of the kind that is asked for, and how many there are on all pages. */
import type { Ticket, TicketOrder } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { camerasNamed } from '../cameras/names.ts';
import { type Area, areaContains } from '../geo/area.ts';
import type { User } from '../identity/users.ts';
import { type Key, type Page, pageOf } from '../store/page.ts';
import type { Tables } from '../store/tables/index.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import { filtered, type TicketFilter } from './filter.ts';
import { viewTickets } from './view.ts';

export interface TicketQuery {
  readonly filter: TicketFilter;
  readonly order: TicketOrder;
  /** Only those within it; SQL looks at the box around it first. */
  readonly area?: Area;
}

const BY_ORDER = {
  newest: { column: 'created_at', direction: 'desc', beyond: '<' },
  deadline: { column: 'deadline_at', direction: 'asc', beyond: '>' },
} as const;
/** Of an area's tickets, so many are looked at together. */
const BATCH = 500;

/** `total` is counted with the first page only: the next ones are of the same list. */
export async function listTickets(
  db: Kysely<Tables>,
  query: TicketQuery,
  page: { readonly limit: number; readonly after?: Key },
  viewer: User,
): Promise<Page<Ticket> & { readonly total: number | null }> {
  const cameras = await camerasOf(db, query.filter);
  const { column } = BY_ORDER[query.order];
  const read = await rowsOf(db, query, cameras, page);
  const { rows, next } = pageOf(read, page.limit, (row) => row[column]);
  const [items, total] = await Promise.all([
    viewTickets(db, rows, viewer),
    page.after === undefined ? countOf(db, query, cameras) : null,
  ]);
  return { items, next, total };
}

/** Those that are called what is sought. */
export function camerasOf(db: Kysely<Tables>, { text }: TicketFilter): Promise<string[]> {
  return text === undefined ? Promise.resolve([]) : camerasNamed(db, text);
}

/** One more than the page holds, when there are more. */
async function rowsOf(
  db: Kysely<Tables>,
  { filter, order, area }: TicketQuery,
  cameras: readonly string[],
  { limit, after }: { readonly limit: number; readonly after?: Key },
): Promise<readonly TicketRow[]> {
  const { column, direction, beyond } = BY_ORDER[order];
  const found: TicketRow[] = [];
  let from = after;
  for (;;) {
    let query = filtered(db.selectFrom('tickets'), db, filter, cameras).selectAll('tickets');
    const key = from;
    if (key !== undefined)
      query = query.where((where) =>
        where.or([
          where(`tickets.${column}`, beyond, key.at),
          where.and([where(`tickets.${column}`, '=', key.at), where('tickets.id', beyond, key.id)]),
        ]),
      );
    const batch = area === undefined ? limit + 1 : BATCH;
    const rows = await query
      .orderBy(`tickets.${column}`, direction)
      .orderBy('tickets.id', direction)
      .limit(batch)
      .execute();
    found.push(...(area === undefined ? rows : rows.filter((row) => isIn(area, row))));
    const last = rows.at(-1);
    if (found.length > limit || last === undefined || rows.length < batch) return found.slice(0, limit + 1);
    from = { at: last[column], id: last.id };
  }
}

async function countOf(
  db: Kysely<Tables>,
  { filter: { ids: _, ...filter }, area }: TicketQuery,
  cameras: readonly string[],
): Promise<number> {
  const query = filtered(db.selectFrom('tickets'), db, filter, cameras);
  if (area !== undefined) {
    const rows = await query.select(['tickets.latitude', 'tickets.longitude']).execute();
    return rows.filter((row) => isIn(area, row)).length;
  }
  const { total } = await query
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

export function isIn(
  area: Area,
  { latitude, longitude }: Pick<TicketRow, 'latitude' | 'longitude'>,
): boolean {
  return latitude !== null && longitude !== null && areaContains(area, { latitude, longitude });
}
