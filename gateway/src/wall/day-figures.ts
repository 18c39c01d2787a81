/**
 * The five figures of the wall, of what began in a time [from, until), in milliseconds:
 *
 * - `alerts`: things that cameras saw or people reported, each once however many saw it;
 * - `dispatched`: tickets that went out to a unit;
 * - `answered`: of the tickets whose time to respond began, and that were answered or ran out of it by now, those answered in time;
 * - `arrived`: of the tickets that went out, and whose crew came or should have come by now, those whose crew was there before the
 *   operator was to look at the scene (its clock). A crew that reports the repair without saying that it came, was there then;
 * - `proven`: tickets whose repair the camera has seen whole.
 */
import type { WallFigures } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables/index.ts';

export interface Span {
  readonly from: number;
  readonly until: number;
}

export async function dayFigures(db: Kysely<Tables>, span: Span, now: number): Promise<WallFigures> {
  const [alerts, dispatched, answered, arrived, proven] = await Promise.all([
    alertsOf(db, span),
    dispatchedOf(db, span),
    answeredOf(db, span, now),
    arrivedOf(db, span, now),
    provenOf(db, span),
  ]);
  return { alerts, dispatched, answered, arrived, proven };
}

async function alertsOf(db: Kysely<Tables>, { from, until }: Span): Promise<number> {
  const row = await db
    .selectFrom('alerts')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('created_at', '>=', from)
    .where('created_at', '<', until)
    .where('root_id', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

async function dispatchedOf(db: Kysely<Tables>, { from, until }: Span): Promise<number> {
  const row = await db
    .selectFrom('tickets')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('dispatched_at', '>=', from)
    .where('dispatched_at', '<', until)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

async function answeredOf(db: Kysely<Tables>, { from, until }: Span, now: number) {
  const rows = await db
    .selectFrom('clocks')
    .select(['state', 'breached_at', 'deadline_at'])
    .where('kind', '=', 'response')
    .where('started_at', '>=', from)
    .where('started_at', '<', until)
    .execute();
  const inTime = rows.filter((row) => row.state === 'met' && row.breached_at === null);
  const late = rows.filter(
    (row) => row.breached_at !== null || (row.state === 'running' && row.deadline_at <= now),
  );
  return { count: inTime.length, of: inTime.length + late.length };
}

async function arrivedOf(db: Kysely<Tables>, { from, until }: Span, now: number) {
  const rows = await db
    .selectFrom('tickets')
    .innerJoin('clocks', 'clocks.ticket_id', 'tickets.id')
    .select(['tickets.on_site_at', 'tickets.made_safe_at', 'tickets.repaired_at', 'clocks.deadline_at'])
    .where('clocks.kind', '=', 'scene_look')
    .where('tickets.dispatched_at', '>=', from)
    .where('tickets.dispatched_at', '<', until)
    .execute();
  const decided = rows
    .map((row) => ({ at: arrivalOf(row), deadline: row.deadline_at }))
    .filter(({ at, deadline }) => at !== null || deadline <= now);
  const inTime = decided.filter(({ at, deadline }) => at !== null && at <= deadline);
  return { count: inTime.length, of: decided.length };
}

/** When the crew was at the scene, as far as it has said. */
export function arrivalOf(row: {
  readonly on_site_at: number | null;
  readonly made_safe_at: number | null;
  readonly repaired_at: number | null;
}): number | null {
  return row.on_site_at ?? row.made_safe_at ?? row.repaired_at;
}

async function provenOf(db: Kysely<Tables>, { from, until }: Span): Promise<number> {
  const row = await db
    .selectFrom('inspections')
    .select(({ fn }) => fn.count('ticket_id').distinct().as('count'))
    .where('result', '=', 'pass')
    .where('ended_at', '>=', from)
    .where('ended_at', '<', until)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
