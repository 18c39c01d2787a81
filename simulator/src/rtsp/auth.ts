/**
 * Digest access authentication as street cameras do it: MD5, no qop (RFC 2617 3.2.2.1 without qop, RFC 2326 D.3.2).
 * Nonces are signed times, so that the server remembers none.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../camera/camera.ts';

export type AuthVerdict = 'accepted' | 'refused' | 'stale';

const REALM = 'Roadwatch Simulator';
const NONCE_LIFE_MS = 5 * 60_000;

export class DigestAuth {
  readonly #key = randomBytes(32);

  /** The `WWW-Authenticate` header of a 401. */
  challenge(nowMs: number, stale = false): string {
    return `Digest realm="${REALM}", nonce="${this.#nonce(nowMs)}"${stale ? ', stale="true"' : ''}`;
  }

  check(
    credentials: Credentials,
    request: { readonly method: string; readonly headers: ReadonlyMap<string, string> },
    nowMs: number,
  ): AuthVerdict {
    const header = request.headers.get('authorization');
    if (header === undefined || !/^digest /i.test(header)) return 'refused';
    const { username, realm, nonce, uri, response } = parseDigest(header);
    if (username === undefined || nonce === undefined || uri === undefined || response === undefined) {
      return 'refused';
    }
    const issuedAt = Number.parseInt(nonce.split('-')[0] ?? '', 36);
    if (!Number.isSafeInteger(issuedAt) || !same(nonce, this.#nonce(issuedAt))) return 'refused';
    const ha1 = md5(`${credentials.user}:${REALM}:${credentials.password}`);
    const expected = md5(`${ha1}:${nonce}:${md5(`${request.method}:${uri}`)}`);
    if (username !== credentials.user || realm !== REALM || !same(response, expected)) return 'refused';
    return nowMs - issuedAt > NONCE_LIFE_MS ? 'stale' : 'accepted';
  }

  #nonce(issuedAtMs: number): string {
    const time = issuedAtMs.toString(36);
    return `${time}-${createHmac('sha256', this.#key).update(time).digest('hex').slice(0, 32)}`;
  }
}

/** `name="value"` and `name=value` pairs of an Authorization header. */
export function parseDigest(header: string): Partial<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [, name = '', quoted, plain] of header.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s",]+))/g)) {
    fields[name.toLowerCase()] = quoted ?? plain ?? '';
  }
  return fields;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
