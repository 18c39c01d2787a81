/** What the broker inside the gateway turns away leaves a trace that says who and why, and no more of it than a person can read. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { registerAgent, revokeAgent } from '../../src/agents/registry.ts';
import { type TestGateway, testGateway } from '../../testing/gateway.ts';

async function rejections(gateway: TestGateway, what: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  const line = new RegExp(`^roadwatch_broker_rejections_total\\{what="${what}"\\} (\\d+)$`, 'm').exec(text);
  return Number(line?.[1] ?? Number.NaN);
}

test('a refused login of a box leaves a line with the reason and the address, and is counted', async () => {
  const gateway = await testGateway();
  const store = await gateway.store();
  const password = await registerAgent(store, { site: 'binjiang', agent: 'edge-1' });
  await registerAgent(store, { site: 'binjiang', agent: 'edge-2' });
  await revokeAgent(store, { site: 'binjiang', agent: 'edge-2' });
  const cases: [string, string, string, string][] = [
    ['binjiang/edge-1', 'binjiang/edge-1', 'wrong', 'wrong password'],
    ['binjiang/edge-2', 'binjiang/edge-2', password, 'not registered, or revoked'],
    ['binjiang/edge-9', 'binjiang/edge-9', password, 'not registered, or revoked'],
    ['mosq-1234', 'binjiang/edge-1', password, 'the client id is not SITE/AGENT'],
    ['binjiang/edge-1', 'edge-1', password, 'the user name is not the client id'],
    ['roadwatch-gateway', 'roadwatch-gateway', password, 'the client id is not SITE/AGENT'],
  ];
  for (const [clientId, username, secret] of cases)
    await expect(
      connectAsync(gateway.mqttUrl, { clientId, username, password: secret, reconnectPeriod: 0 }),
    ).rejects.toThrow();
  const told = gateway.lines.filter(({ msg }) => msg === 'login of an agent refused');
  expect(told).toMatchObject(
    cases.map(([name, , , reason]) => ({
      level: 40,
      name,
      reason,
      from: expect.stringContaining('127.0.0.1'),
    })),
  );
  expect(JSON.stringify(gateway.lines)).not.toContain(password);
  expect(await rejections(gateway, 'login')).toBe(cases.length);
});

test('two thousand refused subscriptions are counted, and told in a few lines', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const filters = Array.from({ length: 2000 }, (_, n) => `${'x'.repeat(200)}${n}`);
  await Promise.all(
    filters.map((filter) => expect(agent.client.subscribeAsync(filter, { qos: 0 })).rejects.toThrow()),
  );
  const told = gateway.lines.filter(({ msg }) => msg === 'subscription refused');
  expect(told.length).toBeLessThan(20);
  expect(told.at(-1)).toMatchObject({ agent: 'binjiang/edge-1', notShown: 899 });
  expect(await rejections(gateway, 'subscription')).toBe(2000);
});

test('whoever holds connections open without logging in keeps no box out, and may not send much', async () => {
  const gateway = await testGateway();
  const port = Number(new URL(gateway.mqttUrl).port);
  const idle: Socket[] = [];
  onTestFinished(() => {
    for (const socket of idle) socket.destroy();
  });
  for (let n = 0; n < 600; n++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    idle.push(socket);
    if (n % 50 === 49) await once(socket, 'connect');
  }
  const [first] = idle;
  if (first?.closed === false) await once(first, 'close');
  await (await gateway.agent()).report();
  expect(await rejections(gateway, 'crowd')).toBeGreaterThan(50);
  const large = connect(port, '127.0.0.1').on('error', () => {});
  idle.push(large);
  // A CONNECT of one MiB (MQTT 3.1.1, 2.2.3).
  large.write(Buffer.from([0x10, 0x80, 0x80, 0x40]));
  await once(large, 'close');
  expect(await rejections(gateway, 'packet')).toBe(1);
});
