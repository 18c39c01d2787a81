/** A box that is stolen or has run wild is limited by itself: what is over is refused with the reason, counted and shown. */
import { randomBytes } from 'node:crypto';
import { newId } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import type { TestAgent } from '../../testing/agent.ts';
import { type TestGateway, testGateway } from '../../testing/gateway.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';

const withLimits = (limits: object): Promise<TestGateway> => testGateway({ agents: { limits } });

function picture(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(bytes - 4)]);
}

const sendPicture = (agent: TestAgent, bytes = 1000) =>
  agent.deliver(agent.topics.evidence('binsheng-road', newId(), 'still.jpg'), picture(bytes));

async function turnedAway(gateway: TestGateway): Promise<Record<string, number>> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  const lines = text.matchAll(/^roadwatch_messages_turned_away_total\{limit="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries(
    [...lines].filter(([, , n]) => n !== '0').map(([, limit, n]) => [limit, Number(n)]),
  );
}

test('an agent has so many cameras and no more; those it has go on, and another agent is not touched', async () => {
  const gateway = await withLimits({ cameras: 3 });
  const [agent, other] = [await gateway.agent(), await gateway.agent('binjiang', 'edge-2')];
  const state = (camera: string) =>
    agent.deliver(agent.topics.cameraState(camera), JSON.stringify(sampleCameraState({ camera })));
  await agent.report({ camera: 'one' });
  expect(await state('two')).toEqual({ stored: true });
  const many = await Promise.all(Array.from({ length: 20 }, (_, n) => state(`made-up-${n}`)));
  expect(many.filter(({ stored }) => stored)).toHaveLength(1);
  expect(many.find(({ stored }) => !stored)).toMatchObject({
    reason: expect.stringContaining('more than 3 cameras'),
  });
  expect(await state('two')).toEqual({ stored: true });
  await other.report({ camera: 'another' });
  const admin = await gateway.operator('admin', 'boss');
  const cameras = (await admin.get('/api/cameras')).body.items;
  expect(cameras.filter(({ agent }: { agent: string }) => agent === 'edge-1')).toHaveLength(3);
  const [refused] = (await admin.get('/api/refused-messages')).body.items;
  expect(refused).toMatchObject({ topic: 'roadwatch/v1/binjiang/edge-1', count: 19, limit: 'cameras' });
  expect(await turnedAway(gateway)).toEqual({ cameras: 19 });
  const [shown] = (await admin.get('/api/agents')).body.items;
  expect(shown).toMatchObject({ agent: 'edge-1', limited: { limit: 'cameras', count: 19 } });
});

test('an agent has so many open alerts; further news of those it has still comes in, and a verdict makes room', async () => {
  const gateway = await withLimits({ openAlerts: 2 });
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const first = await agent.report({ camera: 'a' });
  await agent.report({ camera: 'b' });
  const third = { camera: 'c' };
  await agent.report(third);
  expect(agent.acks.flatMap(({ refused }) => refused)).toMatchObject([
    { reason: expect.stringContaining('more than 2 open alerts') },
  ]);
  await agent.report({ ...first, revision: 2, event: 'cleared' });
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items.map(({ camera, condition }: Record<string, string>) => [camera, condition])).toEqual([
    ['b', 'present'],
    ['a', 'absent'],
  ]);
  await operator.post(`/api/alerts/${items[0].id}/reject`, { reason: 'no_damage' });
  await agent.report(third);
  expect((await operator.get('/api/alerts?state=new')).body.items).toHaveLength(2);
});

test('an agent has so many bytes of pictures stored on one day, and detections still come in', async () => {
  const gateway = await withLimits({ megabytesPerDay: 1 });
  const agent = await gateway.agent();
  for (let n = 0; n < 2; n++) expect(await sendPicture(agent, 400_000)).toEqual({ stored: true });
  expect(await sendPicture(agent, 400_000)).toMatchObject({
    reason: expect.stringContaining('more than 1 MiB stored in one day'),
  });
  await agent.report();
  expect(agent.acks.at(-1)).toMatchObject({ refused: [] });
  const store = await gateway.store();
  await store.transaction((tx) => tx.db.updateTable('agent_contacts').set({ day: '2026-11-01' }).execute());
  expect(await sendPicture(agent, 400_000)).toEqual({ stored: true });
});

test('an agent that sends too fast is told so and loses nothing: what it sends again is stored', async () => {
  const gateway = await withLimits({ messagesPerMinute: 20 });
  const [agent, other] = [await gateway.agent(), await gateway.agent('binjiang', 'edge-2')];
  const pictures = Array.from({ length: 60 }, () => picture(100));
  const topic = agent.topics.evidence('binsheng-road', newId(), 'still.jpg');
  await Promise.all(pictures.map((bytes) => agent.send(topic, bytes)));
  await other.report();
  const acks = agent.acks;
  expect(acks.flatMap(({ refused }) => refused)).toEqual([]);
  expect(acks.flatMap(({ stored }) => stored).length).toBeLessThan(25);
  expect(acks.find(({ later }) => later !== undefined)).toMatchObject({
    later: expect.stringMatching(/more than 20 messages a minute/),
    laterCode: 'limit_messages',
  });
  expect((await turnedAway(gateway)).messages).toBeGreaterThan(35);
});

test('a fast sender of large pictures is held to its bytes a minute', async () => {
  const gateway = await withLimits({ megabytesPerMinute: 16 });
  const agent = await gateway.agent();
  const topic = agent.topics.evidence('binsheng-road', newId(), 'clip.jpg');
  for (let n = 0; n < 12; n++) await agent.send(topic, picture(2 * 1024 * 1024));
  expect(agent.acks.flatMap(({ stored }) => stored).length).toBeLessThan(12);
  expect((await turnedAway(gateway)).bytes).toBeGreaterThan(0);
});

test('only status and camera state may be retained', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const cases = [
    [agent.topics.status, JSON.stringify(sampleStatus()), true],
    [agent.topics.cameraState('binsheng-road'), JSON.stringify(sampleCameraState()), true],
    [agent.topics.evidence('binsheng-road', newId(), 'still.jpg'), picture(500), false],
    [agent.topics.detections('binsheng-road'), '{}', false],
    [agent.topics.reply(newId()), '{}', false],
  ] as const;
  for (const [topic, payload, stored] of cases) {
    await agent.client.publishAsync(topic, Buffer.from(payload as string), { qos: 1, retain: true });
    expect(agent.acks.at(-1)?.stored.length, topic).toBe(stored ? 1 : 0);
    if (!stored)
      expect(agent.acks.at(-1)?.refused[0]).toMatchObject({
        code: 'limit_retained',
        reason: expect.stringMatching(/only status and camera state/),
      });
  }
});
