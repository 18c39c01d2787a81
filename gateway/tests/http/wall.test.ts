/** The token of a wall reads the wall and nothing else, and ends at once. */
import { expect, test } from 'vitest';
import { openEvents } from '../../testing/events.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

async function withWall() {
  const gateway = await testGateway();
  const lead = await gateway.operator('shift_lead');
  const made = await lead.post('/api/walls', { name: 'lobby' });
  expect(made).toMatchObject({
    status: 201,
    body: { wall: { name: 'lobby', state: 'valid', scopes: ['wall:read'] } },
  });
  const token = made.body.path.split('#')[1] as string;
  const headers = { authorization: `Bearer ${token}` };
  return { gateway, lead, headers, id: made.body.wall.id as string };
}

test('a shift lead lets a screen show the wall; its token reads nothing else of the city', async () => {
  const { gateway, lead, headers } = await withWall();
  const get = async (path: string) => (await call(gateway.url, 'GET', path, { headers })).status;
  for (const path of ['/api/wall', '/api/wall/map', '/api/wall/map/ground'])
    expect(await get(path)).toBe(200);
  for (const path of ['/api/alerts', '/api/tickets', '/api/map', '/api/cameras', '/api/events', '/api/walls'])
    expect([path, await get(path)]).toEqual([path, 403]);
  expect(await get(`/api/wall/pictures/${'a'.repeat(64)}`)).toBe(404);
  expect((await lead.get('/api/walls')).body.items).toMatchObject([{ name: 'lobby' }]);
  expect(JSON.stringify((await lead.get('/api/walls')).body)).not.toContain('rwt_');
  expect((await (await gateway.operator()).post('/api/walls', { name: 'other' })).status).toBe(403);
});

test('the stream begins with what the page is made of, tells the board and its changes, and ends with the token', async () => {
  const { gateway, lead, headers, id } = await withWall();
  const agent = await gateway.agent();
  const stream = await openEvents({ base: gateway.url, headers }, { path: '/api/wall/stream' });
  const hello = await stream.next();
  expect(hello).toMatchObject({
    event: 'hello',
    data: { timeZone: 'Asia/Shanghai', responseMinutes: 30, files: [] },
  });
  const { event, data } = await stream.next();
  expect([event, data.feed.value]).toEqual(['board', { cases: [], total: 0 }]);
  await agent.report();
  for (let board = data; board.feed.value.total === 0; board = (await stream.next()).data);
  expect((await call(gateway.url, 'DELETE', `/api/walls/${id}`, { headers: lead.headers })).status).toBe(204);
  const ended = async (): Promise<string> => {
    for (;;) await stream.next();
  };
  await expect(ended()).rejects.toThrow('the stream has ended');
  const { status, body } = await call(gateway.url, 'GET', '/api/wall', { headers });
  expect([status, body.code]).toEqual([401, 'token_revoked']);
});

test('a lead ends walls only, and no other token', async () => {
  const { gateway, lead } = await withWall();
  const admin = await gateway.operator('admin', 'boss');
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const { body } = await admin.post('/api/tokens', {
    name: 'other',
    scopes: ['alerts:read', 'wall:read'],
    expiresAt,
  });
  expect((await lead.get('/api/walls')).body.items).toHaveLength(1);
  expect((await call(gateway.url, 'DELETE', `/api/walls/${body.id}`, { headers: lead.headers })).status).toBe(
    404,
  );
});
