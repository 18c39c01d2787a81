/** One HTTP call to a unit's system: bounded in time and size, without redirects, and never throwing. */
import { basicAuthorization, type Credentials, redactText, type Secret } from '@roadwatch/common';
import { beginningOf } from '../foreign/bounded-text.ts';
import { retryAfterMs } from './retry-after.ts';

const TIMEOUT_MS = 10_000;
/** Of an answer of which only the beginning is shown. */
const SHOWN_BYTES = 4096;
/**
 * Answers that judge the order itself, and would judge the same bytes alike tomorrow: bad request, unsupported media type,
 * unprocessable content (RFC 9110 15.5). All others may change: a server that is being installed does not find its own page
 * (404, 405, 410), a login or a secret is mended (401, 403, 407), a page moves (3xx), a limit is lifted (413, 414, 431), a lock or
 * a conflict ends (409, 423).
 */
const FINAL: readonly number[] = [400, 415, 422];

export interface Failure {
  readonly ok: false;
  readonly error: string;
  /** Of the answer; left out without one. */
  readonly status?: number;
  /** Whether the same call may succeed later. */
  readonly again: boolean;
  readonly afterMs?: number;
}

/** A "no" that is ours: nothing was sent, or what came says that sending again is of no use. */
export function refusal(error: string): Failure {
  return { ok: false, again: false, error };
}

export interface Answered {
  readonly ok: true;
  readonly status: number;
  readonly text: string;
}

export interface CallOptions {
  /** Of an answer no more is read. */
  readonly maxBytes?: number;
  /** Sent as Basic. */
  readonly login?: Credentials | null;
  /** What must not be in an error, whatever the other side or the network says. */
  readonly known?: readonly Secret[];
}

/** A redirect is an error, since it would carry the order to an address that nobody configured. */
export async function callHttp(
  url: string | URL,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  signal: AbortSignal,
  { maxBytes = SHOWN_BYTES, login = null, known = [] }: CallOptions = {},
): Promise<Answered | Failure> {
  const headers = new Headers(init.headers);
  if (login !== null) headers.set('authorization', basicAuthorization(login));
  const secrets = login === null ? known : [...known, login.password];
  try {
    const response = await fetch(url, {
      ...init,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await beginningOf(response, response.ok ? maxBytes : SHOWN_BYTES);
    if (response.ok) return { ok: true, status: response.status, text };
    // A date is by the other clock: what it says is compared with the time that its server had.
    const sentAt = Date.parse(response.headers.get('date') ?? '');
    const now = Number.isNaN(sentAt) ? Date.now() : sentAt;
    const afterMs = retryAfterMs(response.headers.get('retry-after'), now);
    return {
      ok: false,
      status: response.status,
      error: redactText(`${response.status} ${elsewhere(response) ?? shortened(text)}`.trim(), secrets),
      again: !FINAL.includes(response.status),
      ...(afterMs === null ? {} : { afterMs }),
    };
  } catch (error) {
    return { ok: false, error: redactText(reasonOf(error as Error), secrets), again: true };
  }
}

/** The beginning of an answer, in one line. */
export function shortened(text: string): string {
  return text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
}

/** Where a redirect points, as far as its host: the rest may hold what is nobody else's business. */
function elsewhere({ status, headers, url }: Response): string | null {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === null || !URL.canParse(location, url)) return null;
  return `sends us to ${new URL(location, url).origin}, which is not followed: configure the address that takes orders`;
}

function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const cause = error.cause as Error | undefined;
  return cause?.message || error.message;
}
