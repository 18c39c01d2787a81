/** Alerts that wait and tickets that are open, as the map shows them. */
import { type BilingualText, type Datum, timestamp } from '@roadwatch/contract';
import type { AlertState, ClockKind, MapAlert, MapTicket } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { cameraNameOf, cameraNames } from '../cameras/names.ts';
import { shifted } from '../geo/geojson.ts';
import type { Tables } from '../store/tables/index.ts';

/** Of each kind; no screen tells more apart. Of alerts the newest are sent, of tickets those due first. */
const MOST = 5_000;
const WAITING: readonly AlertState[] = ['new'];
/** What people wait for; the other clocks say when somebody is to look. */
const SHOWN_CLOCKS: readonly ClockKind[] = ['handover', 'response', 'resolution', 'rework'];

export interface Found<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** All, or those of these ids that still wait. */
export async function mapAlerts(
  db: Kysely<Tables>,
  datum: Datum,
  ids: readonly string[] | 'all' = 'all',
): Promise<Found<MapAlert>> {
  if (ids !== 'all' && ids.length === 0) return { items: [], more: false };
  let query = db
    .selectFrom('alerts')
    .select(['id', 'damage_class', 'site', 'agent', 'camera', 'latitude', 'longitude', 'state', 'created_at'])
    .where('state', 'in', WAITING)
    .where('root_id', 'is', null)
    .where('latitude', 'is not', null);
  if (ids !== 'all') query = query.where('id', 'in', ids);
  const rows = await query
    .orderBy('created_at', 'desc')
    .limit(MOST + 1)
    .execute();
  const shown = rows.slice(0, MOST);
  const names = await namesOf(db, shown);
  const items = shown.map((row) => ({
    id: row.id,
    damageClass: row.damage_class,
    ...placeOf(row, names(row), datum),
    state: row.state,
    at: timestamp(row.created_at),
  }));
  return { items, more: rows.length > MOST };
}

/** All, or those of these ids that are still open. */
export async function mapTickets(
  db: Kysely<Tables>,
  datum: Datum,
  ids: readonly string[] | 'all' = 'all',
): Promise<Found<MapTicket>> {
  if (ids !== 'all' && ids.length === 0) return { items: [], more: false };
  let query = db
    .selectFrom('tickets')
    .select(['id', 'number', 'damage_class', 'site', 'agent', 'camera', 'latitude', 'longitude'])
    .select(['state', 'unit_id'])
    .where('closed_at', 'is', null)
    .where('latitude', 'is not', null);
  if (ids !== 'all') query = query.where('id', 'in', ids);
  const rows = await query
    .orderBy('deadline_at')
    .orderBy('id')
    .limit(MOST + 1)
    .execute();
  const shown = rows.slice(0, MOST);
  const [names, clocks] = await Promise.all([namesOf(db, shown), clocksOf(db, ids)]);
  const items = shown.map((row) => ({
    id: row.id,
    number: row.number,
    damageClass: row.damage_class,
    ...placeOf(row, names(row), datum),
    state: row.state,
    unitId: row.unit_id,
    clock: clocks.get(row.id) ?? null,
  }));
  return { items, more: rows.length > MOST };
}

/** Of each ticket the running clock that ends first. */
async function clocksOf(
  db: Kysely<Tables>,
  ids: readonly string[] | 'all',
): Promise<ReadonlyMap<string, NonNullable<MapTicket['clock']>>> {
  let query = db
    .selectFrom('clocks')
    .select(['ticket_id', 'kind', 'deadline_at'])
    .where('state', '=', 'running')
    .where('kind', 'in', SHOWN_CLOCKS);
  if (ids !== 'all') query = query.where('ticket_id', 'in', ids);
  const rows = await query.orderBy('deadline_at', 'desc').execute();
  // The last one entered stays.
  return new Map(
    rows.map((row) => [row.ticket_id, { kind: row.kind, deadlineAt: timestamp(row.deadline_at) }]),
  );
}

interface Row {
  readonly site: string;
  readonly agent: string;
  readonly camera: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

async function namesOf(db: Kysely<Tables>, rows: readonly Row[]): Promise<(row: Row) => BilingualText> {
  const names = rows.length === 0 ? new Map<string, BilingualText>() : await cameraNames(db, rows);
  return (row) => cameraNameOf(names, row);
}

function placeOf({ latitude, longitude }: Row, name: BilingualText, datum: Datum) {
  const [east, north] = shifted([longitude ?? 0, latitude ?? 0], 'wgs84', datum);
  return { name, longitude: east, latitude: north };
}
