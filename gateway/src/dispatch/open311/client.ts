/**
 * Tickets as requests in a unit's own Open311 system (GeoReport v2). The protocol knows no key that makes a request once only, so
 * after an attempt whose end is not known the system is asked first whether it has a request that names the ticket. It knows
 * no way to take a request back or to remind of one either: such orders fail with a sentence for a person.
 */

import type { Config, Open311Target } from '../../config/config.ts';
import { type CallOptions, callHttp, type Failure } from '../../outbound/http-call.ts';
import type { Store } from '../../store/database.ts';
import type { OutboxRow } from '../../store/tables/tickets.ts';
import { orderAddress, orderBody } from '../order.ts';
import { type RemoteRequest, requestsOf } from './answer.ts';

/** How far the other clock may be behind ours. */
const SKEW_MS = 3_600_000;
/** "description": at most 4,000 characters. */
const MAX_DESCRIPTION = 4000;
/** One request, and a thousand of them. */
const MAX_POST_BYTES = 64 * 1024;
const MAX_LIST_BYTES = 4 * 1024 * 1024;

type Sent = { readonly ok: true; readonly request?: Pick<RemoteRequest, 'id' | 'token'> } | Failure;

/** One attempt. Never throws for what the other side does. */
export async function sendByOpen311(
  store: Store,
  config: Pick<Config, 'clocks' | 'http'>,
  target: Open311Target,
  order: OutboxRow,
  signal: AbortSignal,
): Promise<Sent> {
  const { data } = await orderBody(store, config, order);
  const { ticket } = data;
  const codes = target.serviceCodes;
  const code = codes[ticket.damageClass] ?? target.serviceCode ?? ticket.damageClass;
  if (order.kind === 'reminder') return refusal('Open311 has no reminders: tell the unit');
  const before = async () => lookUp(store, target, order, { number: ticket.number, code }, signal);
  if (order.kind === 'recall') {
    const known = await remoteOf(store, order);
    const found = known ?? (await before());
    if (found === null) return { ok: true };
    if ('ok' in found && isSearchable(found)) return found;
    return refusal(`Open311 takes nothing back: tell the unit that ${nameOf(found)} no longer holds`);
  }
  if (order.attempts > 1 || order.last_error !== null) {
    const found = await before();
    if (found !== null && !('ok' in found)) return { ok: true, request: found };
    // A system that cannot be searched gets the ticket twice rather than never.
    if (found !== null && isSearchable(found)) return found;
  }
  const form = new URLSearchParams({
    ...(target.jurisdictionId === undefined ? {} : { jurisdiction_id: target.jurisdictionId }),
    api_key: target.apiKey.reveal(),
    service_code: code,
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
  { number, code }: { readonly number: string; readonly code: string },
  signal: AbortSignal,
): Promise<RemoteRequest | Failure | null> {
  const start_date = new Date(order.created_at - SKEW_MS).toISOString();
  const found = await getRequests(target, 'requests', { service_code: code, start_date }, signal);
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
    fits.find(({ id, description }) => id !== null && !known.has(id) && description?.includes(number)) ?? null
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

/** The number comes first: by it the request is found again. */
function descriptionOf({ ticket, reason }: Awaited<ReturnType<typeof orderBody>>['data']): string {
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

function refusal(error: string): Failure {
  return { ok: false, again: false, error };
}
