/** The arguments of "GET Service Requests". */
import type { DamageClass } from '@roadwatch/contract';
import { askedTime } from '../calendar/asked-time.ts';
import { Open311Refusal } from './refusal.ts';
import { type Around, MAX_REQUESTS, MAX_SPAN_MS, type Page, type RequestFilter } from './request.ts';

const SLACK_MS = 86_400_000;
/** Of a client that names a page alone. */
const PAGE_SIZE = 50;
/** As far as a client can page: each page reads those before it. */
const MAX_PAGED = 10_000;
const MAX_RADIUS_M = 100_000;

/** `timeZone`: of a time that names none. Throws Open311Refusal. */
export function filterOf(
  query: Readonly<Record<string, string | undefined>>,
  timeZone: string,
): RequestFilter {
  const list = (name: string): string[] | undefined => query[name]?.split(',').map((text) => text.trim());
  const ids = list('service_request_id');
  if (ids !== undefined) return { ids: ids.slice(0, MAX_REQUESTS) };
  const status = list('status');
  if (status?.some((text) => text !== 'open' && text !== 'closed'))
    throw new Open311Refusal(400, 'status: expected open, closed or both');
  const [startAt, endAt] = [
    instantOf(query, 'start_date', timeZone, 'start'),
    instantOf(query, 'end_date', timeZone, 'end'),
  ];
  if (startAt !== undefined && endAt !== undefined) {
    if (endAt < startAt) throw new Open311Refusal(400, 'end_date: lies before start_date');
    // A day more for those who count whole days.
    if (endAt - startAt > MAX_SPAN_MS + SLACK_MS)
      throw new Open311Refusal(400, 'end_date: may not lie more than 90 days after start_date');
  }
  const [updatedAfter, updatedBefore] = [
    instantOf(query, 'updated_after', timeZone, 'start'),
    instantOf(query, 'updated_before', timeZone, 'end'),
  ];
  const [around, page] = [aroundOf(query), pageOf(query)];
  // A code that is no class fits nothing.
  const serviceCodes = list('service_code') as DamageClass[] | undefined;
  return {
    ...(serviceCodes === undefined ? {} : { serviceCodes }),
    ...(status === undefined ? {} : { status: [...new Set(status)] as ('open' | 'closed')[] }),
    ...(startAt === undefined ? {} : { startAt }),
    ...(endAt === undefined ? {} : { endAt }),
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
    ...(updatedBefore === undefined ? {} : { updatedBefore }),
    ...(around === undefined ? {} : { around }),
    ...(page === undefined ? {} : { page }),
  };
}

type Query = Readonly<Record<string, string | undefined>>;

/** `page` and `page_size`, of which one is enough. Beyond the last page there is an empty list. */
function pageOf(query: Query): Page | undefined {
  if (query.page === undefined && query.page_size === undefined) return undefined;
  const [number, size] = [countOf(query, 'page', 1), countOf(query, 'page_size', PAGE_SIZE)];
  if (size > MAX_REQUESTS) throw new Open311Refusal(400, `page_size: expected at most ${MAX_REQUESTS}`);
  if (number * size > MAX_PAGED)
    throw new Open311Refusal(400, `page: at most ${MAX_PAGED} requests are listed; ask for fewer days`);
  return { number, size };
}

function countOf(query: Query, name: 'page' | 'page_size', fallback: number): number {
  const text = query[name]?.trim() || String(fallback);
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Open311Refusal(400, `${name}: expected a whole number from 1 on`);
}

/** `lat`, `long` and `radius` in metres. */
function aroundOf(query: Query): Around | undefined {
  const names = ['lat', 'long', 'radius'] as const;
  if (names.every((name) => query[name] === undefined)) return undefined;
  const [latitude, longitude, metres] = names.map((name, index) => {
    const value = Number(query[name]?.trim() || Number.NaN);
    const most = [90, 180, MAX_RADIUS_M][index] as number;
    if (Math.abs(value) <= most && (name !== 'radius' || value > 0)) return value;
    throw new Open311Refusal(
      400,
      `${name}: expected a number up to ${most}; lat, long and radius go together`,
    );
  }) as [number, number, number];
  return { latitude, longitude, metres };
}

function instantOf(query: Query, name: string, timeZone: string, side: 'start' | 'end'): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  // In a query a plus sign that was not escaped, as of +08:00, is read as a space.
  const at = askedTime(text.trim().replace(/(:\d\d(?:\.\d+)?) (\d\d:\d\d)$/, '$1+$2'), timeZone, side);
  if (at !== null) return at;
  throw new Open311Refusal(
    400,
    `${name}: expected a date that exists, RFC 3339, such as 2026-11-23T08:15:30+08:00, or 2026-11-23; without a zone it is ${timeZone}`,
  );
}
