/** Alerts and tickets as a table or a map for other programs, one text at a time, so that years of them fit through. */
import type { Store } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import { alertColumns, type Columns, type ExportedAlert, ticketColumns } from './columns.ts';
import { type Cell, CSV_START, csvLine } from './csv.ts';

export const RECORDS = ['alerts', 'tickets'] as const;
export type RecordKind = (typeof RECORDS)[number];
export const FORMATS = ['csv', 'geojson'] as const;
export type RecordFormat = (typeof FORMATS)[number];

const PAGE = 1000;

/** Without any record, a table still has its head and a map is a valid one. */
export function exportRecords(
  store: Store,
  kind: RecordKind,
  format: RecordFormat,
  timeZone: string,
): AsyncGenerator<string> {
  const write = format === 'csv' ? table : map;
  return kind === 'alerts'
    ? write(signedAlerts(store), alertColumns(timeZone))
    : write(pages<TicketRow>(store, kind), ticketColumns(timeZone));
}

async function* table<Row>(rows: AsyncIterable<Row>, columns: Columns<Row>): AsyncGenerator<string> {
  yield CSV_START + csvLine(Object.keys(columns));
  for await (const row of rows) yield csvLine(Object.values(columns).map((cell) => cell(row)));
}

async function* map<Row>(rows: AsyncIterable<Row>, columns: Columns<Row>): AsyncGenerator<string> {
  let separator = '';
  yield '{"type":"FeatureCollection","features":[\n';
  for await (const row of rows) {
    const cells = Object.entries(columns).map(([name, cell]) => [name, cell(row)]);
    yield separator + JSON.stringify(feature(Object.fromEntries(cells)));
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** RFC 7946: longitude before latitude, WGS 84; what has no place has a null geometry. */
function feature({ latitude, longitude, ...properties }: Readonly<Record<string, Cell>>): object {
  const geometry =
    typeof latitude === 'number' && typeof longitude === 'number'
      ? { type: 'Point', coordinates: [longitude, latitude] }
      : null;
  return { type: 'Feature', id: properties.id, geometry, properties };
}

/** With the key that signed the newest message of the detection that each shows. */
async function* signedAlerts(store: Store): AsyncGenerator<ExportedAlert> {
  for await (const rows of pagesOf<AlertRow>(store, 'alerts')) {
    const found = await store.db
      .selectFrom('detections')
      .innerJoin('detection_messages', (join) =>
        join
          .onRef('detection_messages.detection_id', '=', 'detections.id')
          .onRef('detection_messages.revision', '=', 'detections.revision'),
      )
      .select(['detections.id', 'detection_messages.key_id'])
      .where(
        'detections.id',
        'in',
        rows.map((row) => row.detection_id),
      )
      .execute();
    const keys = new Map(found.map(({ id, key_id }) => [id, key_id]));
    for (const row of rows) yield { ...row, signed_with: keys.get(row.detection_id) ?? null };
  }
}

async function* pages<Row extends { readonly id: string }>(
  store: Store,
  kind: RecordKind,
): AsyncGenerator<Row> {
  for await (const rows of pagesOf<Row>(store, kind)) yield* rows;
}

/** None of them empty. */
async function* pagesOf<Row extends { readonly id: string }>(
  store: Store,
  kind: RecordKind,
): AsyncGenerator<Row[]> {
  for (let after = ''; ; ) {
    const query = store.db.selectFrom(kind).selectAll().where('id', '>', after).orderBy('id').limit(PAGE);
    const rows = (await query.execute()) as unknown as Row[];
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = (rows.at(-1) as Row).id;
  }
}
