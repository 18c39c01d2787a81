/** PostgreSQL that is down for a while. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';
import { startPostgres } from '../../testing/postgres.ts';

test('a database that is down is said in health, metrics and answers; nothing is lost, and all goes on when it is up', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const gateway = await testGateway({ store: { url: await server.create('away') } });
  const health = () => call(gateway.url, 'GET', '/healthz');
  const metrics = async () => (await fetch(new URL('/metrics', gateway.url))).text();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  await agent.report({ camera: 'before' });
  const [alert] = (await operator.get('/api/alerts?state=new')).body.items;

  await server.down();
  const waiting = agent.report({ camera: 'meanwhile' });
  const trouble = expect.objectContaining({ what: 'store', code: 'store_away' });
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({
    status: 503,
    body: { store: false, troubles: expect.arrayContaining([trouble]) },
  });
  expect(await metrics()).toMatch(/^roadwatch_writable\{what="store"\} 0$/m);
  const refused = { status: 503, body: { code: 'store_away' } };
  expect(await operator.post(`/api/alerts/${alert.id}/confirm`)).toMatchObject(refused);

  await server.up();
  await waiting;
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect((await operator.post(`/api/alerts/${alert.id}/confirm`)).status).toBe(200);
  const cameras = (await operator.get('/api/alerts')).body.items.map(
    (item: { camera: string }) => item.camera,
  );
  expect(cameras.toSorted()).toEqual(['before', 'meanwhile']);
});

test('a database that goes away between two statements ends the transaction, and not the gateway', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const gateway = await testGateway({ store: { url: await server.create('between') } });
  const store = await gateway.store();
  const ended = store.transaction(async (tx) => {
    const one = () => tx.db.selectFrom('agents').select('agent').execute();
    await one();
    await server.down();
    // The connection's end reaches us while nothing is being asked.
    await delay(500);
    await one();
  });
  await expect(ended).rejects.toMatchObject({ code: 'store_away' });
  await server.up();
  await store.transaction((tx) => tx.db.selectFrom('agents').select('agent').execute());
});
