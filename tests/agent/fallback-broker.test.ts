/** A box that knows several brokers, real ones, of which one after the other is killed. */
import { agentTopics } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../agent/src/config/config.ts';
import { Uplink } from '../../agent/src/uplink/mqtt.ts';
import { Outbox } from '../../agent/src/uplink/outbox.ts';
import { testDayBudget } from '../../agent/testing/day-budget.ts';
import { testStore } from '../../agent/testing/store.ts';
import { freePort, runMosquitto } from '../support/mosquitto.ts';
import { temporaryFolder } from '../support/temp.ts';
import { Bell, gatewayAt } from './support/gateway-at.ts';

const topics = agentTopics('site', 'box');
const TOPIC = topics.detections('camera-1');

test('a broker that is killed is stood in for by the next, and is gone back to when it is up again', async () => {
  const [first, second] = [await runMosquitto(await freePort()), await runMosquitto(await freePort())];
  const bell = new Bell();
  const stored = new Map<string, string[]>();
  const atSecond = await gatewayAt(second.port, stored, bell);
  await gatewayAt(first.port, stored, bell);
  const outbox = new Outbox(testStore(await temporaryFolder()), { maxBytes: 2 ** 24 });
  const url = (port: number): string => `mqtt://127.0.0.1:${port}`;
  const config = parseConfig(
    JSON.stringify({
      ...{ site: 'site', agent: 'box', dataDir: '/nonexistent' },
      mqtt: { url: url(first.port), fallbackUrls: [url(second.port)] },
      cameras: [{ id: 'camera-1', name: { en: 'One', zh: '一' }, url: 'rtsp://127.0.0.1/1' }],
    }),
    '/nonexistent/agent.yaml',
  );
  const lines: { readonly msg: string; readonly broker?: string; readonly reason?: string }[] = [];
  const log = pino({ base: null }, { write: (text: string) => void lines.push(JSON.parse(text)) });
  const gone: string[] = [];
  const uplink: Uplink = new Uplink(
    config,
    { outbox, budget: testDayBudget(await temporaryFolder()) },
    {
      status: (state) => ({ state, broker: uplink.figures.broker }),
      onConnected: () => bell.ring(),
      onCommand: () => {},
      onGatewayTime: () => {},
      onPublished: () => {},
      onStored: ({ payload }) => {
        gone.push(Buffer.from(payload).toString());
        bell.ring();
      },
      onRefused: () => {},
    },
    log,
    50,
  );
  onTestFinished(() => uplink.stop());
  const texts: string[] = [];
  const add = (text: string): void => {
    texts.push(text);
    outbox.atomically(() => outbox.add({ topic: TOPIC, payload: Buffer.from(text), kind: 'detection' }, 1));
    uplink.notify();
  };
  const isAt = (port: number) => () => uplink.connected && uplink.figures.broker === url(port);

  uplink.start();
  add('at the first');
  await bell.until(() => gone.length === 1);
  expect([uplink.figures.broker, uplink.troubles]).toEqual([url(first.port), []]);

  await first.kill();
  for (let n = 0; n < 20; n++) add(`while it is away ${n}`);
  await bell.until(isAt(second.port));
  expect(uplink.troubles.map(({ code }) => code)).toEqual(['broker_fallback']);
  await bell.until(() => gone.length === 21);

  const again = await runMosquitto(first.port);
  await gatewayAt(again.port, stored, bell);
  for (let n = 0; n < 20; n++) add(`on the way back ${n}`);
  await bell.until(isAt(first.port));
  await bell.until(() => outbox.depth === 0);
  add('at the first again');
  await bell.until(() => gone.includes('at the first again'));
  expect(uplink.troubles).toEqual([]);
  expect(gone, 'each is let go of once').toEqual(texts);
  expect(new Set([...stored.values()].flat()), 'nothing is lost').toEqual(new Set(texts));
  expect(atSecond, 'left with a goodbye').not.toContain('offline');
  expect(lines.filter(({ msg }) => msg === 'broker connected').map(({ broker }) => broker)).toEqual([
    url(first.port),
    url(second.port),
    url(first.port),
  ]);
  expect(lines.map(({ msg }) => msg)).toContain('another broker stands in');
});
