/** What is told of an alert and of a ticket in a table or on a map, column by column. Times are the city's, with their offset. */
import { damageClass } from '@roadwatch/contract';
import { cityTime } from '../calendar/city-time.ts';
import { cameraKey } from '../cameras/names.ts';
import { hasCamera } from '../cameras/source.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import type { TicketRow } from '../store/tables/tickets.ts';
import type { Cell } from './csv.ts';

/** Of one row, by the name of the column; their order is that of the table. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/** `signed_with`: the key of the box that signed the detection whose pictures it has; null when it is not signed. */
export type ExportedAlert = AlertRow & { readonly signed_with: string | null };

export function alertColumns(timeZone: string): Columns<ExportedAlert> {
  const time = timeIn(timeZone);
  return {
    id: (row) => row.id,
    ...common(timeZone),
    condition: (row) => row.condition,
    score: (row) => row.score,
    occurrences: (row) => row.occurrences,
    firstSeenAt: (row) => time(row.first_seen_at),
    lastSeenAt: (row) => time(row.last_seen_at),
    verdictBy: (row) => row.verdict_by,
    verdictAt: (row) => time(row.verdict_at),
    reason: (row) => row.reason,
    note: (row) => row.note,
    ticket: (row) => row.ticket_id,
    recurrenceOf: (row) => row.recurrence_of,
    mergedInto: (row) => row.merged_into,
    detection: (row) => row.detection_id || null,
    signedWithKey: (row) => row.signed_with,
  };
}

export function ticketColumns(timeZone: string): Columns<TicketRow> {
  const time = timeIn(timeZone);
  return {
    id: (row) => row.id,
    number: (row) => row.number,
    ...common(timeZone),
    unit: (row) => row.unit_id,
    dispatchedAt: (row) => time(row.dispatched_at),
    acceptedAt: (row) => time(row.accepted_at),
    onSiteAt: (row) => time(row.on_site_at),
    madeSafeAt: (row) => time(row.made_safe_at),
    repairedAt: (row) => time(row.repaired_at),
    closedAt: (row) => time(row.closed_at),
    outcome: (row) => row.outcome,
    note: (row) => row.note,
    alert: (row) => row.alert_id,
  };
}

function common(timeZone: string): Columns<AlertRow | TicketRow> {
  const time = timeIn(timeZone);
  return {
    state: (row) => row.state,
    damageClass: (row) => row.damage_class,
    damageClassZh: (row) => damageClass(row.damage_class).zh,
    camera: (row) => (hasCamera(row) ? cameraKey(row) : null),
    latitude: (row) => row.latitude,
    longitude: (row) => row.longitude,
    createdAt: (row) => time(row.created_at),
  };
}

function timeIn(timeZone: string): (at: number | null) => string | null {
  return (at) => (at === null ? null : cityTime(at, timeZone));
}
