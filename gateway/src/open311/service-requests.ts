/** Tickets and reports alike as Open311 GeoReport v2 service requests (wiki.open311.org/GeoReport_v2). */
import type { Config } from '../config/config.ts';
import type { Language } from '../language.ts';
import type { Store } from '../store/database.ts';
import { reportRequests } from './report-requests.ts';
import { MAX_REQUESTS, MAX_SPAN_MS, type RequestFilter, type Span } from './request.ts';
import { ticketRequests } from './ticket-requests.ts';

/**
 * What fits the filter, the newest first. `tokenId`: the token of whoever asks, who sees in full what it has reported itself; to
 * everybody else a report is its class and place, since nobody has checked what people write for names and telephone numbers.
 */
export async function serviceRequests(
  store: Store,
  config: Pick<Config, 'open311'>,
  filter: RequestFilter,
  asked: { readonly language: Language; readonly tokenId: string | null },
) {
  const span = spanOf(filter, store.now());
  const [tickets, reports] = await Promise.all([
    ticketRequests(store, filter, span, asked.language),
    reportRequests(store, filter, span, asked),
  ]);
  const codes = config.open311.eventCodes as Readonly<Record<string, string>>;
  return [...tickets, ...reports]
    .sort(
      (a, b) =>
        b.requested_datetime.localeCompare(a.requested_datetime) ||
        // The order of a page must be that of the next one, too.
        b.service_request_id.localeCompare(a.service_request_id),
    )
    .slice(...pageBounds(filter))
    .map((request) => withEventCode(request, codes[request.service_code]));
}

function pageBounds({ page }: RequestFilter): [from: number, to: number] {
  if (page === undefined) return [0, MAX_REQUESTS];
  return [(page.number - 1) * page.size, page.number * page.size];
}

/** A start alone is that of 90 days, an end alone the end of them; who asks for what has changed means also what is older. */
function spanOf({ startAt, endAt, updatedAfter, updatedBefore }: RequestFilter, now: number): Span {
  const byChange = updatedAfter !== undefined || updatedBefore !== undefined;
  if (byChange && startAt === undefined && endAt === undefined) return { startAt: 0, endAt: now };
  if (startAt === undefined) return { startAt: (endAt ?? now) - MAX_SPAN_MS, endAt: endAt ?? now };
  return { startAt, endAt: endAt ?? startAt + MAX_SPAN_MS };
}

function withEventCode<Request extends { readonly extended_attributes: object }>(
  request: Request,
  code: string | undefined,
) {
  if (code === undefined) return request;
  return { ...request, extended_attributes: { ...request.extended_attributes, event_code: code } };
}
