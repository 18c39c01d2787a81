/** Alerts and tickets as a table or a map for other programs, one text at a time, so that years of them fit through. */
import { damageClass, timestamp } from '@roadwatch/contract';
import { hasCamera } from '../alerts/citizen.ts';
import { cameraKey } from '../alerts/view.ts';
import type { Store } from '../store/database.ts';
import type { AlertRow, TicketRow } from '../store/tables.ts';
import { CSV_START, csvLine } from './csv.ts';

export const RECORDS = ['alerts', 'tickets'] as const;
export type RecordKind = (typeof RECORDS)[number];
export const FORMATS = ['csv', 'geojson'] as const;
export type RecordFormat = (typeof FORMATS)[number];

type Value = string | number | null;
type Properties = Readonly<Record<string, Value>>;
const PAGE = 1000;

export async function* exportRecords(
  store: Store,
  kind: RecordKind,
  format: RecordFormat,
): AsyncGenerator<string> {
  let count = 0;
  if (format === 'geojson') yield '{"type":"FeatureCollection","features":[\n';
  for await (const properties of kind === 'alerts' ? alerts(store) : tickets(store)) {
    if (format === 'geojson') yield `${count > 0 ? ',\n' : ''}${JSON.stringify(feature(properties))}`;
    else {
      if (count === 0) yield CSV_START + csvLine(Object.keys(properties));
      yield csvLine(Object.values(properties));
    }
    count++;
  }
  if (format === 'geojson') yield '\n]}\n';
}

/** RFC 7946: longitude before latitude, WGS 84; what has no place has a null geometry. */
function feature({ latitude, longitude, ...properties }: Properties): object {
  const geometry =
    typeof latitude === 'number' && typeof longitude === 'number'
      ? { type: 'Point', coordinates: [longitude, latitude] }
      : null;
  return { type: 'Feature', id: properties.id, geometry, properties };
}

async function* alerts(store: Store): AsyncGenerator<Properties> {
  for await (const row of pages<AlertRow>(store, 'alerts'))
    yield {
      id: row.id,
      ...common(row),
      condition: row.condition,
      score: row.score,
      occurrences: row.occurrences,
      firstSeenAt: timestamp(row.first_seen_at),
      lastSeenAt: timestamp(row.last_seen_at),
      verdictBy: row.verdict_by,
      verdictAt: orNull(row.verdict_at),
      reason: row.reason,
      note: row.note,
      ticket: row.ticket_id,
      recurrenceOf: row.recurrence_of,
      mergedInto: row.merged_into,
    };
}

async function* tickets(store: Store): AsyncGenerator<Properties> {
  for await (const row of pages<TicketRow>(store, 'tickets'))
    yield {
      id: row.id,
      number: row.number,
      ...common(row),
      unit: row.unit_id,
      dispatchedAt: orNull(row.dispatched_at),
      acceptedAt: orNull(row.accepted_at),
      onSiteAt: orNull(row.on_site_at),
      madeSafeAt: orNull(row.made_safe_at),
      repairedAt: orNull(row.repaired_at),
      closedAt: orNull(row.closed_at),
      outcome: row.outcome,
      note: row.note,
      alert: row.alert_id,
    };
}

function common(row: AlertRow | TicketRow): Properties {
  return {
    state: row.state,
    damageClass: row.damage_class,
    damageClassZh: damageClass(row.damage_class).zh,
    camera: hasCamera(row) ? cameraKey(row) : null,
    latitude: row.latitude,
    longitude: row.longitude,
    createdAt: timestamp(row.created_at),
  };
}

async function* pages<Row extends { readonly id: string }>(
  store: Store,
  table: RecordKind,
): AsyncGenerator<Row> {
  for (let after = ''; ; ) {
    const query = store.db.selectFrom(table).selectAll().where('id', '>', after).orderBy('id').limit(PAGE);
    const rows = (await query.execute()) as unknown as Row[];
    yield* rows;
    if (rows.length < PAGE) return;
    after = (rows.at(-1) as Row).id;
  }
}

function orNull(at: number | null): string | null {
  return at === null ? null : timestamp(at);
}
