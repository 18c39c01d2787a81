/** One POST to a device: bounded in time and size, to the machine that it was meant for, and no redirect followed. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { OnvifError } from './onvif-error.ts';
import { MAX_XML_BYTES } from './xml.ts';

/** For all of an answer: a device that says a byte a second is none. */
const ANSWER_MS = 6_000;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Throws OnvifError. */
export async function postXml(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  // A camera's certificate is its own and vouches for nothing; the password is never told but as a digest.
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = send(
    url,
    {
      method: 'POST',
      agent: false,
      rejectUnauthorized: false,
      maxHeaderSize: 16 * 1024,
      headers: { 'content-type': 'application/soap+xml; charset=utf-8', ...headers },
      signal: AbortSignal.any([signal, limit]),
    },
    (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_XML_BYTES) response.destroy(new OnvifError('too_long'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    },
  );
  sent.on('error', reject);
  sent.end(body);
  try {
    return await promise;
  } catch (error) {
    if (error instanceof OnvifError) throw error;
    signal.throwIfAborted();
    if (limit.aborted) throw new OnvifError('unreachable', 'no answer in time');
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new OnvifError(code.startsWith('HPE_') ? 'not_onvif' : 'unreachable', code);
  }
}
