/**
 * Logging in at a camera: Digest with SHA-256, SHA-512-256 or MD5 (RFC 7616; RFC 2617 and, without qop, RFC 2069), the
 * strongest that is offered, and Basic (RFC 7617) only where the password may be told.
 */
import { createHash, randomBytes } from 'node:crypto';
import { basicAuthorization, type Credentials } from '@roadwatch/common';
import { CameraFault } from './fault.ts';

const HASHES: Readonly<Record<string, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
};
const STRONGEST_FIRST = Object.keys(HASHES);

interface Challenge {
  readonly scheme: string;
  /** Names in lower case; values as they stand between their quotes. */
  readonly fields: ReadonlyMap<string, string>;
}

export class Login {
  readonly #credentials: Credentials | null;
  readonly #allowBasic: boolean;
  #scheme: Digest | 'basic' | null = null;

  constructor(credentials: Credentials | null, allowBasic: boolean) {
    this.#credentials = credentials;
    this.#allowBasic = allowBasic;
  }

  /** The Authorization header of a request; null before the camera has asked for one. */
  authorization(method: string, uri: string): string | null {
    if (this.#scheme === null || this.#credentials === null) return null;
    if (this.#scheme === 'basic') return basicAuthorization(this.#credentials);
    return this.#scheme.authorization(this.#credentials, method, uri);
  }

  /** `answered`: whether the request that was refused told a password. Throws CameraFault when asking again is of no use. */
  challenged(headers: readonly string[], answered: boolean): void {
    const challenges = headers.flatMap(parseChallenges);
    const digests = challenges.filter(({ scheme }) => scheme === 'digest').flatMap(Digest.from);
    // A nonce that has grown old is not a wrong password (RFC 7616 3.3).
    if (answered && !digests.some(({ stale }) => stale)) {
      throw new CameraFault('refused', 'the camera refused the login (user name or password)');
    }
    if (this.#credentials === null) {
      throw new CameraFault('refused', 'the camera asks for a login; set username and password');
    }
    const [best] = digests.sort((a, b) => STRONGEST_FIRST.indexOf(a.name) - STRONGEST_FIRST.indexOf(b.name));
    if (best !== undefined) {
      this.#scheme = best;
    } else if (!challenges.some(({ scheme }) => scheme === 'basic')) {
      throw new CameraFault('refused', 'the camera asks for a kind of login that is not known here');
    } else if (this.#allowBasic) {
      this.#scheme = 'basic';
    } else {
      throw new CameraFault(
        'refused',
        'the camera wants the password in the clear (Basic login), where anyone on its network could read it; ' +
          'set the camera to Digest or use rtsps://, or set allowBasic: true',
      );
    }
  }

  /** The Authentication-Info header: the nonce for next time (RFC 7616 3.5). */
  informed(header: string): void {
    const next = fieldsOf(header).get('nextnonce');
    if (next !== undefined && this.#scheme instanceof Digest) this.#scheme = this.#scheme.withNonce(next);
  }
}

class Digest {
  readonly name: string;
  readonly #fields: ReadonlyMap<string, string>;
  readonly #nonce: string;
  readonly #cnonce = randomBytes(12).toString('hex');
  #count = 0;

  /** None when its algorithm or quality of protection is not known. */
  static from({ fields }: Pick<Challenge, 'fields'>): Digest[] {
    const name = (fields.get('algorithm') ?? 'MD5').toUpperCase().replace(/-SESS$/, '');
    const qop = fields.get('qop');
    const canProtect = qop === undefined || qop === '' || /(^|[\s,])auth([\s,]|$)/i.test(qop);
    return HASHES[name] === undefined || !canProtect
      ? []
      : [new Digest(name, fields, fields.get('nonce') ?? '')];
  }

  private constructor(name: string, fields: ReadonlyMap<string, string>, nonce: string) {
    this.name = name;
    this.#fields = fields;
    this.#nonce = nonce;
  }

  get stale(): boolean {
    return this.#fields.get('stale')?.toLowerCase() === 'true';
  }

  withNonce(nonce: string): Digest {
    return new Digest(this.name, this.#fields, nonce);
  }

  authorization({ username, password }: Credentials, method: string, uri: string): string {
    const hash = (text: string): string =>
      createHash(HASHES[this.name] as string)
        .update(text)
        .digest('hex');
    const [realm, algorithm, qop] = ['realm', 'algorithm', 'qop'].map((name) => this.#fields.get(name));
    const user = `${username}:${unquoted(realm ?? '')}`;
    const inSession = algorithm?.toUpperCase().endsWith('-SESS') === true;
    const secret = hash(`${user}:${password.reveal()}`);
    const ha1 = inSession ? hash(`${secret}:${this.#nonce}:${this.#cnonce}`) : secret;
    const ha2 = hash(`${method}:${uri}`);
    const count = (++this.#count).toString(16).padStart(8, '0');
    const protectedBy = qop === undefined || qop === '' ? '' : `${count}:${this.#cnonce}:auth:`;
    const hashedName = this.#fields.get('userhash')?.toLowerCase() === 'true';
    const fields = [
      `username="${hashedName ? hash(user) : quoted(username)}"`,
      `realm="${realm ?? ''}"`,
      `nonce="${this.#nonce}"`,
      `uri="${uri}"`,
      `response="${hash(`${ha1}:${this.#nonce}:${protectedBy}${ha2}`)}"`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(this.#fields.has('opaque') ? [`opaque="${this.#fields.get('opaque')}"`] : []),
      ...(protectedBy === '' ? [] : ['qop=auth', `nc=${count}`]),
      ...(protectedBy === '' && !inSession ? [] : [`cnonce="${this.#cnonce}"`]),
      ...(hashedName ? ['userhash=true'] : []),
    ];
    return `Digest ${fields.join(', ')}`;
  }
}

/** A header may hold several challenges, and each several fields, all parted by commas (RFC 7235 4.1). */
export function parseChallenges(header: string): Challenge[] {
  const heads = [...header.matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[\w-]+\s*=)/g)];
  return heads.map((head, index) => ({
    scheme: (head[1] as string).toLowerCase(),
    fields: fieldsOf(header.slice(head.index + head[0].length, heads[index + 1]?.index)),
  }));
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [, name = '', inQuotes, plain] of text.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))/g,
  )) {
    fields.set(name.toLowerCase(), inQuotes ?? plain ?? '');
  }
  return fields;
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
