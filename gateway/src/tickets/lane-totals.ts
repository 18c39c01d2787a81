/** How many open tickets wait in each lane, and how many of them are late. */
import type { LaneTotal, TicketLane } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables/index.ts';
import { filtered } from './filter.ts';
import { laneColumn } from './lane.ts';
import { camerasOf, isIn, type TicketQuery } from './list.ts';

/** Lanes in which nothing waits are left out. */
export async function laneTotals(
  db: Kysely<Tables>,
  { filter, area }: Pick<TicketQuery, 'filter' | 'area'>,
  now: number,
): Promise<readonly LaneTotal[]> {
  const cameras = await camerasOf(db, filter);
  const open = filtered(db.selectFrom('tickets'), db, { ...filter, open: true }, cameras).select([
    laneColumn().as('lane'),
    sql<number>`case when tickets.deadline_at < ${now} then 1 else 0 end`.as('late'),
    'tickets.latitude',
    'tickets.longitude',
  ]);
  if (area !== undefined) return summed((await open.execute()).filter((row) => isIn(area, row)));
  const rows = await db
    .selectFrom(open.as('open'))
    .select((select) => [
      'lane',
      select.fn.countAll<number>().as('total'),
      select.fn.sum<number>('late').as('overdue'),
    ])
    .groupBy('lane')
    .execute();
  return rows.flatMap(({ lane, total, overdue }) =>
    lane === null ? [] : [{ lane, total: Number(total), overdue: Number(overdue) }],
  );
}

function summed(
  rows: readonly { readonly lane: TicketLane | null; readonly late: number }[],
): readonly LaneTotal[] {
  const totals = new Map<TicketLane, LaneTotal>();
  for (const { lane, late } of rows) {
    if (lane === null) continue;
    const { total, overdue } = totals.get(lane) ?? { total: 0, overdue: 0 };
    totals.set(lane, { lane, total: total + 1, overdue: overdue + Number(late) });
  }
  return [...totals.values()];
}
