import { inspect } from 'node:util';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { addressProblem, splitLogin } from './address.ts';
import { basicAuthorization, Secret, SecretUrl } from './secret.ts';

test.each([
  ['a secret', new Secret('S3cret')],
  ['an address', new SecretUrl('rtsp://admin:S3cret@10.0.0.5/main?token=S3cret')],
])('%s tells its value to whoever asks for it, and prints it nowhere', (_, secret) => {
  expect(secret.reveal()).toContain('S3cret');
  const lines: string[] = [];
  pino({}, { write: (line: string) => lines.push(line) }).info({ secret, deep: [{ secret }] }, `${secret}`);
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, depth: 9 }),
    JSON.stringify(structuredClone({ ...secret })),
    JSON.stringify(Object.entries(secret)),
    new Error(`no answer from ${secret}`).message,
    `${lines}`,
  ];
  for (const text of printed) expect(text).not.toContain('S3cret');
});

test('an address says which one it is', () => {
  expect(`${new SecretUrl('rtsp://admin:S3cret@10.0.0.5/main')}`).toBe('rtsp://10.0.0.5/main');
});

test.each(['#', '?', '/', '@', '%', '12/3', '1#2', '100%'])(
  'a password with %s in an address is told from a host, without the password',
  (character) => {
    const problem = addressProblem(`rtsp://admin:S3${character}cret@10.0.0.5/main`, 'use the key password');
    expect(problem).toMatch(/password.*# \? \/ @ %.*; use the key password$/);
    expect(problem).not.toMatch(/S3|cret/);
  },
);

test.each([
  ['rtsp://admin:12#34@h/', /password/],
  ['rtsp://admin:12/34@h/', /password/],
  ['mqtts://', 'names no host'],
  ['rtsp://h:99999/', 'is not a well-formed address'],
  ['rtsp://h:0/', 'names port 0'],
])('%s cannot be used', (address, why) => {
  expect(addressProblem(address, '')).toMatch(why);
});

test.each([
  'rtsp://a:b@h/x',
  'rtsp://a:b%40%23@h/x',
  'rtsp://h/x?channel=1&subtype=0',
  'mqtts://h',
  'rtsp://[::1]/',
])('%s can be used', (address) => {
  expect(addressProblem(address, '')).toBeNull();
});

test('a login in an address is taken out of it, decoded', () => {
  const { url, login } = splitLogin('https://bureau:p%40s%20s@h/orders');
  expect(url).toBe('https://h/orders');
  expect(login?.username).toBe('bureau');
  expect(login?.password.reveal()).toBe('p@s s');
  expect(login && basicAuthorization(login)).toBe(`Basic ${btoa('bureau:p@s s')}`);
  expect(splitLogin('https://h/orders')).toEqual({ url: 'https://h/orders', login: null });
});
