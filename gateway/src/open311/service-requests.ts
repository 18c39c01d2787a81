/** Tickets as Open311 GeoReport v2 service requests (wiki.open311.org/GeoReport_v2). */
import { DAMAGE_CLASSES, type DamageClass, damageClass, timestamp } from '@roadwatch/contract';
import type { Config } from '../config/config.ts';
import { CREW_TEXTS, type Language } from '../crew/texts.ts';
import type { Store } from '../store/database.ts';
import type { TicketRow, TicketState } from '../store/tables.ts';

const DAY_MS = 86_400_000;
/** "GET Service Requests": the last 90 days or the first 1000 requests, whichever is smaller. */
const MAX_SPAN_MS = 90 * DAY_MS;
const MAX_REQUESTS = 1000;
const OVER: readonly TicketState[] = ['closed', 'cancelled'];

export interface RequestFilter {
  /** Ticket numbers; given, nothing else counts. */
  readonly ids?: readonly string[];
  readonly serviceCodes?: readonly string[];
  readonly status?: readonly ('open' | 'closed')[];
  readonly startAt?: number;
  readonly endAt?: number;
}

export function services(language: Language) {
  return DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => ({
    service_code: entry.name,
    service_name: entry[language],
    description: `${entry.en} (${entry.zh})`,
    metadata: false,
    type: 'realtime',
    keywords: `road,${entry.code}`,
    group: language === 'zh' ? '道路病害' : 'Road damage',
  }));
}

/** Only what has left for a unit; until then it can be taken back. */
export async function serviceRequests(
  store: Store,
  config: Pick<Config, 'open311'>,
  filter: RequestFilter,
  language: Language,
) {
  let query = store.db
    .selectFrom('tickets')
    .innerJoin('units', 'units.id', 'tickets.unit_id')
    .leftJoin('clocks', (join) =>
      join.onRef('clocks.ticket_id', '=', 'tickets.id').on('clocks.kind', '=', 'resolution'),
    )
    .selectAll('tickets')
    .select(['units.name_en', 'units.name_zh', 'clocks.deadline_at'])
    .where('tickets.dispatched_at', 'is not', null);
  if (filter.ids !== undefined) query = query.where('tickets.number', 'in', filter.ids);
  else {
    const endAt = filter.endAt ?? store.now();
    const startAt = Math.max(filter.startAt ?? 0, endAt - MAX_SPAN_MS);
    query = query.where('tickets.created_at', '>=', startAt).where('tickets.created_at', '<=', endAt);
    if (filter.serviceCodes !== undefined)
      query = query.where('tickets.damage_class', 'in', filter.serviceCodes as readonly DamageClass[]);
    if (filter.status?.length === 1)
      query = query.where('tickets.state', filter.status[0] === 'closed' ? 'in' : 'not in', OVER);
  }
  const rows = await query.orderBy('tickets.created_at', 'desc').limit(MAX_REQUESTS).execute();
  return rows.map((row) => ({
    ...requestOf(row, config.open311.eventCodes as Readonly<Record<string, string>>, language),
    agency_responsible: language === 'zh' ? row.name_zh : row.name_en,
    ...(row.deadline_at === null ? {} : { expected_datetime: timestamp(row.deadline_at) }),
  }));
}

function requestOf(row: TicketRow, eventCodes: Readonly<Record<string, string>>, language: Language) {
  const { code, en, zh } = damageClass(row.damage_class);
  const event = eventCodes[row.damage_class];
  return {
    service_request_id: row.number,
    status: OVER.includes(row.state) ? 'closed' : 'open',
    status_notes: CREW_TEXTS[language].states[row.state],
    service_name: language === 'zh' ? zh : en,
    service_code: row.damage_class,
    description: `${en} (${zh})`,
    requested_datetime: timestamp(row.created_at),
    updated_datetime: timestamp(row.updated_at),
    ...(row.latitude === null || row.longitude === null ? {} : { lat: row.latitude, long: row.longitude }),
    extended_attributes: {
      state: row.state,
      damage_code: code,
      ...(row.outcome === null ? {} : { outcome: row.outcome }),
      ...(event === undefined ? {} : { event_code: event }),
    },
  };
}
