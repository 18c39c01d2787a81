/**
 * Signed HTTP calls in the form of Standard Webhooks (standardwebhooks.com, 1.0): `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`, an HMAC-SHA256 over `id.timestamp.body`. The same id is sent with every attempt, so that a receiver that
 * has it already can say so.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Webhook } from '../../config/units.ts';
import { webhookKey } from '../../config/webhook-secret.ts';
import { type Answered, callHttp, type Failure } from '../../outbound/http-call.ts';

/** How far the sender's clock may be from ours; an older call may be a recorded one. */
const TOLERANCE_S = 300;

/** `v1,` and base64: "Symmetric signatures" of the specification. */
export function sign(secret: string, id: string, timestampS: number, body: string): string {
  return `v1,${createHmac('sha256', webhookKey(secret)).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
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

/** One attempt. Never throws. */
export async function callWebhook(
  { url, login, secret }: Webhook,
  call: { readonly id: string; readonly body: object; readonly nowMs: number },
  signal: AbortSignal,
): Promise<Answered | Failure> {
  const body = JSON.stringify(call.body);
  const timestampS = Math.floor(call.nowMs / 1000);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'idempotency-key': call.id,
    'webhook-id': call.id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': sign(secret.reveal(), call.id, timestampS, body),
  };
  return callHttp(url.reveal(), { method: 'POST', headers, body }, signal, { login, known: [url, secret] });
}
