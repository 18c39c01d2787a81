/**
 * Logging in at a camera, as it was told to ask for it: Basic (RFC 7617), Digest with MD5 and no qop as older street cameras do it
 * (RFC 2617 3.2.2.1, RFC 2326 D.3.2), Digest with SHA-256 (RFC 7616). Nonces are signed times, so that the server remembers none.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Credentials, LoginTerms } from '../camera/access.ts';

/** `stale`: right, but by a nonce that has grown old. */
export type AuthVerdict = 'accepted' | 'refused' | 'stale';

const HASHES = { MD5: 'md5', 'SHA-256': 'sha256' } as const;

export class Authenticator {
  readonly #key = randomBytes(32);

  /** The `WWW-Authenticate` headers of a 401, one for each scheme (RFC 7235 4.1). */
  challenges({ schemes, realm, saysFresh }: LoginTerms, nowMs: number, stale = false): string[] {
    const nonce = this.#nonce(nowMs);
    const ending = stale ? ', stale="true"' : saysFresh ? ', stale="FALSE"' : '';
    return schemes.map((scheme) => {
      if (scheme === 'basic') return `Basic realm="${realm}"`;
      const digest = `Digest realm="${realm}", nonce="${nonce}"`;
      return `${digest}${scheme === 'digest-md5' ? '' : ', qop="auth", algorithm=SHA-256'}${ending}`;
    });
  }

  check(
    credentials: Credentials,
    login: LoginTerms,
    request: { readonly method: string; readonly headers: ReadonlyMap<string, string> },
    nowMs: number,
  ): AuthVerdict {
    const [, scheme = '', rest = ''] = /^(\w+) +(.+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
    switch (scheme.toLowerCase()) {
      case 'basic':
        return login.schemes.includes('basic') && isBasicOf(credentials, rest) ? 'accepted' : 'refused';
      case 'digest':
        return this.#checkDigest(credentials, login, request.method, parseDigest(rest), nowMs);
      default:
        return 'refused';
    }
  }

  #checkDigest(
    { user, password }: Credentials,
    { schemes, nonceSeconds, realm: ownRealm }: LoginTerms,
    method: string,
    fields: Partial<Record<string, string>>,
    nowMs: number,
  ): AuthVerdict {
    const { username, realm, nonce, uri, response, qop, nc, cnonce, algorithm = 'MD5' } = fields;
    if (username === undefined || nonce === undefined || uri === undefined || response === undefined) {
      return 'refused';
    }
    const issuedAt = Number.parseInt(nonce.split('-')[0] ?? '', 36);
    if (!Number.isSafeInteger(issuedAt) || !same(nonce, this.#nonce(issuedAt))) return 'refused';
    const name = algorithm.toUpperCase();
    if (name !== 'MD5' && name !== 'SHA-256') return 'refused';
    if (!schemes.includes(name === 'MD5' ? 'digest-md5' : 'digest-sha256')) return 'refused';
    let protectedBy = '';
    if (name === 'SHA-256') {
      // What was offered with qop is answered with it (RFC 7616 3.4).
      if (qop !== 'auth' || cnonce === undefined || !/^[0-9a-f]{8}$/i.test(nc ?? '')) return 'refused';
      protectedBy = `${nc}:${cnonce}:auth:`;
    }
    const hash = (text: string): string => createHash(HASHES[name]).update(text).digest('hex');
    const ha1 = hash(`${user}:${ownRealm}:${password}`);
    const expected = hash(`${ha1}:${nonce}:${protectedBy}${hash(`${method}:${uri}`)}`);
    // Headers are read byte by byte; names are UTF-8 (RFC 7616 4).
    const named = Buffer.from(username, 'latin1').toString('utf8');
    if (named !== user || realm !== ownRealm || !same(response.toLowerCase(), expected)) return 'refused';
    return nowMs - issuedAt > nonceSeconds * 1000 ? 'stale' : 'accepted';
  }

  #nonce(issuedAtMs: number): string {
    const time = issuedAtMs.toString(36);
    return `${time}-${createHmac('sha256', this.#key).update(time).digest('hex').slice(0, 32)}`;
  }
}

/** `name="value"` and `name=value` pairs of an Authorization header. */
export function parseDigest(header: string): Partial<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [, name = '', quoted, plain] of header.matchAll(
    /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g,
  )) {
    fields[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '';
  }
  return fields;
}

function isBasicOf({ user, password }: Credentials, token: string): boolean {
  return same(Buffer.from(token, 'base64').toString('utf8'), `${user}:${password}`);
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
