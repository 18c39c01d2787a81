/** What has happened in the last day, by the thing that it happened to: each damage with how far its way has come. */
import { type BilingualText, timestamp } from '@roadwatch/contract';
import type { TicketState, WallBoard, WallCase } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { cameraNameOf, cameraNames } from '../cameras/names.ts';
import { hasCamera } from '../cameras/source.ts';
import type { Tables } from '../store/tables/index.ts';
import { arrivalOf } from './day-figures.ts';

const DAY_MS = 86_400_000;
/** More than a wall has room for. */
const SHOWN = 40;
/** Of each kind of beginning, so that a flood does not become a flood of rows. */
const READ = 400;

export type Feed = NonNullable<WallBoard['feed']['value']>;

export async function casesSince(db: Kysely<Tables>, now: number): Promise<Feed> {
  const since = now - DAY_MS;
  const ids = await alertIds(db, since);
  if (ids.length === 0) return { cases: [], total: 0 };
  const rows = await casesOf(db, ids);
  const [proofs, names, units] = await Promise.all([
    provenAt(
      db,
      rows.flatMap((row) => row.ticket_id ?? []),
    ),
    cameraNames(db, rows),
    unitNames(db),
  ]);
  const cases = rows.map((row): WallCase => {
    const arrival = arrivalOf(row);
    const proof = proofs.get(row.ticket_id ?? '') ?? null;
    const steps = [row.created_at, row.dispatched_at, row.accepted_at, arrival, proof];
    return {
      id: row.id,
      number: row.number,
      damageClass: row.damage_class,
      place: cameraNameOf(names, row),
      source: hasCamera(row) ? 'camera' : 'citizen',
      unit: row.unit_id === null ? null : (units.get(row.unit_id) ?? { en: row.unit_id, zh: row.unit_id }),
      state: row.state as TicketState | null,
      seenAt: timestamp(row.created_at),
      dispatchedAt: orNull(row.dispatched_at),
      answeredAt: orNull(row.accepted_at),
      arrivedAt: orNull(arrival),
      provenAt: orNull(proof),
      lastAt: timestamp(Math.max(...steps.map((at) => at ?? 0))),
    };
  });
  const ordered = cases.toSorted((a, b) => b.lastAt.localeCompare(a.lastAt));
  return { cases: ordered.slice(0, SHOWN), total: cases.length };
}

/** Of what began, went out or was proven since then; what was rejected, or is a part of another, is none. */
async function alertIds(db: Kysely<Tables>, since: number): Promise<string[]> {
  const begun = db
    .selectFrom('alerts')
    .select('id')
    .where('created_at', '>=', since)
    .where('root_id', 'is', null)
    .where('state', 'in', ['new', 'confirmed'])
    .orderBy('created_at', 'desc')
    .limit(READ)
    .execute();
  const sent = db
    .selectFrom('tickets')
    .select('alert_id as id')
    .where('dispatched_at', '>=', since)
    .orderBy('dispatched_at', 'desc')
    .limit(READ)
    .execute();
  const proven = db
    .selectFrom('inspections')
    .innerJoin('tickets', 'tickets.id', 'inspections.ticket_id')
    .select('tickets.alert_id as id')
    .where('inspections.result', '=', 'pass')
    .where('inspections.ended_at', '>=', since)
    .orderBy('inspections.ended_at', 'desc')
    .limit(READ)
    .execute();
  const found = await Promise.all([begun, sent, proven]);
  return [...new Set(found.flat().map(({ id }) => id))];
}

function casesOf(db: Kysely<Tables>, ids: readonly string[]) {
  return db
    .selectFrom('alerts')
    .leftJoin('tickets', (join) =>
      join.onRef('tickets.id', '=', 'alerts.ticket_id').on('tickets.state', '!=', 'cancelled'),
    )
    .select(['alerts.id', 'alerts.damage_class', 'alerts.site', 'alerts.agent', 'alerts.camera'])
    .select(['alerts.created_at', 'tickets.id as ticket_id', 'tickets.number', 'tickets.state'])
    .select(['tickets.unit_id', 'tickets.dispatched_at', 'tickets.accepted_at', 'tickets.on_site_at'])
    .select(['tickets.made_safe_at', 'tickets.repaired_at'])
    .where('alerts.id', 'in', [...ids])
    .execute();
}

/** When the camera last saw the repair whole, by ticket. */
async function provenAt(
  db: Kysely<Tables>,
  tickets: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (tickets.length === 0) return new Map();
  const rows = await db
    .selectFrom('inspections')
    .select(['ticket_id', 'ended_at'])
    .where('ticket_id', 'in', [...tickets])
    .where('result', '=', 'pass')
    .where('ended_at', 'is not', null)
    .orderBy('ended_at')
    .execute();
  return new Map(rows.map((row) => [row.ticket_id, row.ended_at as number]));
}

export async function unitNames(db: Kysely<Tables>): Promise<ReadonlyMap<string, BilingualText>> {
  const rows = await db.selectFrom('units').select(['id', 'name_en', 'name_zh']).execute();
  return new Map(rows.map((row) => [row.id, { en: row.name_en, zh: row.name_zh }]));
}

function orNull(at: number | null): string | null {
  return at === null ? null : timestamp(at);
}
