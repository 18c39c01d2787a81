/**
 * Tickets as requests in a unit's own Open311 system (GeoReport v2). The protocol knows no key that makes a request once only, so
 * after an attempt whose end is not known the system is asked first whether it has a request that names the ticket. It knows
 * no way to take a request back or to remind of one either: such orders fail with a sentence for a person.
 */

import type { Open311Target } from '../../config/units.ts';
import { type CallOptions, callHttp, type Failure, refusal } from '../../outbound/http-call.ts';
import type { Store } from '../../store/database.ts';
import type { OutboxRow } from '../../store/tables/tickets.ts';
import type { Attempt, Delivery } from '../channel.ts';
import { orderAddress, orderBody } from '../order.ts';
import { type RemoteRequest, requestsOf } from './answer.ts';

/** How far the other clock may be behind ours. */
const SKEW_MS = 3_600_000;
/** "description": at most 4,000 characters. */
const MAX_DESCRIPTION = 4000;
/** One request, and a thousand of them. */
const MAX_POST_BYTES = 64 * 1024;
const MAX_LIST_BYTES = 4 * 1024 * 1024;

type OrderData = Awaited<ReturnType<typeof orderBody>>['data'];

/** One attempt. */
export async function sendRequest({ store, config, unit, order, signal }: Attempt): Promise<Delivery> {
  const target = unit.open311 as Open311Target;
  const { data } = await orderBody(store, config, order);
  const { ticket } = data;
  if (order.attempts > 1 || order.last_error !== null) {
    const found = await lookUp(store, target, order, data, signal);
    if (found !== null && !('ok' in found)) return { ok: true, request: found };
    // A system that cannot be searched gets the ticket twice rather than never.
    if (found !== null && isSearchable(found)) return found;
  }
  const form = new URLSearchParams({
    ...(target.jurisdictionId === undefined ? {} : { jurisdiction_id: target.jurisdictionId }),
    api_key: target.apiKey.reveal(),
    service_code: codeOf(target, data),
    ...(ticket.position === null
      ? { address_string: (await orderAddress(store, order)) ?? ticket.number }
      : { lat: String(ticket.position.latitude), long: String(ticket.position.longitude) }),
    description: descriptionOf(data).slice(0, MAX_DESCRIPTION),
  });
  const headers = { 'idempotency-key': order.id };
  const answer = await callHttp(
    new URL(`requests.${target.format}`, target.url.reveal()),
    { method: 'POST', headers, body: form },
    signal,
    { ...accessOf(target), maxBytes: MAX_POST_BYTES },
  );
  if (!answer.ok) return answer;
  const [made] = (await requestsOf(answer.text, target.format)) ?? [];
  if (made === undefined || (made.id === null && made.token === null))
    return refusal('the answer names neither a service_request_id nor a token');
  return { ok: true, request: made };
}

/** Done when the system has no request for the order; what it has, a person must call back. */
export async function recallRequest({ store, config, unit, order, signal }: Attempt): Promise<Delivery> {
  const target = unit.open311 as Open311Target;
  const { data } = await orderBody(store, config, order);
  const known = await remoteOf(store, order);
  const found = known ?? (await lookUp(store, target, order, data, signal));
  if (found === null) return { ok: true };
  if ('ok' in found && isSearchable(found)) return found;
  return refusal(`Open311 takes nothing back: tell the unit that ${nameOf(found)} no longer holds`);
}

/** How the system lets us in. */
export function accessOf({ url, login, apiKey }: Open311Target): CallOptions {
  return { login, known: [url, apiKey] };
}

/** GET of a list of requests. */
export async function getRequests(
  target: Open311Target,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly RemoteRequest[] | Failure> {
  const url = new URL(`${path}.${target.format}`, target.url.reveal());
  if (target.jurisdictionId !== undefined) url.searchParams.set('jurisdiction_id', target.jurisdictionId);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  // A login of the address takes the header; the standard asks for the key with POST only.
  const headers = { authorization: `Bearer ${target.apiKey.reveal()}` };
  const answer = await callHttp(url, { headers }, signal, { ...accessOf(target), maxBytes: MAX_LIST_BYTES });
  if (!answer.ok) return answer;
  return (await requestsOf(answer.text, target.format)) ?? refusal('the answer is not a list of requests');
}

/** Whether a system that did not list its requests may do so later, as one does that is down or busy. */
function isSearchable({ again, status = 500 }: Failure): boolean {
  return again && (status >= 500 ? status !== 501 : [408, 425, 429].includes(status));
}

/** The request that an earlier attempt has made, though its answer never came; null when there is none. */
async function lookUp(
  store: Store,
  target: Open311Target,
  order: OutboxRow,
  data: OrderData,
  signal: AbortSignal,
): Promise<RemoteRequest | Failure | null> {
  const start_date = new Date(order.created_at - SKEW_MS).toISOString();
  const found = await getRequests(
    target,
    'requests',
    { service_code: codeOf(target, data), start_date },
    signal,
  );
  if ('ok' in found) return found;
  const earlier = await store.db
    .selectFrom('remote_requests')
    .select('request_id')
    .where('ticket_id', '=', order.ticket_id)
    .execute();
  const known = new Set(earlier.map(({ request_id }) => request_id));
  // What was closed is the repair that did not hold.
  const fits = found.filter(({ status }) => order.kind !== 'rework' || status !== 'closed');
  return (
    fits.find(
      ({ id, description }) => id !== null && !known.has(id) && description?.includes(data.ticket.number),
    ) ?? null
  );
}

async function remoteOf(store: Store, order: OutboxRow): Promise<Pick<RemoteRequest, 'id' | 'token'> | null> {
  const row = await store.db
    .selectFrom('remote_requests')
    .select(['request_id', 'token'])
    .where('assignment_id', '=', order.assignment_id)
    .executeTakeFirst();
  return row === undefined ? null : { id: row.request_id, token: row.token };
}

function codeOf({ serviceCodes, serviceCode }: Open311Target, { ticket }: OrderData): string {
  return serviceCodes[ticket.damageClass] ?? serviceCode ?? ticket.damageClass;
}

/** The number comes first: by it the request is found again. */
function descriptionOf({ ticket, reason }: OrderData): string {
  const { number, title, note, camera, respondBy, url } = ticket;
  return [
    `${number} ${title.en} (${title.zh})`,
    reason === undefined ? null : `The repair did not hold (返工): ${reason}`,
    note,
    camera?.name ? `${camera.name.en} (${camera.name.zh})` : null,
    respondBy === undefined ? null : `Respond by (请于此前响应): ${respondBy}`,
    url ?? null,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

function nameOf(request: Pick<RemoteRequest, 'id' | 'token'> | Failure): string {
  return 'ok' in request ? 'the request' : `request ${request.id ?? request.token}`;
}
