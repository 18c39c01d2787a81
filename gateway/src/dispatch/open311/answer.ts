/** What another Open311 server answers, which is to be believed no further than its form. */
import { parseForeign } from '../../foreign/parse.ts';
import type { Form } from '../../foreign/parse-here.ts';

export interface RemoteRequest {
  readonly id: string | null;
  readonly token: string | null;
  readonly status: string | null;
  readonly notes: string | null;
  readonly description: string | null;
  /** Of a server that says more than open and closed, as a gateway does. */
  readonly state: string | null;
  readonly outcome: string | null;
}

const MAX_REQUESTS = 1000;
const MAX_TEXT = 4000;

/** A list of requests; null when it is something else. */
export async function requestsOf(text: string, format: Form): Promise<readonly RemoteRequest[] | null> {
  const parsed = await parseForeign(text, format);
  const value = format === 'json' ? parsed : listIn(parsed);
  if (!Array.isArray(value)) return null;
  return value.slice(0, MAX_REQUESTS).map((entry: unknown) => {
    const extended = fieldOf(entry, 'extended_attributes');
    return {
      id: textOf(entry, 'service_request_id'),
      token: textOf(entry, 'token'),
      status: textOf(entry, 'status')?.toLowerCase() ?? null,
      notes: textOf(entry, 'status_notes'),
      description: textOf(entry, 'description'),
      state: textOf(extended, 'state'),
      outcome: textOf(extended, 'outcome'),
    };
  });
}

/** `<service_requests><request>...` */
function listIn(parsed: unknown): unknown {
  const root = fieldOf(parsed, 'service_requests');
  return root === '' ? [] : fieldOf(root, 'request');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Numbers of requests come as numbers, too. Without what no store keeps. */
function textOf(value: unknown, name: string): string | null {
  const field = fieldOf(value, name);
  if (typeof field !== 'string' && typeof field !== 'number') return null;
  const text = String(field).replaceAll('\u0000', '').toWellFormed().trim().slice(0, MAX_TEXT);
  return text === '' ? null : text;
}
