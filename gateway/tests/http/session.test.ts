import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call, TestOperator } from '../../testing/operator.ts';

const MISSING = '0198c0de-0000-7000-8000-000000000000';

test('the first run prints a login that works; the second prints none', async () => {
  const gateway = await testGateway();
  const login = gateway.firstLogin;
  const admin = await TestOperator.login(gateway.url, login?.username ?? '', login?.password ?? '');
  expect((await admin.get('/api/me')).body.user).toMatchObject({ username: 'admin', role: 'admin' });
  await gateway.restart();
  expect(gateway.firstLogin).toBeNull();
});

test('a session outlives a restart and ends with the logout', async () => {
  const gateway = await testGateway();
  const operator = await gateway.operator();
  const same = async () => (await call(gateway.url, 'GET', '/api/me', { headers: operator.headers })).status;
  await gateway.restart();
  expect(await same()).toBe(200);
  const out = await call(gateway.url, 'DELETE', '/api/session', { headers: operator.headers });
  expect(out.status).toBe(204);
  expect(await same()).toBe(401);
});

test('without a session nothing but the login is open', async () => {
  const gateway = await testGateway();
  for (const path of ['/api/alerts', '/api/tickets', '/api/cameras', '/api/me', '/api/events', '/api/agents'])
    expect(await call(gateway.url, 'GET', path)).toMatchObject({ status: 401, body: { status: 401 } });
});

test('a change needs the token of the session, so that another site cannot ask for it', async () => {
  const gateway = await testGateway();
  const operator = await gateway.operator();
  const path = `/api/alerts/${MISSING}/confirm`;
  const { cookie } = operator;
  for (const headers of [{ cookie }, { cookie, 'x-csrf-token': 'guessed' }])
    expect(await call(gateway.url, 'POST', path, { headers, body: {} })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('x-csrf-token') },
    });
  expect((await operator.post(path)).status).toBe(404);
});

test('roles: a viewer may look and not judge, a unit sees no alerts, an operator no refused messages', async () => {
  const gateway = await testGateway();
  const viewer = await gateway.operator('viewer');
  expect((await viewer.get('/api/alerts')).status).toBe(200);
  expect((await viewer.post(`/api/alerts/${MISSING}/confirm`)).status).toBe(403);
  const unit = await gateway.operator('unit', 'crew-chief', 'road-maintenance');
  expect((await unit.get('/api/alerts')).status).toBe(403);
  expect((await unit.get('/api/tickets')).status).toBe(200);
  expect((await (await gateway.operator()).get('/api/refused-messages')).status).toBe(403);
});

test('a request that does not fit says which field is wrong', async () => {
  const gateway = await testGateway();
  const operator = await gateway.operator();
  const cases: [string, RegExp][] = [
    ['/api/alerts?limit=0', /limit: must be >= 1/],
    ['/api/alerts?state=gone', /state/],
    ['/api/alerts?after=../../etc', /after: not a value/],
    ['/api/alerts/not-an-id', /id: /],
    ['/api/evidence/..%2f..%2fetc%2fpasswd', /sha256: /],
  ];
  for (const [path, detail] of cases) {
    const answer = await operator.get(path);
    expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringMatching(detail) } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
});

test('a body that nobody reads, because its type is unknown, ends with its time, and the gateway lives on', async () => {
  const gateway = await testGateway({ open311: { enabled: true } }, { bodyMs: 200 });
  const { hostname, port } = new URL(gateway.url);
  for (const path of ['/api/session', '/open311/v2/requests.json', '/nothing']) {
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/odd\r\nContent-Length: 100\r\n\r\n{`,
    );
    await once(socket, 'data');
    await delay(300);
    socket.destroy();
  }
  expect((await call(gateway.url, 'GET', '/healthz')).status).toBe(200);
});
