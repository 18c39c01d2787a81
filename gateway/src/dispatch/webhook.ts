/**
 * Signed HTTP calls in the form of Standard Webhooks (standardwebhooks.com, 1.0): `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`, an HMAC-SHA256 over `id.timestamp.body`. The same id is sent with every attempt, so that a receiver that
 * has it already can say so.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Webhook } from '../config/config.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 4096;
/** How far the sender's clock may be from ours; an older call may be a recorded one. */
const TOLERANCE_S = 300;

export type Delivery =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly error: string;
      /** Whether the same call may succeed later. */
      readonly again: boolean;
      readonly afterMs?: number;
    };

export function sign(secret: string, id: string, timestampS: number, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}

/** Null when the call is genuine and recent, else why not. `signatures`: as in the header, separated by spaces. */
export function checkSignature(
  secret: string,
  call: {
    readonly id: string;
    readonly timestampS: number;
    readonly body: string;
    readonly signatures: string;
  },
  nowMs: number,
): string | null {
  if (!(Math.abs(nowMs / 1000 - call.timestampS) <= TOLERANCE_S))
    return `webhook-timestamp: more than ${TOLERANCE_S} s from now`;
  const expected = Buffer.from(sign(secret, call.id, call.timestampS, call.body));
  const genuine = call.signatures.split(' ').some((text) => {
    const given = Buffer.from(text);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return genuine ? null : 'webhook-signature: does not fit';
}

/** One attempt. Never throws; a redirect is an error, since it would carry the order to an address that nobody configured. */
export async function callWebhook(
  { url, secret }: Webhook,
  call: { readonly id: string; readonly body: object; readonly nowMs: number },
  signal: AbortSignal,
): Promise<Delivery> {
  const body = JSON.stringify(call.body);
  const timestampS = Math.floor(call.nowMs / 1000);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': call.id,
        'webhook-id': call.id,
        'webhook-timestamp': String(timestampS),
        'webhook-signature': sign(secret, call.id, timestampS, body),
      },
      body,
    });
    const answer = await beginning(response);
    if (response.ok) return { ok: true };
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      ok: false,
      error: `${response.status} ${answer}`.trim(),
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

/** Enough of the answer to say what was wrong, however much there is of it. */
async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, 200).toString('utf8').replaceAll(/\s+/g, ' ');
}
