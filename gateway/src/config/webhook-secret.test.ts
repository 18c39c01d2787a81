import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { sign } from '../dispatch/webhook/webhook.ts';
import { parseConfig } from './config.ts';
import { webhookKey } from './webhook-secret.ts';

const BYTES = Buffer.from(Array.from({ length: 32 }, (_, index) => index));

test.each([
  ['whsec_ and base64', `whsec_${BYTES.toString('base64')}`],
  ['base64 alone', BYTES.toString('base64')],
  ['base64 without its padding', BYTES.toString('base64').replace('=', '')],
  ['letters and digits that are base64 as well', 'abcd'.repeat(8)],
])('%s signs as the official library does', (_name, secret) => {
  const body = '{"type":"ticket.dispatched","title":"坑槽"}';
  const at = 1_700_000_000;
  const library = new Webhook(secret);
  expect(sign(secret, 'msg_1', at, body)).toBe(library.sign('msg_1', new Date(at * 1000), body));
});

test('a text that is itself the key is written in base64, and then signs as the raw form of the library does', () => {
  const text = '城管局 a plain text secret of the bureau';
  const library = new Webhook(Buffer.from(text), { format: 'raw' });
  const secret = `whsec_${Buffer.from(text).toString('base64')}`;
  expect(sign(secret, 'msg_1', 1_700_000_000, '{}')).toBe(
    library.sign('msg_1', new Date(1_700_000_000_000), '{}'),
  );
});

test('the example of the specification', () => {
  const body = '{"test": 2432232314}';
  expect(
    sign('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, body),
  ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test.each([
  ['whsec_short', /too short; expected at least 24/],
  ['whsec_this is no base64 but long enough', /not base64.*is written as whsec_/],
  ['a plain text secret of the bureau', /not base64.*is written as whsec_/],
  ['whsec_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_', /not base64/],
  ['x'.repeat(29), /not base64/],
  ['='.repeat(24), /not base64/],
])('%s is refused by the check, with the reason and without the secret', (secret, why) => {
  expect(() => webhookKey(secret)).toThrow(why);
  const units = [{ id: 'bureau', name: { en: 'B', zh: '局' }, webhook: { url: 'http://b.test', secret } }];
  const check = () => parseConfig(JSON.stringify({ dataDir: 'x', units }), 'gateway.yaml');
  expect(check).toThrow(/units\[0\]\.webhook: the secret is /);
  expect(check).not.toThrow(secret);
});
