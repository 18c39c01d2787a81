import { setTimeout as delay } from 'node:timers/promises';
import { sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { openEvidence } from '../../src/evidence/open.ts';
import { disableUser, saveUser } from '../../src/identity/users.ts';
import { openEvents } from '../../testing/events.ts';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

test('browsers hear of an alert as soon as it is stored', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const events = await openEvents(operator);
  expect((await events.next()).event).toBe('ready');
  await agent.report();
  const { event, data } = await events.next();
  const [alert] = (await operator.get('/api/alerts')).body.items;
  expect({ event, data }).toEqual({ event: 'alert', data: { id: alert.id, state: 'new' } });
});

test('of what is only seen again browsers are told how often and when, so that they need not ask', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  await agent.report({ score: 0.8 });
  const events = await openEvents(operator);
  await events.next();
  await agent.report({ score: 0.7 });
  const { data } = await events.next();
  const [alert] = (await operator.get('/api/alerts')).body.items;
  expect(data).toEqual({
    id: alert.id,
    state: 'new',
    seen: { count: 2, lastSeenAt: alert.lastSeenAt },
  });
  expect(alert.count).toBe(2);
  // A better picture is more than that.
  const still = {
    name: 'still.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    capturedAt: alert.lastSeenAt,
  } as const;
  await agent.report({ score: 0.9, evidence: [{ ...still, sha256: sha256('better'), bytes: 6 }] });
  expect((await events.next()).data).toEqual({ id: alert.id, state: 'new' });
});

test('a browser that was away is told what it missed, in order and once, also across a restart', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const first = await openEvents(operator);
  await first.next();
  await agent.report({ camera: 'a' });
  const { id } = await first.next();
  first.close();
  await agent.report({ camera: 'b' });
  await gateway.restart();
  const again = await gateway.agent();
  await again.report({ camera: 'c' });
  const back = await gateway.operator('operator', 'second');
  const second = await openEvents(back, { lastEventId: id });
  const missed = [await second.next(), await second.next(), await second.next()];
  expect(missed.map(({ event }) => event)).toEqual(['ready', 'alert', 'alert']);
  const cameras = await Promise.all(
    missed.slice(1).map(async ({ data }) => (await back.get(`/api/alerts/${data.id}`)).body.camera),
  );
  expect(cameras).toEqual(['b', 'c']);
});

test('a browser that names an event of another store loads everything anew', async () => {
  const gateway = await testGateway();
  const events = await openEvents(await gateway.operator(), { lastEventId: '999999' });
  expect((await events.next()).event).toBe('ready');
  expect((await events.next()).event).toBe('reset');
});

test.each<
  [
    string,
    (gateway: Awaited<ReturnType<typeof testGateway>>, headers: Record<string, string>) => Promise<unknown>,
  ]
>([
  ['logs out', ({ url }, headers) => call(url, 'DELETE', '/api/session', { headers })],
  [
    'is disabled',
    async (gateway) => disableUser(await gateway.store(), 'ann', { name: 'system', channel: 'cli' }),
  ],
  [
    'gets a role that sees less',
    async (gateway) => {
      const ann = { username: 'ann', password: PASSWORD, role: 'unit', unitId: 'road-maintenance' } as const;
      return saveUser(await gateway.store(), ann, { name: 'system', channel: 'cli' });
    },
  ],
])('the stream of somebody who %s ends, that of others goes on', async (_name, shutOut) => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const ann = await gateway.operator('operator', 'ann');
  const other = await openEvents(await gateway.operator('viewer', 'bo'));
  const events = await openEvents(ann);
  await events.next();
  await other.next();
  await shutOut(gateway, ann.headers);
  await expect(events.next()).rejects.toThrow('the stream has ended');
  await agent.report();
  expect((await other.next()).event).toBe('alert');
});

test("a program's stream ends when its token is revoked", async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const made = await admin.post('/api/tokens', { name: 'map', scopes: ['alerts:read'], expiresAt });
  const headers = { authorization: `Bearer ${made.body.token}` };
  const events = await openEvents({ base: gateway.url, headers });
  expect((await events.next()).event).toBe('ready');
  await call(gateway.url, 'DELETE', `/api/tokens/${made.body.id}`, { headers: admin.headers });
  await expect(events.next()).rejects.toThrow('the stream has ended');
});

const EARLIER_THAN_BY_CHANCE_MS = 25_000;

test.each(['session', 'token'] as const)(
  'a stream ends by itself when the time of its %s is over',
  async (kind) => {
    const gateway = await testGateway();
    const store = await gateway.store();
    const admin = await gateway.operator('admin');
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const made = await admin.post('/api/tokens', { name: 'map', scopes: ['alerts:read'], expiresAt });
    const program = { authorization: `Bearer ${made.body.token}` };
    const headers = kind === 'session' ? admin.headers : program;
    const agent = await gateway.agent();
    const events = await openEvents({ base: gateway.url, headers });
    await events.next();
    // By then the gateway has heard of all that was done before, and has looked.
    await agent.report();
    await events.next();
    // As by another's hand: nothing tells of it.
    const set = { expires_at: Date.now() };
    await store.transaction((tx) =>
      kind === 'session'
        ? tx.db.updateTable('sessions').set(set).execute()
        : tx.db.updateTable('api_tokens').set(set).execute(),
    );
    await expect(events.next()).rejects.toThrow('the stream has ended');
  },
  EARLIER_THAN_BY_CHANCE_MS,
);

test('a download that somebody has begun is cut off when they are disabled', {
  timeout: EARLIER_THAN_BY_CHANCE_MS,
}, async () => {
  const gateway = await testGateway();
  const store = await gateway.store();
  const ann = await gateway.operator('operator', 'ann');
  const clip = Buffer.alloc(64 * 1024 * 1024);
  const name = sha256(clip);
  await openEvidence(gateway.config).put(name, clip);
  const row = { sha256: name, content_type: 'video/mp4', bytes: clip.length, stored_at: store.now() };
  await store.transaction((tx) => tx.db.insertInto('evidence').values(row).execute());
  const answer = await fetch(new URL(`/api/evidence/${name}`, gateway.url), { headers: ann.headers });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  let read = (await reader.read()).value?.length ?? 0;
  await disableUser(store, 'ann', { name: 'system', channel: 'cli' });
  // On a slow line, which would have it all in half a minute.
  const rest = async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      read += value.length;
      await delay(value.length / 2_000);
    }
  };
  await expect(rest()).rejects.toThrow();
  expect(read).toBeLessThan(clip.length);
});
