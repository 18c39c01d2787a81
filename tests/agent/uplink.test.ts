/** What happens to a message between the agent's disk and the gateway, over a real broker. */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { agentTopics, newId, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig, type ResolvedConfig } from '../../agent/src/config/config.ts';
import { Uplink } from '../../agent/src/uplink/mqtt.ts';
import { Outbox } from '../../agent/src/uplink/outbox.ts';
import { testDayBudget } from '../../agent/testing/day-budget.ts';
import { testStore } from '../../agent/testing/store.ts';
import { temporaryFolder } from '../support/temp.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const topics = agentTopics('site', 'box');
const TOPIC = topics.detections('camera-1');

function configFor(url: string, ackTimeoutSeconds = 30): ResolvedConfig {
  const text = JSON.stringify({
    site: 'site',
    agent: 'box',
    dataDir: '/nonexistent',
    mqtt: { url, ackTimeoutSeconds },
    cameras: [{ id: 'camera-1', name: { en: 'One', zh: '一' }, url: 'rtsp://127.0.0.1/1' }],
  });
  return parseConfig(text, '/nonexistent/agent.yaml');
}

interface Sending {
  readonly uplink: Uplink;
  readonly outbox: Outbox;
  readonly stored: string[];
  readonly refused: string[];
  readonly published: string[];
  readonly commands: string[];
  add(text: string): void;
  next(event: 'published' | 'stored' | 'command' | 'connected'): Promise<void>;
}

async function sending(url: string, ackTimeoutSeconds?: number): Promise<Sending> {
  const outbox = new Outbox(testStore(await temporaryFolder()), { maxBytes: 2 ** 24 });
  const told = (): string[] => [];
  const [stored, refused, published, commands] = [told(), told(), told(), told()];
  const waiting = new Map<string, () => void>();
  const text = (payload: Uint8Array): string => Buffer.from(payload).toString();
  const uplink = new Uplink(
    configFor(url, ackTimeoutSeconds),
    { outbox, budget: testDayBudget(await temporaryFolder()) },
    {
      status: (state) => ({ state }),
      onConnected: () => waiting.get('connected')?.(),
      onCommand: (payload) => {
        commands.push(text(payload));
        waiting.get('command')?.();
      },
      onGatewayTime: () => {},
      onPublished: ({ payload }) => {
        published.push(text(payload));
        waiting.get('published')?.();
      },
      onStored: ({ payload }) => {
        stored.push(text(payload));
        waiting.get('stored')?.();
      },
      onRefused: ({ topic }) => refused.push(topic),
    },
    pino({ level: 'silent' }),
  );
  onTestFinished(() => uplink.stop());
  return {
    uplink,
    outbox,
    stored,
    refused,
    published,
    commands,
    add: (payload) => {
      outbox.atomically(() =>
        outbox.add({ topic: TOPIC, payload: Buffer.from(payload), kind: 'detection' }, 1),
      );
      uplink.notify();
    },
    next: (event) => new Promise((resolve) => waiting.set(event, resolve)),
  };
}

/** What came on the topic of detections, as text. */
const came = (gateway: GatewayStandIn): string[] =>
  gateway.received.filter(({ topic }) => topic === TOPIC).map(({ payload }) => payload.toString());

test('messages go out in order and leave the disk when the gateway has stored them', async () => {
  const gateway = await GatewayStandIn.start();
  const { uplink, outbox, stored, add, next } = await sending(gateway.url);
  const texts = Array.from({ length: 40 }, (_, i) => `message ${i}`);
  for (const text of texts) add(text);
  uplink.start();
  while (stored.length < texts.length) await next('stored');
  expect(came(gateway)).toEqual(texts);
  expect(stored).toEqual(texts);
  expect(outbox.depth).toBe(0);
});

test('a broker that has a message is not a gateway that has stored it', async () => {
  const gateway = await GatewayStandIn.start();
  gateway.answer = 'silent';
  const { uplink, outbox, stored, published, add, next } = await sending(gateway.url);
  uplink.start();
  add('one');
  await next('published');
  expect([published, came(gateway)]).toEqual([['one'], ['one']]);
  await uplink.stop();
  expect([stored, outbox.depth]).toEqual([[], 1]);
});

test('what the gateway leaves unanswered is sent again until it answers', async () => {
  const gateway = await GatewayStandIn.start();
  gateway.answer = 'silent';
  const { uplink, outbox, published, add, next } = await sending(gateway.url, 1);
  uplink.start();
  add('one');
  await gateway.until(() => came(gateway).length === 1);
  gateway.answer = 'stored';
  await next('stored');
  expect(came(gateway)).toEqual(['one', 'one']);
  expect(published, 'told once').toEqual(['one']);
  expect(outbox.depth).toBe(0);
});

test('while the broker is away messages wait, and all of them arrive when it is back with its memory lost', async () => {
  const gateway = await GatewayStandIn.start();
  gateway.answer = 'silent';
  const { uplink, outbox, stored, add, next } = await sending(gateway.url);
  uplink.start();
  add('sent but never answered');
  await gateway.until(() => came(gateway).length === 1);
  await gateway.close();
  add('written while it was away');
  expect(outbox.depth).toBe(2);

  gateway.answer = 'stored';
  await gateway.open();
  while (stored.length < 2) await next('stored');
  expect(stored).toEqual(['sent but never answered', 'written while it was away']);
  expect(outbox.depth).toBe(0);
});

test('what the gateway refuses is set aside and does not stand in the way of the rest', async () => {
  const gateway = await GatewayStandIn.start();
  gateway.answer = { refused: 'score: expected at most 1' };
  const { uplink, outbox, refused, add, next } = await sending(gateway.url);
  uplink.start();
  add('bad');
  await gateway.until(() => came(gateway).length === 1);
  gateway.answer = 'stored';
  add('good');
  await next('stored');
  expect([outbox.depth, outbox.deadLetters, uplink.figures.refused]).toEqual([0, 1, 1]);
  expect(refused).toEqual([TOPIC]);
});

test('an acknowledgement that is not one is passed over', async () => {
  const gateway = await GatewayStandIn.start();
  gateway.answer = 'silent';
  const { uplink, outbox, add, next } = await sending(gateway.url);
  uplink.start();
  add('one');
  await gateway.until(() => came(gateway).length === 1);
  for (const payload of ['', 'not JSON', '{"v":1,"stored":["short"],"refused":[]}', '{"v":99}']) {
    gateway.publish(topics.ack, payload);
  }
  const command = next('command');
  gateway.publish(topics.command(newId()), 'after them');
  await command;
  expect(outbox.depth).toBe(1);
});

test('the status is online while it runs and offline when it stops', async () => {
  const gateway = await GatewayStandIn.start();
  const { uplink } = await sending(gateway.url);
  const states = (): string[] =>
    gateway.received
      .filter(({ topic, retain }) => topic === topics.status && retain)
      .map(({ payload }) => (JSON.parse(payload.toString()) as { state: string }).state);
  uplink.start();
  await gateway.until(() => states().length === 1);
  await uplink.stop();
  expect(states()).toEqual(['online', 'offline']);
});

test('a command reaches the agent', async () => {
  const gateway = await GatewayStandIn.start();
  const { uplink, commands, next } = await sending(gateway.url);
  uplink.start();
  await gateway.until(() => gateway.received.some(({ topic }) => topic === topics.status));
  const command = next('command');
  gateway.publish(topics.command(newId()), JSON.stringify({ v: WIRE_VERSION, at: timestamp(0) }));
  await command;
  expect(commands).toEqual(['{"v":1,"at":"1970-01-01T00:00:00.000Z"}']);
});

test('it ends at once, though the broker cannot be reached, or says nothing', async () => {
  const mute = createServer(() => {}).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  onTestFinished(() => void mute.close());
  const { port } = mute.address() as AddressInfo;
  const arrived = once(mute, 'connection');
  for (const [url, begun] of [
    [`mqtt://127.0.0.1:${port}`, arrived],
    ['mqtt://127.0.0.1:1', null],
  ] as const) {
    const { uplink } = await sending(url);
    uplink.start();
    await begun;
    const from = performance.now();
    await uplink.stop();
    expect(performance.now() - from).toBeLessThan(5_000);
  }
});
