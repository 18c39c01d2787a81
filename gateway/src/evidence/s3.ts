/**
 * Pictures and clips in a bucket of an S3-compatible store, each under its own SHA-256. Every request is signed (AWS Signature
 * Version 4) and bounded in time. The digest of what is stored is part of the signature, so the store refuses bytes that were
 * changed on the way.
 */
import { Readable } from 'node:stream';
import { sha256 as hashOf } from '@roadwatch/contract';
import { AwsClient } from 'aws4fetch';
import type { S3 } from '../config/evidence.ts';
import { type ByteRange, type EvidenceStore, EvidenceUnavailable, placeOf } from './store.ts';

const TIMEOUT_MS = 10_000;
/** While the store does not answer, only so often is it asked again: each time it may cost the whole time limit. */
const PAUSES_MS = [1_000, 5_000, 15_000, 60_000];
const MAX_ERROR_BYTES = 4096;

export function s3EvidenceStore(
  { url, region, prefix, accessKeyId, secretAccessKey }: S3,
  { timeoutMs = TIMEOUT_MS, now = () => performance.now() } = {},
): EvidenceStore {
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    region,
    service: 's3',
    retries: 0,
  });
  const keyOf = (sha256: string): string => `${url}${prefix}${placeOf(sha256)}`;
  let failures = 0;
  let askAgainAt = 0;

  /** One request. Throws EvidenceUnavailable unless the answer is one of `wanted`. The signal ends the answer's body as well. */
  async function call(
    method: 'HEAD' | 'GET' | 'PUT' | 'DELETE',
    sha256: string,
    wanted: readonly number[],
    init: Pick<RequestInit, 'headers' | 'body'> = {},
    signal: AbortSignal = AbortSignal.timeout(timeoutMs),
  ): Promise<Response> {
    if (now() < askAgainAt) throw new EvidenceUnavailable('the evidence store did not answer a moment ago');
    let response: Response;
    try {
      response = await client.fetch(keyOf(sha256), { ...init, method, signal, redirect: 'manual' });
    } catch (error) {
      const pause = PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)] as number;
      askAgainAt = now() + pause;
      throw new EvidenceUnavailable(`${method} evidence: ${reasonOf(error as Error)}`);
    }
    failures = 0;
    if (wanted.includes(response.status)) return response;
    const reason = `${response.status} ${await codeOf(response)}`.trim();
    throw new EvidenceUnavailable(`${method} evidence: ${reason}`);
  }

  async function sizeOf(sha256: string): Promise<number | null> {
    const response = await call('HEAD', sha256, [200, 404]);
    return response.status === 404 ? null : Number(response.headers.get('content-length'));
  }

  /** The time limit is for each piece, so that a browser may read as slowly as it likes. */
  async function* read(sha256: string, range: ByteRange | undefined): AsyncGenerator<Uint8Array> {
    const ending = new AbortController();
    const limit = () =>
      setTimeout(() => ending.abort(new EvidenceUnavailable('no answer in time')), timeoutMs);
    let waiting = limit();
    try {
      const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` };
      const wanted = range === undefined ? [200] : [206];
      const { body } = await call('GET', sha256, wanted, { headers }, ending.signal);
      for await (const chunk of body ?? []) {
        clearTimeout(waiting);
        yield chunk;
        waiting = limit();
      }
    } finally {
      clearTimeout(waiting);
      ending.abort();
    }
  }

  return {
    async put(sha256, bytes) {
      if ((await sizeOf(sha256)) === bytes.length) return;
      const body = Uint8Array.from(bytes);
      // Of the bytes: a small copy has the name of its picture's, not of its own.
      const headers = { 'x-amz-content-sha256': hashOf(bytes), 'content-type': 'application/octet-stream' };
      const response = await call('PUT', sha256, [200, 201, 204], { body, headers });
      await response.body?.cancel();
    },
    async get(sha256) {
      const bytes = await sizeOf(sha256);
      if (bytes === null) return null;
      return { bytes, open: (range) => Readable.from(read(sha256, range), { objectMode: false }) };
    },
    async delete(sha256) {
      const response = await call('DELETE', sha256, [200, 204, 404]);
      await response.body?.cancel();
    },
  };
}

/** What S3 calls the error, out of the XML that explains it. */
async function codeOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ERROR_BYTES) break;
  }
  return /<Code>([\w.]{1,100})<\/Code>/.exec(text)?.[1] ?? '';
}

function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError') return 'no answer in time';
  return (error.cause as Error | undefined)?.message || error.message;
}
