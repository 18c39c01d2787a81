/** Requests to the gateway: with the session's token, bounded in time, and every failure a Problem that a person can be told. */
import type { Problem as ProblemDocument } from '@roadwatch/contract/api';
import { at } from '../route/base.ts';
import { Problem } from './problem.ts';

const TIMEOUT_MS = 15_000;
/** The header `Date` has whole seconds (RFC 9110, 6.6.1), so a difference below this is none. */
const CLOCK_TOLERANCE_MS = 2_500;

interface SendOptions {
  readonly timeoutMs?: number;
  /** A repeat with the same key is the same request (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header). */
  readonly key?: string;
  /** Goes out even when the page is closed at once; nobody hears its answer then (Fetch, "keepalive"). */
  readonly outlivesPage?: boolean;
}

export type Send = <T>(method: string, path: string, body?: object, options?: SendOptions) => Promise<T>;

export interface Items<Item> {
  readonly items: readonly Item[];
}

export class Connection {
  csrfToken = '';
  /** Called when the gateway says that the session is over. */
  onUnauthorized: () => void = () => {};
  #clockOffsetMs = 0;

  /** The gateway's present instant, as far as its answers tell: ages and countdowns are right on a screen whose clock is not. */
  now(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  /** Throws Problem. */
  readonly send: Send = async <T>(
    method: string,
    path: string,
    body?: object,
    { timeoutMs = TIMEOUT_MS, key, outlivesPage = false }: SendOptions = {},
  ) => {
    const response = await fetch(at(path), {
      method,
      headers: {
        ...(method === 'GET' ? {} : { 'x-csrf-token': this.csrfToken }),
        // Of a form the browser says it, with the boundary between its parts.
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      keepalive: outlivesPage,
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(() => {
      throw new Problem(0, 'network');
    });
    this.#setClock(response.headers.get('date'));
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    if (response.status === 401 && path !== '/api/session') this.onUnauthorized();
    const { detail, code, fields } = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
    throw new Problem(response.status, detail ?? response.statusText, code, fields);
  };

  #setClock(date: string | null): void {
    const offset = date === null ? 0 : Date.parse(date) - Date.now();
    this.#clockOffsetMs = Math.abs(offset) > CLOCK_TOLERANCE_MS ? offset : 0;
  }
}
