/** What service requests of either kind share: which are asked for, and how a place, a class and a state are told. */
import { type DamageClass, damageClass } from '@roadwatch/contract';
import { CREW_TEXTS, type Language } from '../crew/texts.ts';
import type { TicketRow, TicketState } from '../store/tables.ts';

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
}

export interface Span {
  readonly startAt: number;
  readonly endAt: number;
}

export function ticketStatus({ state }: Pick<TicketRow, 'state'>, language: Language) {
  return {
    status: OVER.includes(state) ? 'closed' : 'open',
    status_notes: CREW_TEXTS[language].states[state],
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
