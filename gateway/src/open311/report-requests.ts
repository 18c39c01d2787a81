/** What people have reported, as service requests: open until an operator has rejected it or its ticket is over. */

import { damageClass, timestamp } from '@roadwatch/contract';
import type { RejectReason, TicketState } from '@roadwatch/contract/api';
import { mediaUrlsOf } from '../alerts/citizen-report.ts';
import type { Language } from '../language.ts';
import type { Store } from '../store/database.ts';
import {
  lies,
  OVER,
  placeAndClass,
  type RequestFilter,
  readUpTo,
  type Span,
  ticketStatus,
  titleOf,
} from './request.ts';
import { REPORT_TEXTS } from './texts.ts';

export async function reportRequests(
  store: Store,
  filter: RequestFilter,
  span: Span,
  { language, tokenId }: { readonly language: Language; readonly tokenId: string | null },
) {
  let query = reports(store);
  if (filter.ids !== undefined) query = query.where('citizen_reports.number', 'in', filter.ids);
  else {
    query = query
      .where('citizen_reports.created_at', '>=', span.startAt)
      .where('citizen_reports.created_at', '<=', span.endAt);
    // As below: the later of the judgement and the ticket's last move.
    const { updatedAfter, updatedBefore, around } = filter;
    if (updatedAfter !== undefined)
      query = query.where((where) =>
        where.or([
          where('roots.updated_at', '>', updatedAfter),
          where('tickets.updated_at', '>', updatedAfter),
        ]),
      );
    if (updatedBefore !== undefined)
      query = query
        .where('roots.updated_at', '<', updatedBefore)
        .where((where) =>
          where.or([
            where('tickets.updated_at', 'is', null),
            where('tickets.updated_at', '<', updatedBefore),
          ]),
        );
    if (around !== undefined) query = query.where(lies(around, 'alerts'));
    if (filter.serviceCodes !== undefined)
      query = query.where('alerts.damage_class', 'in', filter.serviceCodes);
    if (filter.status?.length === 1) {
      const closed = filter.status[0] === 'closed';
      query = query.where((where) =>
        closed
          ? where.or([where('roots.state', '=', 'rejected'), where('tickets.state', 'in', OVER)])
          : where.and([
              where('roots.state', '!=', 'rejected'),
              where.or([where('tickets.state', 'is', null), where('tickets.state', 'not in', OVER)]),
            ]),
      );
    }
  }
  const rows = await query
    .orderBy('citizen_reports.created_at', 'desc')
    .orderBy('citizen_reports.number', 'desc')
    .limit(readUpTo(filter))
    .execute();
  return rows.map((row) => {
    const own = row.token_id === tokenId;
    const [media] = mediaUrlsOf(row);
    const state = stateOf(row);
    return {
      service_request_id: row.number,
      ...statusOf(row, language),
      ...placeAndClass(row, language),
      description: (own ? row.description : null) ?? titleOf(row),
      ...(own && row.address !== null ? { address: row.address } : {}),
      ...(own && media !== undefined ? { media_url: media } : {}),
      requested_datetime: timestamp(row.created_at),
      updated_datetime: timestamp(Math.max(row.judged_at, row.moved_at ?? 0)),
      ...(row.name_en === null || row.name_zh === null
        ? {}
        : { agency_responsible: language === 'zh' ? row.name_zh : row.name_en }),
      extended_attributes: {
        state,
        damage_code: damageClass(row.damage_class).code,
        ...(row.ticket === null ? {} : { ticket: row.ticket }),
        ...(row.outcome === null ? {} : { outcome: row.outcome }),
      },
    };
  });
}

/** "GET service_request_id from a token". Null when there is no such token. */
export async function requestOfToken(store: Store, token: string): Promise<string | null> {
  const row = await store.db
    .selectFrom('citizen_reports')
    .select('number')
    .where('alert_id', '=', token)
    .executeTakeFirst();
  return row?.number ?? null;
}

/** Each with the alert that stands for it, which is its own until it is merged into another, and that one's ticket, once it has left. */
function reports(store: Store) {
  return store.db
    .selectFrom('citizen_reports')
    .innerJoin('alerts', 'alerts.id', 'citizen_reports.alert_id')
    .innerJoin('alerts as roots', (join) =>
      join.on((on) => on('roots.id', '=', on.fn.coalesce('alerts.root_id', 'alerts.id'))),
    )
    .leftJoin('tickets', (join) =>
      join.onRef('tickets.id', '=', 'roots.ticket_id').on('tickets.dispatched_at', 'is not', null),
    )
    .leftJoin('units', 'units.id', 'tickets.unit_id')
    .select([
      'citizen_reports.number',
      'citizen_reports.token_id',
      'citizen_reports.description',
      'citizen_reports.address',
      'citizen_reports.media_url',
      'citizen_reports.created_at',
      'alerts.damage_class',
      'alerts.latitude',
      'alerts.longitude',
      'roots.state as verdict',
      'roots.reason',
      'roots.updated_at as judged_at',
      'tickets.number as ticket',
      'tickets.state',
      'tickets.outcome',
      'tickets.updated_at as moved_at',
      'units.name_en',
      'units.name_zh',
    ]);
}

interface Judged {
  readonly verdict: string;
  readonly reason: string | null;
  readonly state: TicketState | null;
}

function stateOf({ verdict, state }: Judged): string {
  return verdict === 'rejected' ? 'rejected' : (state ?? 'received');
}

function statusOf({ verdict, reason, state }: Judged, language: Language) {
  const texts = REPORT_TEXTS[language];
  if (verdict === 'rejected')
    return { status: 'closed', status_notes: texts.rejected[reason as RejectReason] ?? texts.rejected.other };
  return state === null
    ? { status: 'open', status_notes: texts.received }
    : ticketStatus({ state }, language);
}
