/** How a unit, or the whole city, keeps its times: what is open now, and what the clocks of the last days have come to. */
import { timestamp } from '@roadwatch/contract';
import type { TicketFigures } from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables/index.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * `unitId`: null for the city. In time: the clock was met before its deadline; late: the deadline passed first, whether it was met
 * later or runs still. What runs and has time left is neither, and what was cancelled before its deadline does not count.
 */
export async function ticketFigures(
  db: Kysely<Tables>,
  unitId: string | null,
  now: number,
): Promise<TicketFigures> {
  const since = now - DAYS * DAY_MS;
  let open = db
    .selectFrom('tickets')
    .select((select) => [
      select.fn.countAll<number>().as('open'),
      sql<number>`coalesce(sum(case when deadline_at < ${now} then 1 else 0 end), 0)`.as('overdue'),
    ])
    .where('closed_at', 'is', null);
  let clocks = db
    .selectFrom('tickets')
    .innerJoin('clocks', 'clocks.ticket_id', 'tickets.id')
    .select([
      'clocks.kind',
      sql<number>`sum(case when clocks.state = 'met' and clocks.breached_at is null then 1 else 0 end)`.as(
        'kept',
      ),
      sql<number>`sum(case when clocks.breached_at is not null
        or (clocks.state = 'running' and clocks.deadline_at < ${now}) then 1 else 0 end)`.as('late'),
    ])
    .where('tickets.created_at', '>=', since)
    .where('clocks.kind', 'in', ['response', 'resolution', 'rework'])
    .groupBy('clocks.kind');
  if (unitId !== null) {
    open = open.where('unit_id', '=', unitId);
    clocks = clocks.where('tickets.unit_id', '=', unitId);
  }
  const [present, rows] = await Promise.all([open.executeTakeFirstOrThrow(), clocks.execute()]);
  const of = (kind: (typeof rows)[number]['kind']) => {
    const row = rows.find((each) => each.kind === kind);
    return { inTime: Number(row?.kept ?? 0), late: Number(row?.late ?? 0) };
  };
  return {
    since: timestamp(since),
    open: Number(present.open),
    overdue: Number(present.overdue),
    response: of('response'),
    repair: of('resolution'),
    rework: of('rework'),
  };
}
