import type { Scope } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { createToken, findToken } from '../../src/identity/tokens.ts';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR } from '../../testing/ticket.ts';

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

async function city() {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const agent = await gateway.agent();
  await agent.report();
  const path = await admin.dispatch();
  const make = async (name: string, scopes: readonly Scope[], rest: object = {}) =>
    (await admin.post('/api/tokens', { name, scopes, expiresAt: inDays(30), ...rest })).body;
  const as = (token: string) => ({ authorization: `Bearer ${token}` });
  const get = (token: string, at: string) => call(gateway.url, 'GET', at, { headers: as(token) });
  const post = (token: string, at: string, body: object) =>
    call(gateway.url, 'POST', at, { headers: as(token), body });
  return { gateway, admin, path, make, get, post };
}

test('an admin makes a token, which is shown once, works without cookie and CSRF token, and stands in the audit', async () => {
  const { gateway, admin, path, make, get, post } = await city();
  const { token, ...kept } = await make('bureau', ['tickets:read', 'tickets:write']);
  expect(token).toMatch(/^rwt_[\w-]{43}$/);
  expect(kept).toMatchObject({ name: 'bureau', state: 'valid', lastUsedAt: null, createdBy: 'user:admin' });
  expect((await get(token, '/api/tickets')).body.items).toHaveLength(1);
  const moved = await post(token, `${path}/transitions`, { command: 'accept' });
  expect(moved).toMatchObject({ status: 200, body: { state: 'accepted' } });
  const { history } = (await admin.get(path)).body;
  expect(history.at(-1)).toMatchObject({ actor: 'token:bureau', channel: 'api', action: 'ticket.accept' });
  const { items } = (await admin.get('/api/tokens')).body;
  expect(items).toMatchObject([{ name: 'bureau', lastUsedAt: expect.any(String) }]);
  expect(JSON.stringify(items)).not.toContain(token);
  const store = await gateway.store();
  expect(JSON.stringify(await store.db.selectFrom('api_tokens').selectAll().execute())).not.toContain(token);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

test('a token does what its scopes say and nothing else, not even for an admin route', async () => {
  const { admin, path, make, get, post } = await city();
  const { token } = await make('dashboard', ['alerts:read']);
  expect((await get(token, '/api/alerts')).status).toBe(200);
  expect((await get(token, '/api/cameras')).status).toBe(200);
  const lacking = await get(token, '/api/tickets');
  expect(lacking).toMatchObject({
    status: 403,
    body: { status: 403, detail: 'the token dashboard has not the scope tickets:read' },
  });
  expect(lacking.headers.get('content-type')).toContain('application/problem+json');
  expect((await post(token, `${path}/transitions`, { command: 'accept' })).status).toBe(403);
  const made = { name: 'more', scopes: ['export:read'], expiresAt: inDays(1) };
  expect((await post(token, '/api/tokens', made)).body.detail).toMatch(/for people only/);
  expect((await admin.get(path)).body.state).toBe('dispatched');
  const { token: exporter } = await make('exporter', ['export:read']);
  const { headers, body } = await get(exporter, '/api/exports/tickets?format=csv');
  expect(headers.get('content-type')).toContain('text/csv');
  expect(body).toContain(',dispatched,pothole,');
});

test("a unit's token sees and moves the tickets of its unit only", async () => {
  const { admin, path, make, get } = await city();
  const { token } = await make('crews', ['tickets:read'], { unitId: 'road-maintenance' });
  expect((await get(token, path)).status).toBe(200);
  const refused = await admin.post('/api/tokens', {
    name: 'x',
    scopes: ['alerts:read'],
    expiresAt: inDays(1),
    unitId: 'road-maintenance',
  });
  expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/^scopes: /) } });
});

test('a token that is revoked, unknown or made up is refused with the reason, and nothing changes', async () => {
  const { admin, path, make, get, post } = await city();
  const { token, id } = await make('lost', ['tickets:read', 'tickets:write']);
  expect((await admin.get('/api/tokens')).body.items[0].lastUsedAt).toBeNull();
  const ended = await call(admin.base, 'DELETE', `/api/tokens/${id}`, { headers: admin.headers });
  expect(ended.status).toBe(204);
  const revoked = await get(token, '/api/tickets');
  expect(revoked).toMatchObject({ status: 401, body: { detail: expect.stringContaining('revoked at 20') } });
  expect(revoked.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  for (const foreign of [`${token}x`, admin.csrfToken, 'rwt_', '%00', "' or 1=1 --"])
    expect(await post(foreign, `${path}/transitions`, { command: 'accept' })).toMatchObject({ status: 401 });
  expect((await admin.get(path)).body.state).toBe('dispatched');
  const again = await call(admin.base, 'DELETE', `/api/tokens/${id}`, { headers: admin.headers });
  expect(again).toMatchObject({ status: 409, body: { detail: expect.stringContaining('revoked already') } });
});

test('a token is refused from the instant on that was set when it was made', async () => {
  const { store, time } = await testStore();
  const made = { name: 'short', scopes: ['alerts:read'], expiresAt: time.now + DAY } as const;
  const { token } = await createToken(store, made, ACTOR);
  time.pass(DAY - 1);
  expect(await findToken(store, token)).toMatchObject({ name: 'short' });
  time.pass(1);
  expect(await findToken(store, token)).toEqual({
    code: 'token_expired',
    reason: 'the token short expired at 2026-11-24T08:00:00.000Z',
  });
});

test('what cannot be a token is refused by its field; a name is used once, and by admins only', async () => {
  const { gateway, admin, make } = await city();
  await make('once', ['alerts:read']);
  const good = { name: 'other', scopes: ['alerts:read'], expiresAt: inDays(1) };
  const cases: [object, number, RegExp][] = [
    [{ ...good, name: 'once' }, 409, /^name: /],
    [{ ...good, name: 'Two Words' }, 422, /name/],
    [{ ...good, scopes: [] }, 422, /scopes/],
    [{ ...good, scopes: ['everything'] }, 422, /scopes/],
    [{ ...good, expiresAt: inDays(-1) }, 422, /^expiresAt: /],
    [{ ...good, expiresAt: inDays(10_000) }, 422, /^expiresAt: /],
    [{ ...good, expiresAt: 'soon' }, 422, /expiresAt/],
    [{ ...good, unitId: 'nobody', scopes: ['tickets:read'] }, 422, /^unitId: /],
  ];
  for (const [body, status, detail] of cases)
    expect(await admin.post('/api/tokens', body)).toMatchObject({
      status,
      body: { detail: expect.stringMatching(detail) },
    });
  expect((await admin.get('/api/tokens')).body.items).toHaveLength(1);
  const lead = await gateway.operator('shift_lead');
  expect((await lead.post('/api/tokens', good)).status).toBe(403);
  expect((await lead.get('/api/tokens')).status).toBe(403);
});
