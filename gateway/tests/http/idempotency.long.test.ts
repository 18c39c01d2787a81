import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KeyRing } from '../../src/store/audit/key-ring.ts';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';
import { TestOperator } from '../../testing/operator.ts';
import { startPostgres } from '../../testing/postgres.ts';

test('of two gateways on one PostgreSQL one carries a command out, and both have its answer', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const keyFile = join(folder, 'audit-key');
  new KeyRing(keyFile, true).add(1);
  const settings = { store: { url: await server.create('shared') }, audit: { keyFile } };
  const [one, other] = [await testGateway(settings), await testGateway(settings)];
  const agent = await one.agent();
  const ann = await one.operator('operator', 'ann');
  const there = await TestOperator.login(other.url, 'ann', PASSWORD);
  const desks = [ann, there];
  for (let round = 0; round < 20; round++) {
    await agent.report({ camera: `camera-${round}` });
    const [alert] = (await ann.get('/api/alerts?state=new')).body.items;
    const headers = { 'idempotency-key': randomUUID() };
    const confirm = (desk: TestOperator) => desk.post(`/api/alerts/${alert.id}/confirm`, {}, headers);
    for (const { status, body } of await Promise.all([...desks, ...desks].map(confirm)))
      expect([status, body.code]).toEqual(status === 200 ? [200, undefined] : [409, 'request_under_way']);
    const { status, body } = await confirm(ann);
    expect(await confirm(there)).toMatchObject({ status, body });
    expect(status).toBe(200);
  }
  expect((await ann.get('/api/tickets')).body.items).toHaveLength(20);
});
