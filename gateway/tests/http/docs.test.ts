import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

test('the API describes itself in OpenAPI 3.1, every route of people with a summary', async () => {
  const gateway = await testGateway();
  const { body } = await call(gateway.url, 'GET', '/docs/json');
  expect(body.openapi).toBe('3.1.0');
  const routes = Object.entries(body.paths as Record<string, Record<string, { summary?: string }>>);
  expect(routes.length).toBeGreaterThan(20);
  for (const [path, methods] of routes)
    for (const [method, { summary }] of Object.entries(methods))
      expect([method, path, summary]).toEqual([method, path, expect.any(String)]);
  const confirm = body.paths['/api/alerts/{id}/confirm'].post;
  expect(confirm.requestBody.content['application/json'].schema.properties).toHaveProperty('unitId');
  expect((await call(gateway.url, 'GET', '/docs')).status).toBe(200);
});

test('health and metrics answer without a login, and say what waits', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.report();
  expect(await call(gateway.url, 'GET', '/healthz')).toMatchObject({
    status: 200,
    body: { status: 'ok', store: true, broker: true },
  });
  const { body } = await call(gateway.url, 'GET', '/metrics');
  expect(body).toMatch(/^roadwatch_open\{what="alerts"\} 1$/m);
  expect(body).toMatch(/^roadwatch_messages_total\{outcome="stored"\} 1$/m);
});

test('the address itself is the console, as is every one of its pages', async () => {
  const gateway = await testGateway();
  for (const path of ['/', '/?lang=zh', '/tickets', '/tickets/1/scene'])
    expect(await call(gateway.url, 'GET', path)).toMatchObject({
      status: 200,
      body: expect.stringContaining('<title>Roadwatch'),
    });
  expect((await call(gateway.url, 'GET', '/nothing.js')).status).toBe(404);
});
