/** A street full of cameras that report all at once: one alert for one place, however many say so, and how long it takes. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Detection } from '@roadwatch/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sampleDetection, type TestAgent } from '../testing/agent.ts';
import type { Settings } from '../testing/config.ts';
import { type TestGateway, testGateway } from '../testing/gateway.ts';
import { startPostgres } from '../testing/postgres.ts';

const DETECTIONS = 10_000;
const PLACES = 50;
const IN_FLIGHT = 200;
/** As fast as the gateway can. */
const UNLIMITED = { limits: { messagesPerMinute: 10_000_000 } };
/** About 110 m in latitude: far beyond any merge radius. */
const APART_DEGREES = 0.001;

/** The same place is never reported twice with the same box. */
function sighting(place: number, n: number, camera: string): Partial<Detection> {
  const jitter = ((n * 7919) % 100) / 20_000;
  const column = place % 5;
  return {
    camera,
    score: 0.5 + jitter,
    box: [0.05 + column * 0.2 + jitter, 0.6 + jitter, 0.06, 0.04],
    position: { latitude: 30.2 + place * APART_DEGREES + jitter / 100, longitude: 120.2 },
    positionOf: 'damage',
  };
}

async function publish(agent: TestAgent, detections: readonly Partial<Detection>[]): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < detections.length; n = next++) {
      const detection = sampleDetection({ ...agent.name, ...detections[n] });
      await agent.send(agent.topics.detections(detection.camera), JSON.stringify(detection));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

async function stored(gateways: readonly TestGateway[]): Promise<number> {
  const counts = gateways.map(async (gateway) => {
    const text = await (await fetch(new URL('/metrics', gateway.url))).text();
    return Number(/^roadwatch_messages_total\{outcome="stored"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function expectOneEach(gateway: TestGateway): Promise<void> {
  const operator = await gateway.operator();
  const { items, next } = (await operator.get('/api/alerts?limit=200')).body;
  expect([items.length, next]).toEqual([PLACES, null]);
  const total = items.reduce((sum: number, alert: { count: number }) => sum + alert.count, 0);
  expect(total).toBe(DETECTIONS);
}

describe.each(['sqlite', 'postgres'])('on %s', (kind) => {
  async function settings(): Promise<Settings> {
    if (kind === 'sqlite') return { agents: UNLIMITED };
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    return { agents: UNLIMITED, store: { url: await server.create('flood') } };
  }

  test('10,000 detections at 50 places of ten cameras are 50 alerts', async () => {
    const gateway = await testGateway(await settings());
    const agent = await gateway.agent();
    const startedAt = performance.now();
    const all = Array.from({ length: DETECTIONS }, (_, n) => {
      const place = n % PLACES;
      return sighting(place, n, `camera-${Math.floor(place / 5)}`);
    });
    await publish(agent, all);
    while ((await stored([gateway])) < DETECTIONS) await delay(50);
    console.log(`${kind}: ${DETECTIONS} detections in ${Math.round(performance.now() - startedAt)} ms`);
    await expectOneEach(gateway);
  });
});

test('two gateways on one PostgreSQL: 50 places, each seen by a camera of either, are 50 alerts', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const store = { url: await server.create('flood') };
  const settings = { store, agents: UNLIMITED };
  const gateways = [await testGateway(settings), await testGateway(settings)];
  const agents = await Promise.all(gateways.map((gateway, n) => gateway.agent('binjiang', `edge-${n}`)));
  await Promise.all(
    agents.map((agent) =>
      publish(
        agent,
        Array.from({ length: DETECTIONS / 2 }, (_, n) => {
          const place = n % PLACES;
          return sighting(place, n, `camera-${Math.floor(place / 5)}`);
        }),
      ),
    ),
  );
  while ((await stored(gateways)) < DETECTIONS) await delay(50);
  await expectOneEach(gateways[0] as TestGateway);
  const rows = (await (gateways[0] as TestGateway).store()).db.selectFrom('alerts').select('state');
  const states = (await rows.execute()).map(({ state }) => state);
  expect([states.length, states.filter((state) => state === 'merged').length]).toEqual([100, 50]);
});
