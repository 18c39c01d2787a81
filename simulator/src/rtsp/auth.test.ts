import { expect, test } from 'vitest';
import { DigestAuth, md5, parseDigest } from './auth.ts';

const credentials = { user: 'operator', password: 'secret' };
const now = Date.UTC(2026, 10, 23);

function answer(challenge: string, { user, password }: typeof credentials): ReadonlyMap<string, string> {
  const { realm, nonce } = parseDigest(challenge);
  const uri = 'rtsp://h/cam';
  const response = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:${md5(`DESCRIBE:${uri}`)}`);
  const header = `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`;
  return new Map([['authorization', header]]);
}

function verdict(headers: ReadonlyMap<string, string>, auth: DigestAuth, atMs = now): string {
  return auth.check(credentials, { method: 'DESCRIBE', headers }, atMs);
}

test('the right login is let in', () => {
  const auth = new DigestAuth();
  expect(verdict(answer(auth.challenge(now), credentials), auth)).toBe('accepted');
});

test.each([
  ['no login', () => new Map()],
  [
    'a wrong password',
    (auth: DigestAuth) => answer(auth.challenge(now), { ...credentials, password: 'guess' }),
  ],
  ['a wrong name', (auth: DigestAuth) => answer(auth.challenge(now), { ...credentials, user: 'guess' })],
  ['a nonce that this server never gave', () => answer(new DigestAuth().challenge(now), credentials)],
  ['a password in the clear', () => new Map([['authorization', 'Basic b3BlcmF0b3I6c2VjcmV0']])],
])('%s is refused', (_, headers: (auth: DigestAuth) => ReadonlyMap<string, string>) => {
  const auth = new DigestAuth();
  expect(verdict(headers(auth), auth)).toBe('refused');
});

test('an old nonce is refused as stale, so that the client asks no one for a password again', () => {
  const auth = new DigestAuth();
  expect(verdict(answer(auth.challenge(now), credentials), auth, now + 6 * 60_000)).toBe('stale');
  expect(auth.challenge(now, true)).toContain('stale="true"');
});
