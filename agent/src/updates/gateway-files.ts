/**
 * Files of releases, read from the gateway over HTTP: from any byte on, with the login of the box. A paired box signs what it asks with
 * its own key; another one shows the password that it has for the broker.
 */
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { type FileRequest, signMessage, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import type { ResolvedConfig } from '../config/config.ts';
import { UpdateRefusal } from './update-refusal.ts';

/** Without a byte for so long, a connection is given up. */
const IDLE_MS = 30_000;
const MAX_PROBLEM_CHARACTERS = 16_384;

export interface FileSource {
  /** Bytes from `start` on. Throws one sentence when they cannot be had now, UpdateRefusal when they never will. */
  open(sha256: string, start: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export type BoxLogin = Pick<ResolvedConfig, 'site' | 'agent' | 'identity'> & {
  readonly mqtt: Pick<ResolvedConfig['mqtt'], 'username' | 'password'>;
  readonly gateway: ResolvedConfig['gateway'];
};

/** `nowMs`: by the gateway's clock, as far as it is known. Null: the box knows no address of its gateway. */
export function gatewayFiles(box: BoxLogin, nowMs: () => number): FileSource | null {
  const { url: base, caFile } = box.gateway;
  if (base === undefined) return null;
  return {
    open: async (sha256, start, signal) => {
      const url = new URL(`${base.replace(/\/*$/, '')}/api/agents/files/${sha256}`);
      const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      const sent = request(
        url,
        {
          headers: { authorization: authorizationOf(box, sha256, nowMs()), range: `bytes=${start}-` },
          signal,
          timeout: IDLE_MS,
          ...(caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] }),
        },
        resolve,
      );
      sent.on('error', reject);
      sent.on('timeout', () => sent.destroy(new Error('nothing came for too long')));
      sent.end();
      const response = await promise.catch((error: Error) => {
        throw new Error(`${url.origin}: ${error.message}`);
      });
      const range = `bytes ${start}-`;
      if (response.statusCode === 206 && response.headers['content-range']?.startsWith(range))
        return response;
      if (response.statusCode === 404 && (await codeOf(response)) === 'release_file_unknown')
        throw new UpdateRefusal(
          'update_cancelled',
          `${url.origin}: no release that is handed out has this file`,
        );
      response.destroy();
      throw new Error(`${url.origin}: answers ${response.statusCode} when asked for a file of a release`);
    },
  };
}

/** What the gateway calls its reason (RFC 9457); null: it is another's answer, such as a proxy's. */
async function codeOf(response: IncomingMessage): Promise<string | null> {
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
      if (text.length > MAX_PROBLEM_CHARACTERS) return null;
    }
    const problem: unknown = JSON.parse(text);
    return (problem as { readonly code?: string } | null)?.code ?? null;
  } catch {
    return null;
  }
}

/** RFC 7617 for a password. */
function authorizationOf({ site, agent, identity, mqtt }: BoxLogin, sha256: string, nowMs: number): string {
  if (identity !== null) {
    const asked: Omit<FileRequest, 'signature'> = {
      v: WIRE_VERSION,
      site,
      agent,
      sha256,
      at: timestamp(nowMs),
    };
    const signed = signMessage(asked, identity.privateKey, identity.key);
    return `Roadwatch ${Buffer.from(JSON.stringify(signed)).toString('base64url')}`;
  }
  const login = `${mqtt.username}:${mqtt.password?.reveal() ?? ''}`;
  return `Basic ${Buffer.from(login, 'utf8').toString('base64')}`;
}
