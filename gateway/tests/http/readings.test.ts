/** The audit says from where somebody came, and who has looked at or taken out what. */
import { sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { createToken } from '../../src/identity/tokens.ts';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import type { Store } from '../../src/store/database.ts';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';
import { call, TestOperator } from '../../testing/operator.ts';

const AT = '2026-11-23T08:15:30.250Z';
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
const SHA = sha256(PICTURE);
const HERE = '127.0.0.1';
const CLI = { name: 'system', channel: 'cli' };

async function city(settings = {}) {
  const gateway = await testGateway(settings);
  const agent = await gateway.agent();
  const ref = { name: 'still.jpg', kind: 'still', contentType: 'image/jpeg', capturedAt: AT } as const;
  const evidence = [{ ...ref, sha256: SHA, bytes: PICTURE.length }];
  const detection = await agent.report({ camera: 'a', evidence });
  await agent.deliver(agent.topics.evidence('a', detection.id, ref.name), PICTURE);
  return { gateway, desk: await gateway.operator('operator', 'ann'), store: await gateway.store() };
}

/** As many as are wanted, once they are there; the test's own limit ends it otherwise. */
async function entries(store: Store, action: string, wanted: number) {
  for (;;) {
    const rows = await store.db
      .selectFrom('audit_log')
      .select(['actor', 'channel', 'source', 'subject', 'after'])
      .where('action', '=', action)
      .orderBy('seq')
      .execute();
    if (rows.length >= wanted) return rows;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a picture that somebody opens is in the audit once, with who and from where, by login, token and link', async () => {
  const { gateway, desk, store } = await city();
  const expiresAt = store.now() + 3_600_000;
  const wanted = { name: 'map', scopes: ['alerts:read' as const], expiresAt };
  const { token } = await createToken(store, wanted, CLI);
  const path = `/api/evidence/${SHA}`;
  for (let n = 0; n < 3; n++) expect((await desk.get(path)).status).toBe(200);
  const program = { authorization: `Bearer ${token}` };
  expect((await call(gateway.url, 'GET', path, { headers: program })).status).toBe(200);
  const ticket = await desk.dispatch();
  const link = new URL((await desk.post(`${ticket}/crew-link`)).body.url).pathname;
  expect((await call(gateway.url, 'GET', `${link}${SHA}.jpg`)).status).toBe(200);
  expect((await desk.get(`/api/evidence/${'a'.repeat(64)}`)).status).toBe(404);
  await gateway.stop();
  const read = { source: HERE, subject: `evidence:${SHA}`, after: null };
  const found = await entries(store, 'evidence.read', 3);
  expect(found.toSorted((a, b) => a.channel.localeCompare(b.channel))).toEqual([
    { ...read, actor: 'token:map', channel: 'api' },
    { ...read, actor: 'user:ann', channel: 'console' },
    { ...read, actor: 'unit:road-maintenance', channel: 'crew' },
  ]);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

test('an export is in the audit before it is given out, and what is done and refused at the login has its address', async () => {
  const { gateway, desk, store } = await city({ http: { port: 0, trustProxy: 1 } });
  expect((await desk.get('/api/exports/alerts?format=geojson')).status).toBe(200);
  expect(await entries(store, 'exported', 1)).toEqual([
    {
      actor: 'user:ann',
      channel: 'console',
      source: HERE,
      subject: 'export:alerts',
      after: '{"format":"geojson"}',
    },
  ]);
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  const body = { username: 'ann', password: `${PASSWORD}x` };
  expect((await call(gateway.url, 'POST', '/api/session', { headers, body })).status).toBe(401);
  expect(await entries(store, 'login.failed', 1)).toMatchObject([
    { actor: 'user:ann', source: '203.0.113.9' },
  ]);
  await TestOperator.login(gateway.url, 'ann', PASSWORD);
  expect(await entries(store, 'login', 2)).toMatchObject([{ source: HERE }, { source: HERE }]);
  expect(await entries(store, 'user.saved', 1)).toMatchObject([{ actor: 'system', source: null }]);
  const ticket = await desk.dispatch();
  const id = ticket.slice('/api/tickets/'.length);
  expect(await entries(store, 'ticket.opened', 1)).toMatchObject([{ subject: `ticket:${id}`, source: HERE }]);
  expect(await entries(store, 'ticket.dispatched', 1)).toMatchObject([{ source: null }]);
});

test('an address that is altered, added or taken away shows', async () => {
  const { store } = await city();
  const login = (await entries(store, 'login', 1)).length;
  expect(login).toBe(1);
  const set = (source: string | null, action: string) =>
    store.transaction((tx) =>
      tx.db.updateTable('audit_log').set({ source }).where('action', '=', action).execute(),
    );
  for (const [source, action, whole] of [
    ['198.51.100.1', 'login', HERE],
    [null, 'login', HERE],
    ['198.51.100.1', 'agent.registered', null],
  ] as const) {
    await set(source, action);
    expect(await verifyAudit(store)).toMatchObject({ ok: false });
    await set(whole, action);
    expect(await verifyAudit(store)).toMatchObject({ ok: true });
  }
});
