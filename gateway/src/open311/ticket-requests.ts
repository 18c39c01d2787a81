/** Tickets as service requests. */

import { damageClass, timestamp } from '@roadwatch/contract';
import { NO_CAMERA } from '../cameras/source.ts';
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

/**
 * Only what has left for a unit; until then it can be taken back. In a list the ticket of a report is left out: the report stands
 * for it.
 */
export async function ticketRequests(store: Store, filter: RequestFilter, span: Span, language: Language) {
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
    query = query
      .where('tickets.camera', '!=', NO_CAMERA.camera)
      .where('tickets.created_at', '>=', span.startAt)
      .where('tickets.created_at', '<=', span.endAt);
    if (filter.updatedAfter !== undefined)
      query = query.where('tickets.updated_at', '>', filter.updatedAfter);
    if (filter.updatedBefore !== undefined)
      query = query.where('tickets.updated_at', '<', filter.updatedBefore);
    if (filter.around !== undefined) query = query.where(lies(filter.around, 'tickets'));
    if (filter.serviceCodes !== undefined)
      query = query.where('tickets.damage_class', 'in', filter.serviceCodes);
    if (filter.status?.length === 1)
      query = query.where('tickets.state', filter.status[0] === 'closed' ? 'in' : 'not in', OVER);
  }
  const rows = await query
    .orderBy('tickets.created_at', 'desc')
    .orderBy('tickets.number', 'desc')
    .limit(readUpTo(filter))
    .execute();
  return rows.map((row) => ({
    service_request_id: row.number,
    ...ticketStatus(row, language),
    ...placeAndClass(row, language),
    description: titleOf(row),
    requested_datetime: timestamp(row.created_at),
    updated_datetime: timestamp(row.updated_at),
    agency_responsible: language === 'zh' ? row.name_zh : row.name_en,
    ...(row.deadline_at === null ? {} : { expected_datetime: timestamp(row.deadline_at) }),
    extended_attributes: {
      state: row.state as string,
      damage_code: damageClass(row.damage_class).code,
      ...(row.outcome === null ? {} : { outcome: row.outcome }),
    },
  }));
}
