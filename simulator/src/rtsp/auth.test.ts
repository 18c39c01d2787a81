import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type Credentials,
  DEFAULT_LOGIN,
  LOGIN_SCHEMES,
  type LoginScheme,
  type LoginTerms,
} from '../camera/access.ts';
import { Authenticator, parseDigest } from './auth.ts';

const credentials = { user: 'opérateur "1"', password: 'ä secret:with "signs"' };
const now = Date.UTC(2026, 10, 23);
const URI = 'rtsp://h/cam';

const login = (...schemes: LoginScheme[]): LoginTerms => ({
  ...{ ...DEFAULT_LOGIN, schemes },
  ...{ realm: 'Street', saysFresh: false },
});

/** As bytes come out of a connection. */
function headers(authorization: string): ReadonlyMap<string, string> {
  return new Map([['authorization', Buffer.from(authorization).toString('latin1')]]);
}

/** As a client of RFC 7617, RFC 2069 and RFC 7616 answers one challenge. */
function answer(challenge: string, { user, password }: Credentials = credentials): string {
  if (challenge.startsWith('Basic')) return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const { realm, nonce, qop, algorithm } = parseDigest(challenge);
  const hash = (text: string): string =>
    createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const protectedBy = qop === undefined ? '' : '00000001:abc:auth:';
  const response = hash(
    `${hash(`${user}:${realm}:${password}`)}:${nonce}:${protectedBy}${hash(`DESCRIBE:${URI}`)}`,
  );
  const name = user.replaceAll(/["\\]/g, '\\$&');
  const fields = `username="${name}", realm="${realm}", nonce="${nonce}", uri="${URI}", response="${response}"`;
  const more = qop === undefined ? '' : `, algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="abc"`;
  return `Digest ${fields}${more}`;
}

function verdict(authorization: string, offered: LoginTerms, auth: Authenticator, atMs = now): string {
  return auth.check(credentials, offered, { method: 'DESCRIBE', headers: headers(authorization) }, atMs);
}

describe.each(LOGIN_SCHEMES)('by %s', (scheme) => {
  const offered = login(scheme);
  const auth = new Authenticator();
  const [challenge = ''] = auth.challenges(offered, now);

  test('the right login is let in', () => {
    expect(verdict(answer(challenge), offered, auth)).toBe('accepted');
  });

  test.each([
    ['a wrong password', { ...credentials, password: 'guess' }],
    ['a wrong name', { ...credentials, user: 'guess' }],
    ['nothing', { user: '', password: '' }],
  ])('%s is refused', (_, given) => {
    expect(verdict(answer(challenge, given), offered, auth)).toBe('refused');
  });

  test('a login by what was not offered is refused', () => {
    const others = login(...LOGIN_SCHEMES.filter((other) => other !== scheme));
    expect(verdict(answer(challenge), others, auth)).toBe('refused');
  });
});

test('several schemes are offered in the order in which they were said, each in a header of its own', () => {
  const offered = auth().challenges(login('digest-sha256', 'basic', 'digest-md5'), now);
  expect(offered).toEqual([
    expect.stringMatching(/^Digest realm="[^"]+", nonce="[^"]+", qop="auth", algorithm=SHA-256$/),
    expect.stringMatching(/^Basic realm="[^"]+"$/),
    expect.stringMatching(/^Digest realm="[^"]+", nonce="[^"]+"$/),
  ]);
});

test.each(['digest-md5', 'digest-sha256'] as const)(
  'an old nonce of %s is refused as stale, so that the client asks no one for a password again',
  (scheme) => {
    const server = auth();
    const offered = { ...login(scheme), nonceSeconds: 10 };
    const [challenge = ''] = server.challenges(offered, now);
    const [anew = ''] = server.challenges(offered, now + 10_001, true);
    expect(verdict(answer(challenge), offered, server, now + 10_000)).toBe('accepted');
    expect(verdict(answer(challenge), offered, server, now + 10_001)).toBe('stale');
    expect(
      verdict(answer(challenge, { ...credentials, password: 'guess' }), offered, server, now + 10_001),
    ).toBe('refused');
    expect(anew).toContain('stale="true"');
    expect(verdict(answer(anew), offered, server, now + 10_001)).toBe('accepted');
  },
);

test.each([
  ['no login', ''],
  ['a scheme that nobody knows', 'Bearer abc'],
  ['a nonce that this server never gave', answer(auth().challenges(login('digest-md5'), now)[0] ?? '')],
  ['Digest without fields', 'Digest x'],
  ['Basic that is no base64', 'Basic %%%'],
])('%s is refused', (_, authorization) => {
  expect(verdict(authorization, login(...LOGIN_SCHEMES), auth())).toBe('refused');
});

test('SHA-256 without the protection that was offered is refused', () => {
  const server = auth();
  const [challenge = ''] = server.challenges(login('digest-sha256'), now);
  const bare = answer(challenge.replace('qop="auth", ', ''));
  expect(verdict(`${bare}, algorithm=SHA-256`, login('digest-sha256'), server)).toBe('refused');
});

function auth(): Authenticator {
  return new Authenticator();
}
