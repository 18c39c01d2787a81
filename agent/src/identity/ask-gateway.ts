/** One question to the gateway over HTTP, with limits on time and size, and no redirect followed. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { REFUSALS_BY_STATUS } from '@roadwatch/contract/codes';
import { causeInChinese, SaidError } from '../language.ts';

const TIMEOUT_MS = 20_000;
const MAX_ANSWER_BYTES = 256 * 1024;

export interface GatewayLine {
  /** `http://` or `https://`. */
  readonly url: string;
  /** Of a private authority that vouches for it. */
  readonly caFile?: string | undefined;
}

/** The answer as JSON. Throws one sentence: what the gateway said, or why it could not be asked; and the signal's reason. */
export async function askGateway(
  line: GatewayLine,
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<unknown> {
  const url = new URL(`${line.url.replace(/\/*$/, '')}${path}`);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const sent = request(
    url,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(line.caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(line.caFile, 'utf8')] }),
    },
    (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const value = parse(Buffer.concat(chunks).toString('utf8'));
        if (response.statusCode === 200) resolve(value);
        else reject(refusalOf(value, response.statusCode));
      });
    },
  );
  sent.on('error', reject);
  sent.end(JSON.stringify(body));
  try {
    return await promise;
  } catch (error) {
    signal?.throwIfAborted();
    const { message } = limit.aborted ? new Error('no answer in time') : (error as Error);
    const zh = error instanceof SaidError ? error.words.zh : causeInChinese(message);
    throw new SaidError({ en: `${url.origin}: ${message}`, zh: `${url.origin}：${zh}` });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** By its code, which is known in both languages. */
function refusalOf(value: unknown, status: number | undefined): SaidError {
  const code = (value as { code?: unknown } | null)?.code;
  const refusals: Readonly<Record<string, { readonly zh: string }>> = Object.assign(
    {},
    ...Object.values(REFUSALS_BY_STATUS),
  );
  const known = typeof code === 'string' && Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return new SaidError({
    en: detailOf(value) ?? `it answers ${status}`,
    zh: known?.zh.replace(/。$/, '') ?? `网关返回 ${status}`,
  });
}

/** RFC 9457. */
function detailOf(value: unknown): string | null {
  const detail = (value as { detail?: unknown } | null)?.detail;
  return typeof detail === 'string' ? detail.slice(0, 300) : null;
}
