/** One HTTP call to a unit's system: bounded in time and size, without redirects, and never throwing. */
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface Failure {
  readonly ok: false;
  readonly error: string;
  /** Whether the same call may succeed later. */
  readonly again: boolean;
  readonly afterMs?: number;
}

/** A redirect is an error, since it would carry the order to an address that nobody configured. */
export async function callHttp(
  url: string | URL,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly text: string } | Failure> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await textOf(response);
    if (response.ok) return { ok: true, text };
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      ok: false,
      error: `${response.status} ${text.slice(0, 200).replaceAll(/\s+/g, ' ')}`.trim(),
      again: response.status >= 500 || [408, 409, 425, 429].includes(response.status),
      ...(retryAfter > 0 ? { afterMs: retryAfter * 1000 } : {}),
    };
  } catch (error) {
    return { ok: false, error: reasonOf(error as Error), again: true };
  }
}

function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const cause = error.cause as Error | undefined;
  return cause?.message || error.message;
}

/** The beginning of the answer, however much there is of it. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
