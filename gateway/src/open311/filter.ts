/** The arguments of "GET Service Requests". */
import type { DamageClass } from '@roadwatch/contract';
import { Open311Refusal } from './refusal.ts';
import { MAX_REQUESTS, MAX_SPAN_MS, type RequestFilter } from './request.ts';

const SLACK_MS = 86_400_000;

/** Throws Open311Refusal. */
export function filterOf(query: Readonly<Record<string, string | undefined>>): RequestFilter {
  const list = (name: string): string[] | undefined => query[name]?.split(',').map((text) => text.trim());
  const ids = list('service_request_id');
  if (ids !== undefined) return { ids: ids.slice(0, MAX_REQUESTS) };
  const status = list('status');
  if (status?.some((text) => text !== 'open' && text !== 'closed'))
    throw new Open311Refusal(400, 'status: expected open, closed or both');
  const [startAt, endAt] = [instantOf(query, 'start_date'), instantOf(query, 'end_date')];
  if (startAt !== undefined && endAt !== undefined) {
    if (endAt < startAt) throw new Open311Refusal(400, 'end_date: lies before start_date');
    // A day more for those who count whole days.
    if (endAt - startAt > MAX_SPAN_MS + SLACK_MS)
      throw new Open311Refusal(400, 'end_date: may not lie more than 90 days after start_date');
  }
  // A code that is no class fits nothing.
  const serviceCodes = list('service_code') as DamageClass[] | undefined;
  return {
    ...(serviceCodes === undefined ? {} : { serviceCodes }),
    ...(status === undefined ? {} : { status: [...new Set(status)] as ('open' | 'closed')[] }),
    ...(startAt === undefined ? {} : { startAt }),
    ...(endAt === undefined ? {} : { endAt }),
  };
}

function instantOf(query: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  // In a query a plus sign that was not escaped, as of +08:00, is read as a space.
  const at = Date.parse(text.trim().replace(/ (\d\d:?\d\d)$/, '+$1'));
  if (Number.isNaN(at))
    throw new Open311Refusal(400, `${name}: expected a W3C date and time, such as 2026-11-23T00:00:00Z`);
  return at;
}
