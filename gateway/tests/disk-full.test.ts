import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../src/store/audit/verify.ts';
import { PASSWORD, testGateway } from '../testing/gateway.ts';
import { call } from '../testing/operator.ts';
import { mountSmallDisk, type SmallDisk } from '../testing/small-disk.ts';

let disk: SmallDisk | null = null;
beforeAll(() => {
  disk = mountSmallDisk(48);
});
afterAll(() => disk?.unmount());

test('a full disk is said in health, metrics and answers; nothing is lost, and all goes on when there is room', async ({
  skip,
}) => {
  if (disk === null) return skip('only root may mount a small disk');
  const { path, fill, makeRoom } = disk;
  mkdirSync(join(path, 'console'));
  writeFileSync(join(path, 'console', 'index.html'), '<!doctype html>');
  const gateway = await testGateway({ dataDir: path });
  const health = () => call(gateway.url, 'GET', '/healthz');
  const metrics = async () => (await fetch(new URL('/metrics', gateway.url))).text();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  await agent.report({ camera: 'before' });
  expect((await health()).body).toMatchObject({ status: 'ok', store: true, troubles: [] });
  expect(await metrics()).toMatch(/^roadwatch_writable\{what="store"\} 1$/m);

  fill();
  const waiting = agent.report({ camera: 'meanwhile' });
  const trouble = expect.objectContaining({ what: 'store', code: 'store_full' });
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({
    status: 503,
    body: { status: 'degraded', store: false, troubles: expect.arrayContaining([trouble]) },
  });
  expect(await metrics()).toMatch(/^roadwatch_writable\{what="store"\} 0$/m);
  const [alert] = (await operator.get('/api/alerts?state=new')).body.items;
  const refused = {
    status: 503,
    body: { code: 'store_full', detail: expect.stringMatching(/disk is full/) },
  };
  expect(await operator.post(`/api/alerts/${alert.id}/confirm`)).toMatchObject(refused);
  const login = { username: 'operator', password: PASSWORD };
  expect(await call(gateway.url, 'POST', '/api/session', { body: login })).toMatchObject(refused);

  makeRoom();
  await waiting;
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await metrics()).toMatch(/^roadwatch_writable\{what="store"\} 1$/m);
  expect((await operator.post(`/api/alerts/${alert.id}/confirm`)).status).toBe(200);
  const cameras = (await operator.get('/api/alerts')).body.items.map(
    (item: { camera: string }) => item.camera,
  );
  expect(cameras.toSorted()).toEqual(['before', 'meanwhile']);
  const store = await gateway.store();
  expect(await store.db.selectFrom('refused_messages').selectAll().execute()).toEqual([]);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});
