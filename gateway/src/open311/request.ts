/** What service requests of either kind share: which are asked for, and how a place, a class and a state are told. */

import { type DamageClass, damageClass } from '@roadwatch/contract';
import type { TicketState } from '@roadwatch/contract/api';
import { TICKET_STATE_TEXTS } from '@roadwatch/contract/codes';
import { sql } from 'kysely';
import type { Language } from '../language.ts';
import type { TicketRow } from '../store/tables/tickets.ts';

/** "GET Service Requests": the last 90 days or the first 1000 requests, whichever is smaller. */
export const MAX_SPAN_MS = 90 * 86_400_000;
export const MAX_REQUESTS = 1000;
export const OVER: readonly TicketState[] = ['closed', 'cancelled'];

export interface RequestFilter {
  /** Numbers of tickets and reports; given, nothing else counts. */
  readonly ids?: readonly string[];
  readonly serviceCodes?: readonly DamageClass[];
  readonly status?: readonly ('open' | 'closed')[];
  readonly startAt?: number;
  readonly endAt?: number;
  /** Extensions that other servers have: later, or earlier, than these. */
  readonly updatedAfter?: number;
  readonly updatedBefore?: number;
  readonly around?: Around;
  readonly page?: Page;
}

/** A circle in WGS 84. */
export interface Around {
  readonly latitude: number;
  readonly longitude: number;
  readonly metres: number;
}

/** Counted from 1. */
export interface Page {
  readonly number: number;
  readonly size: number;
}

/** How many of the newest have to be read to have the page. */
export function readUpTo({ page }: RequestFilter): number {
  return page === undefined ? MAX_REQUESTS : page.number * page.size;
}

const METRES_PER_DEGREE = 111_320;

/** Whether a place lies in the circle, on a map that is flat there; `column` names a table. */
export function lies(within: Around, column: string) {
  const [latitude, longitude] = ['latitude', 'longitude'].map((name) => sql.ref<number>(`${column}.${name}`));
  const wide = METRES_PER_DEGREE * Math.cos((within.latitude * Math.PI) / 180);
  const north = sql<number>`(${latitude} - ${sql.lit(within.latitude)}) * ${sql.lit(METRES_PER_DEGREE)}`;
  const east = sql<number>`(${longitude} - ${sql.lit(within.longitude)}) * ${sql.lit(wide)}`;
  return sql<boolean>`(${north}) * (${north}) + (${east}) * (${east}) <= ${sql.lit(within.metres ** 2)}`;
}

export interface Span {
  readonly startAt: number;
  readonly endAt: number;
}

export function ticketStatus({ state }: Pick<TicketRow, 'state'>, language: Language) {
  return {
    status: OVER.includes(state) ? 'closed' : 'open',
    status_notes: TICKET_STATE_TEXTS[state][language],
  };
}

export function placeAndClass(
  row: Pick<TicketRow, 'damage_class' | 'latitude' | 'longitude'>,
  language: Language,
) {
  return {
    service_name: damageClass(row.damage_class)[language],
    service_code: row.damage_class,
    ...(row.latitude === null || row.longitude === null ? {} : { lat: row.latitude, long: row.longitude }),
  };
}

export function titleOf(row: Pick<TicketRow, 'damage_class'>): string {
  const { en, zh } = damageClass(row.damage_class);
  return `${en} (${zh})`;
}
