import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import type { Settings } from '../../testing/config.ts';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';
import { call, TestOperator } from '../../testing/operator.ts';

const FRESH = 'a much longer secret';

async function city(settings: Settings = {}) {
  const gateway = await testGateway(settings);
  const login = (more: object = {}) =>
    call(gateway.url, 'POST', '/api/session', {
      body: { username: 'operator', password: PASSWORD, ...more },
    });
  return { gateway, login };
}

async function withFactor() {
  const { gateway, login } = await city();
  const operator = await gateway.operator();
  const begun = await operator.post('/api/me/second-factor', { password: PASSWORD });
  const totp = new TOTP({ secret: Secret.fromBase32(begun.body.secret) });
  // A code of the step before, so that the present one is still to be had.
  const first = totp.generate({ timestamp: Date.now() - 30_000 });
  const confirmed = await operator.post('/api/me/second-factor/confirm', { code: first });
  return { gateway, login, operator, begun, totp, first, confirmed };
}

test('somebody changes their own password: with the old one, and all other sessions end', async () => {
  const { gateway, login } = await city();
  const here = await gateway.operator();
  const elsewhere = await TestOperator.login(gateway.url, 'operator', PASSWORD);
  const change = (old: string, fresh: string) => here.post('/api/me/password', { old, new: fresh });
  expect((await change('wrong', FRESH)).status).toBe(403);
  for (const bad of ['short', PASSWORD, 'the operator of this'])
    expect((await change(PASSWORD, bad)).status).toBe(422);
  const changed = await change(PASSWORD, FRESH);
  expect(changed.status).toBe(200);
  const [cookie = ''] = changed.headers.getSetCookie().map((entry) => entry.split(';')[0] as string);
  expect((await call(gateway.url, 'GET', '/api/me', { headers: { cookie } })).status).toBe(200);
  for (const old of [here, elsewhere]) expect((await old.get('/api/me')).status).toBe(401);
  expect((await login()).status).toBe(401);
  expect((await login({ password: FRESH })).status).toBe(200);
});

test('with a second factor the password alone opens nothing, and a code works once', async () => {
  const { login, totp, first, begun, confirmed, operator } = await withFactor();
  expect(begun.body.uri).toMatch(
    /^otpauth:\/\/totp\/Roadwatch:operator\?issuer=Roadwatch&secret=[A-Z2-7]{32}/,
  );
  expect(begun.body.qr).toContain('<svg');
  expect(confirmed.body.recoveryCodes).toHaveLength(10);
  expect((await operator.get('/api/me')).status).toBe(401);
  expect(await login()).toMatchObject({ status: 401, body: { code: 'code_needed' } });
  expect(await login({ code: first })).toMatchObject({ status: 401, body: { code: 'code_wrong' } });
  const code = totp.generate();
  expect((await login({ code })).status).toBe(200);
  expect(await login({ code })).toMatchObject({ status: 401, body: { code: 'code_wrong' } });
  const [recovery] = confirmed.body.recoveryCodes;
  expect((await login({ code: recovery.match(/.{5}/g).join('-').toUpperCase() })).status).toBe(200);
  expect(await login({ code: recovery })).toMatchObject({ status: 401 });
  expect(await login({ password: 'wrong', code })).toMatchObject({
    status: 401,
    body: { detail: 'user name or password is wrong' },
  });
});

test('codes cannot be tried one after the other', async () => {
  const { login, totp } = await withFactor();
  for (let n = 0; n < 5; n++) expect((await login({ code: `00000${n}` })).status).toBe(401);
  const blocked = await login({ code: totp.generate() });
  expect(blocked.status).toBe(429);
  expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(800);
});

test('an admin takes off the second factor of somebody who has lost it', async () => {
  const { gateway, login } = await withFactor();
  const admin = await gateway.operator('admin', 'chief');
  const path = '/api/users/operator/second-factor';
  const remove = (by: TestOperator) => call(gateway.url, 'DELETE', path, { headers: by.headers });
  expect((await remove(await gateway.operator('viewer'))).status).toBe(403);
  expect((await remove(admin)).status).toBe(204);
  expect((await remove(admin)).status).toBe(404);
  expect((await login()).status).toBe(200);
});

test('somebody takes off their own with password and code; where the role needs one, not', async () => {
  const { gateway, login, totp } = await withFactor();
  const session = await login({ code: totp.generate() });
  const cookie = session.headers
    .getSetCookie()
    .map((entry) => entry.split(';')[0])
    .join('; ');
  const headers = { cookie, 'x-csrf-token': session.body.csrfToken };
  const off = (body: object) =>
    call(gateway.url, 'POST', '/api/me/second-factor/off', {
      headers,
      body: { password: PASSWORD, ...body },
    });
  expect((await off({ code: '000000' })).status).toBe(403);
  expect((await off({ code: totp.generate({ timestamp: Date.now() + 30_000 }) })).status).toBe(204);
  expect((await login()).status).toBe(200);
});

test('a role that needs a second factor can do nothing before it has one', async () => {
  const { gateway } = await city({ login: { requireSecondFactor: ['operator'] } });
  const operator = await gateway.operator();
  expect((await operator.get('/api/me')).body.account).toEqual({
    password: true,
    secondFactor: false,
    mustSetUp: true,
  });
  expect(await operator.get('/api/alerts')).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('second factor') },
  });
  expect((await operator.post('/api/me/second-factor', { password: PASSWORD })).status).toBe(200);
  expect((await (await gateway.operator('viewer')).get('/api/alerts')).status).toBe(200);
});
