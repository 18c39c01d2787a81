/** Who is shut out is out: what a box has open ends at once, and nothing that it still sends is stored. */
import { once } from 'node:events';
import { agentTopics } from '@roadwatch/contract';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { registerAgent, revokeAgent } from '../../src/agents/registry.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testGateway } from '../../testing/gateway.ts';
import { sampleStatus } from '../../testing/status.ts';

const EDGE = { site: 'binjiang', agent: 'edge-1' };
const WITHIN_MS = 2_000;

/** How long it took; fails with the test's own limit. */
async function ended(client: { once(event: 'close', done: () => void): unknown }): Promise<number> {
  const from = performance.now();
  await once(client as never, 'close');
  return performance.now() - from;
}

test('revoking a box by the command line ends its open connection within two seconds', async () => {
  const gateway = await testGateway();
  const [agent, other] = [await gateway.agent(), await gateway.agent('binjiang', 'edge-2')];
  const elsewhere = await gateway.store();
  const closed = ended(agent.client);
  await revokeAgent(elsewhere, EDGE);
  expect(await closed).toBeLessThan(WITHIN_MS);
  await expect(other.report()).resolves.toMatchObject({ agent: 'edge-2' });
});

test('a new password ends the connection that was made with the old one, and the new one gets in', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const elsewhere = await gateway.store();
  const closed = ended(agent.client);
  const password = await registerAgent(elsewhere, EDGE);
  expect(await closed).toBeLessThan(WITHIN_MS);
  const login = { clientId: 'binjiang/edge-1', username: 'binjiang/edge-1', reconnectPeriod: 0 };
  const client = await connectAsync(gateway.mqttUrl, { ...login, password });
  onTestFinished(() => client.endAsync(true));
  expect(client.connected).toBe(true);
});

test('what a revoked box still sends is not stored, not even its last will, and the others go on', async () => {
  const gateway = await testGateway();
  const elsewhere = await gateway.store();
  const password = await registerAgent(elsewhere, EDGE);
  const other = await gateway.agent('binjiang', 'edge-2');
  const topics = agentTopics('binjiang', 'edge-1');
  const client = await connectAsync(gateway.mqttUrl, {
    ...{ clientId: 'binjiang/edge-1', username: 'binjiang/edge-1', password, reconnectPeriod: 0 },
    will: {
      topic: topics.status,
      payload: Buffer.from(JSON.stringify(sampleStatus({ ...EDGE, version: 'from-the-will' }))),
      qos: 1,
      retain: true,
    },
  });
  onTestFinished(() => client.endAsync(true));
  const closed = ended(client);
  await revokeAgent(elsewhere, EDGE);
  const sending = setInterval(() => {
    const detection = sampleDetection({ ...EDGE, camera: 'after' });
    client.publish(topics.detections('after'), JSON.stringify(detection), { qos: 1 }, () => {});
  }, 20);
  onTestFinished(() => clearInterval(sending));
  await closed;
  await other.report();
  const cameras = await elsewhere.db.selectFrom('detections').select('camera').execute();
  expect(cameras.map(({ camera }) => camera)).toEqual(['binsheng-road']);
  const row = await elsewhere.db
    .selectFrom('agents')
    .select('status')
    .where('agent', '=', 'edge-1')
    .executeTakeFirstOrThrow();
  expect(row.status).toBeNull();
});

test('a box that is revoked while it logs in does not stay', async () => {
  const gateway = await testGateway();
  const elsewhere = await gateway.store();
  const login = { clientId: 'binjiang/edge-1', username: 'binjiang/edge-1', reconnectPeriod: 0 };
  for (let n = 0; n < 10; n++) {
    const password = await registerAgent(elsewhere, EDGE);
    const connecting = connectAsync(gateway.mqttUrl, { ...login, password }).then(
      async (client) => {
        if (client.connected) await ended(client);
        return 'ended';
      },
      () => 'refused',
    );
    await revokeAgent(elsewhere, EDGE);
    expect(['ended', 'refused']).toContain(await connecting);
  }
});
