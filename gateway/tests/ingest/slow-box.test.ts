/** A box that does not read, or sends without end, costs itself only. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { agentTopics } from '@roadwatch/contract';
import { generate, type Packet } from 'mqtt-packet';
import { expect, onTestFinished, test } from 'vitest';
import { registerAgent } from '../../src/agents/registry.ts';
import { type TestGateway, testGateway } from '../../testing/gateway.ts';

const EDGE = { site: 'binjiang', agent: 'edge-1' };
const topics = agentTopics(EDGE.site, EDGE.agent);
const FAST = { agents: { limits: { messagesPerMinute: 10_000_000 } } };

/** A box at the level of packets, which can send and not read. */
async function box(gateway: TestGateway) {
  const password = await registerAgent(await gateway.store(), EDGE);
  const socket = connect(Number(new URL(gateway.mqttUrl).port), '127.0.0.1').on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  const send = (packet: Packet): boolean => socket.write(generate(packet));
  const name = 'binjiang/edge-1';
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: name,
    username: name,
    password: Buffer.from(password),
    keepalive: 0,
  });
  await once(socket, 'data');
  send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: topics.ack, qos: 1 }] });
  await once(socket, 'data');
  /** Sends the same over and over, until it has been sent so often or the line is down. Returns how often. */
  const flood = async (times: number): Promise<number> => {
    const packet = generate({
      ...{ cmd: 'publish', qos: 0, dup: false, retain: false },
      topic: topics.detections('c'),
      payload: Buffer.from(`{"v":1,"damageClass":"${'x'.repeat(50)}"}`),
    } as Packet);
    let sent = 0;
    for (; sent < times && !socket.destroyed; sent++)
      if (!socket.write(packet))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')].map((end) => end.catch(() => {})));
    return sent;
  };
  return { socket, flood };
}

test('a box that does not read its answers is let go with the reason, and the others never wait for it', async () => {
  const gateway = await testGateway(FAST);
  const other = await gateway.agent('binjiang', 'edge-2');
  const { socket, flood } = await box(gateway);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.pause();
  const flooding = flood(1_000_000);
  for (let n = 0; n < 5; n++) await other.report({ camera: `camera-${n}` });
  // A paused socket learns of the end only when it reads on.
  const line = () => gateway.lines.find(({ reason }) => reason === 'it does not read what it is sent');
  while (line() === undefined) await other.report({ camera: 'meanwhile' });
  expect(line()).toMatchObject({ level: 40, agent: 'binjiang/edge-1', msg: 'connection ended' });
  socket.resume();
  await closed;
  await flooding;
  await other.report({ camera: 'after' });
});

test('a flood of invalid messages by one box does not hold up another', async () => {
  const gateway = await testGateway(FAST);
  const other = await gateway.agent('binjiang', 'edge-2');
  const { socket, flood } = await box(gateway);
  socket.resume();
  const flooding = flood(1_000_000);
  // Each message goes into the next batch, however many of the other's wait before it.
  for (let n = 0; n < 10; n++) await other.report({ camera: `camera-${n}` });
  socket.destroy();
  expect(await flooding).toBeLessThan(1_000_000);
});
