/** What belongs to one unit is not there for another, whichever route names it. */
import { newId, sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { fullConfig, listRoutes } from '../../src/http/list-routes.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

const name = { en: 'x', zh: 'x' };
const UNITS = [
  { id: 'north', name, default: true },
  { id: 'south', name },
];
const AT = '2026-11-23T08:15:30.250Z';

async function city() {
  const gateway = await testGateway({ units: UNITS });
  const agent = await gateway.agent();
  const desk = await gateway.operator('admin');
  const report = async (camera: string) => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(camera)]);
    const picture = sha256(bytes);
    const ref = { name: 'still.jpg', kind: 'still', contentType: 'image/jpeg', capturedAt: AT } as const;
    const detection = await agent.report({
      camera,
      evidence: [{ ...ref, sha256: picture, bytes: bytes.length }],
    });
    await agent.deliver(agent.topics.evidence(camera, detection.id, ref.name), bytes);
    return picture;
  };
  const handed = await report('a');
  const ticket = await desk.dispatch();
  const unjudged = await report('b');
  const [alert] = (await desk.get('/api/alerts?state=new')).body.items;
  const north = await gateway.operator('unit', 'ann', 'north');
  const south = await gateway.operator('unit', 'bo', 'south');
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const wanted = { name: 'south', scopes: ['tickets:read', 'tickets:write'], expiresAt, unitId: 'south' };
  const { token } = (await desk.post('/api/tokens', wanted)).body;
  const program = { authorization: `Bearer ${token}` };
  const order = (await desk.get(ticket)).body.delivery;
  return { gateway, desk, north, south, program, ticket, alert, handed, unjudged, order };
}

async function tellNorth(gateway: Awaited<ReturnType<typeof testGateway>>, ticketId: string) {
  const store = await gateway.store();
  const id = newId();
  const told = { audience: 'unit', unit_id: 'north', kind: 'undelivered', reason: null, percent: 0 } as const;
  const open = { seen_by: null, seen_at: null, ended_at: null, at: store.now(), told_at: store.now() };
  await store.transaction(async (tx) => {
    await tx.db
      .insertInto('notices')
      .values({ id, ticket_id: ticketId, clock_id: '', ...told, ...open })
      .execute();
  });
  return id;
}

test('a unit reads the pictures of its own tickets, and of no other and no unjudged alert', async () => {
  const { desk, north, south, handed, unjudged } = await city();
  const status = async (who: typeof north, picture: string) =>
    (await who.get(`/api/evidence/${picture}`)).status;
  expect([await status(south, handed), await status(south, unjudged)]).toEqual([404, 404]);
  expect([await status(desk, handed), await status(desk, unjudged)]).toEqual([200, 200]);
  expect([await status(north, handed), await status(north, unjudged)]).toEqual([200, 404]);
});

test("the crew's link of one unit opens no picture of another, and each unit still ends and makes its own", async () => {
  const { gateway, desk, north, south, handed, unjudged, ticket } = await city();
  const other = await desk.dispatch({ unitId: 'south' });
  const linkOf = async (who: typeof north, path: string) =>
    new URL((await who.post(`${path}/crew-link`)).body.url).pathname;
  const [norths, souths] = [await linkOf(north, ticket), await linkOf(south, other)];
  const status = async (link: string, picture: string) =>
    (await call(gateway.url, 'GET', `${link}${picture}.jpg`)).status;
  expect([await status(norths, handed), await status(norths, unjudged)]).toEqual([200, 404]);
  expect([await status(souths, handed), await status(souths, unjudged)]).toEqual([404, 200]);
  const end = (who: typeof north) =>
    call(gateway.url, 'DELETE', `${ticket}/crew-link`, { headers: who.headers });
  expect((await end(south)).status).toBe(404);
  expect(await status(norths, handed)).toBe(200);
  expect((await end(north)).status).toBe(204);
  expect(await status(norths, handed)).toBe(404);
});

/** Neither a person nor a token calls them: a box proves itself, and a unit's system signs for its own tickets. */
const OF_NO_UNIT = ['/api/agents/files/:sha256', '/api/agents/live/:session', '/api/units/:unit/updates'];

test('no route that names a ticket, an alert, a picture or an order of another lets a unit see or change it', async () => {
  const { gateway, south, north, program, ticket, alert, handed, desk, order } = await city();
  const notice = await tellNorth(gateway, ticket.slice('/api/tickets/'.length));
  const history = async () => (await desk.get(ticket)).body.history;
  const before = await history();
  const routes: [method: string, path: string, person: number, token: number, body?: object][] = [
    ['GET', ticket, 404, 404],
    ['POST', `${ticket}/transitions`, 404, 404, { command: 'accept' }],
    ['POST', `${ticket}/scene-looks`, 403, 403, { answer: 'arrived' }],
    ['POST', `${ticket}/crew-link`, 404, 403],
    ['GET', `${ticket}/crew-link`, 404, 403],
    ['DELETE', `${ticket}/crew-link`, 404, 403],
    ['GET', `/api/evidence/${handed}`, 404, 403],
    ['GET', `/api/evidence/${handed}/thumbnail`, 404, 403],
    ['POST', `/api/evidence/${handed}/ask`, 403, 403],
    ['GET', `/api/alerts/${alert.id}`, 403, 403],
    ['GET', `/api/alerts/${alert.id}/nearby`, 403, 403],
    ['POST', `/api/alerts/${alert.id}/claim`, 403, 403],
    ['POST', `/api/alerts/${alert.id}/release`, 403, 403],
    ['POST', `/api/alerts/${alert.id}/confirm`, 403, 403, {}],
    ['POST', `/api/alerts/${alert.id}/reject`, 403, 403, { reason: 'other' }],
    ['POST', `/api/alerts/${alert.id}/shelve`, 403, 403, { until: AT, reason: 'x' }],
    ['POST', `/api/alerts/${alert.id}/merge`, 403, 403, { into: newId() }],
    ['POST', `/api/alerts/${alert.id}/undo`, 403, 403],
    ['POST', `/api/alerts/${alert.id}/unmerge`, 403, 403, { part: newId() }],
    ['GET', '/api/dispatches?state=sent', 403, 403],
    ['POST', `/api/dispatches/${order?.id ?? newId()}/retry`, 403, 403],
    ['GET', '/api/exports/tickets', 403, 403],
    ['GET', '/api/agents/binjiang/edge-1/settings', 403, 403],
    ['PUT', '/api/agents/binjiang/edge-1/settings', 403, 403, { version: 0, document: {} }],
    ['POST', '/api/agents/binjiang/edge-1/settings/send', 403, 403],
    ['POST', '/api/agents/binjiang/edge-1/settings/undo', 403, 403, { version: 1, to: 0 }],
    ['GET', '/api/agents/binjiang/edge-1/settings/versions', 403, 403],
    ['GET', '/api/cameras/binjiang/edge-1/a', 403, 403],
    ['GET', '/api/cameras/binjiang/edge-1/a/incidents', 403, 403],
    ['POST', '/api/cameras/binjiang/edge-1/a/live', 403, 403],
    ['POST', '/api/cameras/binjiang/edge-1/a/picture', 403, 403],
    ['GET', '/api/cameras/binjiang/edge-1/a/settings', 403, 403],
    ['PUT', '/api/cameras/binjiang/edge-1/a/settings', 403, 403, { version: 0 }],
    ['GET', '/api/cameras/binjiang/edge-1/a/settings.yaml', 403, 403],
    ['POST', '/api/cameras/binjiang/edge-1/a/settings/send', 403, 403],
    ['POST', '/api/cameras/binjiang/edge-1/a/settings/undo', 403, 403, { version: 1, to: 0 }],
    ['GET', '/api/cameras/binjiang/edge-1/a/settings/versions', 403, 403],
    ['GET', `/api/live/${newId()}`, 403, 403],
    ['GET', '/api/map/ground/city', 403, 403],
    ['GET', '/api/wall/map/ground/city', 403, 403],
    ['GET', `/api/wall/pictures/${handed}`, 403, 403],
    ['POST', `/api/notices/${notice}/seen`, 404, 403],
    ['DELETE', `/api/tokens/${newId()}`, 403, 403],
    ['DELETE', `/api/walls/${newId()}`, 403, 403],
    ['DELETE', '/api/users/ann/second-factor', 403, 403],
    ['PUT', '/api/users/ann', 403, 403, { role: 'admin' }],
    ['POST', '/api/users/ann/password', 403, 403],
    ['POST', '/api/users/ann/disable', 403, 403],
    ['POST', '/api/users/ann/enable', 403, 403],
    ['DELETE', '/api/users/ann/sessions', 403, 403],
    ['GET', `/api/settings/areas/${handed}`, 403, 403],
    ['POST', '/api/settings/units/north/test', 403, 403],
    ['POST', `/api/refused-messages/${handed}/dismiss`, 403, 403, { reason: 'x' }],
    ['POST', `/api/refused-messages/${handed}/retry`, 403, 403],
    ['GET', `/api/releases/${newId()}`, 403, 403],
    ['POST', `/api/releases/${newId()}/withdraw`, 403, 403],
    ['GET', `/api/rollouts/${newId()}`, 403, 403],
    ['POST', `/api/rollouts/${newId()}/pause`, 403, 403],
    ['POST', `/api/dispatches/${order?.id ?? newId()}/dismiss`, 403, 403, { reason: 'x' }],
  ];
  const covered = routes.map(([method, path]) => `${method} ${path.split('?')[0]}`);
  const named = (await listRoutes(fullConfig(), pino({ level: 'silent' }))).filter(
    ({ method, url }) =>
      url.startsWith('/api/') && url.includes('/:') && method !== 'HEAD' && !OF_NO_UNIT.includes(url),
  );
  for (const { method, url } of named) {
    const pattern = new RegExp(`^${method} ${url.replaceAll(/:\w+/g, '[^/]+')}$`);
    expect(
      covered.some((route) => pattern.test(route)),
      `${method} ${url} is not in the table`,
    ).toBe(true);
  }
  for (const [method, path, person, token, body] of routes) {
    const given = body === undefined ? {} : { body };
    const mine = await call(gateway.url, method, path, { headers: south.headers, ...given });
    const programs = await call(gateway.url, method, path, { headers: program, ...given });
    expect([mine.status, programs.status], `${method} ${path}`).toEqual([person, token]);
  }
  expect((await south.get('/api/tickets')).body.items).toEqual([]);
  expect((await south.get('/api/notices')).body.items).toEqual([]);
  expect(await history()).toEqual(before);
  expect((await north.get('/api/notices')).body.items).toMatchObject([{ id: notice }]);
  expect((await desk.get(`/api/alerts/${alert.id}`)).body).toMatchObject({
    state: 'new',
    version: alert.version,
  });
});
