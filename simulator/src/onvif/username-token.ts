/** Whether a WS-UsernameToken is right, of now, and not one that was heard before (WSS Username Token Profile 1.0, 4). */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../camera/access.ts';
import type { UsernameToken } from './envelope.ts';

/** By the camera's own clock. */
const MAX_AGE_MS = 300_000;
const MAX_NONCES = 1_000;

export class TokenCheck {
  readonly #credentials: Credentials;
  readonly #now: () => number;
  readonly #nonces = new Set<string>();

  constructor(credentials: Credentials, now: () => number) {
    this.#credentials = credentials;
    this.#now = now;
  }

  accepts(token: UsernameToken | null): boolean {
    if (token === null || token.username !== this.#credentials.user) return false;
    const age = Math.abs(this.#now() - Date.parse(token.created));
    if (!(age <= MAX_AGE_MS) || this.#nonces.has(token.nonce)) return false;
    const expected = createHash('sha1')
      .update(Buffer.from(token.nonce, 'base64'))
      .update(token.created)
      .update(this.#credentials.password)
      .digest();
    const given = Buffer.from(token.digest, 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    if (this.#nonces.size >= MAX_NONCES) this.#nonces.delete(this.#nonces.values().next().value as string);
    this.#nonces.add(token.nonce);
    return true;
  }
}
