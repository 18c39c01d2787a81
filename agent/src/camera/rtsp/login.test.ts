import { createHash } from 'node:crypto';
import { Secret } from '@roadwatch/common';
import { expect, test } from 'vitest';
import { CameraFault } from './fault.ts';
import { Login, parseChallenges } from './login.ts';

const URI = 'rtsp://10.0.0.5/stream1';
const PASSWORD = 'p:ä "1"';
const LOGIN = { username: 'admin', password: new Secret(PASSWORD) };

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

/** As a server takes an Authorization header apart. */
function fieldsOf(header: string): Record<string, string> {
  return Object.fromEntries(
    [...header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g)].map(([, name, a, b]) => [name, a ?? b]),
  );
}

function answered(...challenges: string[]): string {
  const login = new Login(LOGIN, false);
  expect(login.authorization('DESCRIBE', URI)).toBeNull();
  login.challenged(challenges, false);
  return login.authorization('DESCRIBE', URI) ?? '';
}

const NONCES = 'realm="IP Camera", nonce="abc", opaque="xyz"';

test.each([
  ['MD5 is meant where none is named', [`Digest ${NONCES}`], 'md5', undefined],
  ['SHA-256', [`Digest ${NONCES}, algorithm=SHA-256, qop="auth"`], 'sha256', 'auth'],
  ['SHA-512-256', [`Digest ${NONCES}, algorithm=SHA-512-256, qop="auth,auth-int"`], 'sha512-256', 'auth'],
  [
    'the strongest of several headers',
    [
      `Digest ${NONCES}, algorithm=MD5, qop="auth"`,
      `Digest ${NONCES}, algorithm="SHA-256", qop="auth"`,
      'Basic realm="x"',
    ],
    'sha256',
    'auth',
  ],
  [
    'the strongest of several challenges in one header',
    [`Basic realm="x", Digest ${NONCES}, algorithm=MD5, Digest ${NONCES}, algorithm=SHA-256`],
    'sha256',
    undefined,
  ],
  [
    'an unknown algorithm is passed over',
    [`Digest ${NONCES}, algorithm=WHIRLPOOL`, `Digest ${NONCES}, algorithm=MD5`],
    'md5',
    undefined,
  ],
])('the answer to a challenge is right: %s', (_, challenges, algorithm, qop) => {
  const fields = fieldsOf(answered(...challenges));
  expect(fields).toMatchObject({
    username: 'admin',
    realm: 'IP Camera',
    nonce: 'abc',
    uri: URI,
    opaque: 'xyz',
  });
  const ha1 = hash(algorithm, `admin:IP Camera:${PASSWORD}`);
  const between = qop === undefined ? '' : `${fields.nc}:${fields.cnonce}:${qop}:`;
  expect(fields.qop).toBe(qop);
  expect(fields.response).toBe(hash(algorithm, `${ha1}:abc:${between}${hash(algorithm, `DESCRIBE:${URI}`)}`));
});

test('a session key (-sess) binds the password to both nonces', () => {
  const fields = fieldsOf(answered(`Digest ${NONCES}, algorithm=SHA-256-sess, qop="auth"`));
  const secret = hash('sha256', `admin:IP Camera:${PASSWORD}`);
  const ha1 = hash('sha256', `${secret}:abc:${fields.cnonce}`);
  const ha2 = hash('sha256', `DESCRIBE:${URI}`);
  expect(fields.response).toBe(hash('sha256', `${ha1}:abc:${fields.nc}:${fields.cnonce}:auth:${ha2}`));
});

test('each request with the same nonce counts on; nextnonce begins anew', () => {
  const login = new Login(LOGIN, false);
  login.challenged([`Digest ${NONCES}, algorithm=SHA-256, qop="auth"`], false);
  const next = (): Record<string, string> => fieldsOf(login.authorization('SETUP', URI) ?? '');
  expect([next().nc, next().nc]).toEqual(['00000001', '00000002']);
  login.informed('nextnonce="later", qop=auth');
  expect(next()).toMatchObject({ nonce: 'later', nc: '00000001' });
});

test('a nonce that has grown old is no refusal, a right nonce that is refused is', () => {
  const login = new Login(LOGIN, false);
  login.challenged([`Digest ${NONCES}`], false);
  login.challenged(['Digest realm="IP Camera", nonce="new", stale=TRUE'], true);
  expect(fieldsOf(login.authorization('PLAY', URI) ?? '').nonce).toBe('new');
  expect(() => login.challenged([`Digest ${NONCES}`], true)).toThrow('the camera refused the login');
});

test.each([
  ['Basic alone, though Digest was there a moment ago', ['Basic realm="x"'], /allowBasic: true/],
  ['what nobody knows', ['Negotiate abc', 'Digest realm="x", nonce="y", qop="auth-int"'], /not known/],
  ['nothing', [], /not known/],
])('%s is refused, and the reason tells what to do', (_, challenges, reason) => {
  const login = new Login(LOGIN, false);
  expect(() => login.challenged(challenges, false)).toThrow(reason);
  expect(() => login.challenged(challenges, false)).toThrow(CameraFault);
  expect(login.authorization('DESCRIBE', URI)).toBeNull();
});

test('where Basic is allowed the password goes as RFC 7617 says; Digest is still preferred', () => {
  const login = new Login(LOGIN, true);
  login.challenged(['Basic realm="x"'], false);
  const [, text = ''] = /^Basic (.+)$/.exec(login.authorization('DESCRIBE', URI) ?? '') ?? [];
  expect(Buffer.from(text, 'base64').toString()).toBe('admin:p:ä "1"');
  const both = new Login(LOGIN, true);
  both.challenged([`Basic realm="x", Digest ${NONCES}`], false);
  expect(both.authorization('DESCRIBE', URI)).toMatch(/^Digest /);
});

test('without a user name the reason says which keys to set', () => {
  expect(() => new Login(null, false).challenged([`Digest ${NONCES}`], false)).toThrow(
    'set username and password',
  );
});

test('a realm with quotes, commas and equal signs is one realm', () => {
  const [challenge] = parseChallenges('Digest realm="a \\"b\\", c=d", nonce=n , stale="FALSE"');
  expect([...(challenge?.fields ?? [])]).toEqual([
    ['realm', 'a \\"b\\", c=d'],
    ['nonce', 'n'],
    ['stale', 'FALSE'],
  ]);
});
