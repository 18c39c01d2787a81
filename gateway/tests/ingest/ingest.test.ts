import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { agentTopics, newId, sha256 } from '@roadwatch/contract';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { testGateway } from '../../testing/gateway.ts';

test('a detection that comes again and again is stored once and makes one alert', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const detection = await agent.report();
  for (let n = 0; n < 5; n++)
    await agent.send(agent.topics.detections(detection.camera), JSON.stringify(detection));
  await agent.report({ camera: 'another' });
  const { items } = (await operator.get('/api/alerts?state=new&camera=binjiang/edge-1/binsheng-road')).body;
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ count: 1, detectionId: detection.id, state: 'new', condition: 'present' });
});

test('two hundred reports of one pothole at once are one alert that counts them', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  await Promise.all(Array.from({ length: 200 }, () => agent.report()));
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items.map((alert: { count: number }) => alert.count)).toEqual([200]);
});

test('revisions count by their number, in whatever order they come', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const id = newId();
  await agent.report({ id, revision: 3, event: 'cleared', lastSeenAt: '2026-11-23T09:00:00.000Z' });
  await agent.report({ id, revision: 1 });
  await agent.report({ id, revision: 2, event: 'updated', lastSeenAt: '2026-11-23T08:30:00.000Z' });
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ condition: 'absent', lastSeenAt: '2026-11-23T09:00:00.000Z', count: 1 });
});

test('what cannot be accepted is answered with the reason, kept and counted, and the rest goes on', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const admin = await gateway.operator('admin', 'boss');
  const topic = agent.topics.detections('binsheng-road');
  const cases: [string, string | Uint8Array, RegExp][] = [
    [topic, '{"v":1,', /not valid JSON/],
    [topic, randomBytes(200), /not valid JSON in UTF-8/],
    [topic, JSON.stringify({ ...sampleDetection(), score: 3 }), /score: must be <= 1, got 3/],
    [topic, JSON.stringify({ ...sampleDetection(), v: 9 }), /unknown wire version 9/],
    [topic, JSON.stringify(sampleDetection({ camera: 'other' })), /camera: "other" is not that of the topic/],
    [topic, ' '.repeat(65 * 1024), /at most 65536 are allowed/],
    [agent.topics.evidence('binsheng-road', newId(), 'still.jpg'), 'GIF89a', /neither a JPEG picture nor/],
  ];
  for (const [where, payload, reason] of cases) {
    const verdict = await agent.deliver(where, payload);
    expect(verdict).toMatchObject({ stored: false, reason: expect.stringMatching(reason) });
  }
  await agent.send(topic, '{"v":1,');
  await agent.report();
  const { items } = (await admin.get('/api/refused-messages')).body;
  expect(items).toHaveLength(cases.length);
  const first = items.find((item: { sha256: string }) => item.sha256 === sha256('{"v":1,'));
  expect(first).toMatchObject({ count: 2, topic, bytes: 7, reason: expect.stringMatching(/not valid JSON/) });
  expect((await admin.get('/api/alerts')).body.items).toHaveLength(1);
});

test('when the acknowledgement comes, the detection is on disk', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const other = await gateway.store();
  for (let n = 0; n < 20; n++) {
    const { id } = await agent.report({ camera: `camera-${n}` });
    const row = other.db.selectFrom('detections').select('alert_id').where('id', '=', id);
    expect((await row.executeTakeFirst())?.alert_id).toBeTruthy();
  }
});

test('pictures are kept byte for byte under their SHA-256, and shown with their alert', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(300_000)]);
  const name = sha256(picture);
  const evidence = {
    name: 'still.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    sha256: name,
    bytes: picture.length,
    capturedAt: '2026-11-23T08:15:30.250Z',
  } as const;
  const detection = await agent.report({ evidence: [evidence] });
  const [before] = (await operator.get('/api/alerts')).body.items;
  expect(before.evidence).toMatchObject([{ name: 'still.jpg', available: false }]);
  expect((await operator.get(`/api/evidence/${name}`)).status).toBe(404);
  await agent.deliver(agent.topics.evidence(detection.camera, detection.id, 'still.jpg'), picture);
  const [after] = (await operator.get('/api/alerts')).body.items;
  expect(after.evidence).toMatchObject([{ sha256: name, available: true }]);
  const answer = await fetch(new URL(`/api/evidence/${name}`, gateway.url), { headers: operator.headers });
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await answer.arrayBuffer()).equals(picture)).toBe(true);
  const part = (range: string, more: object = {}) =>
    fetch(new URL(`/api/evidence/${name}`, gateway.url), {
      headers: { ...operator.headers, range, ...more },
    });
  const middle = await part('bytes=100-199');
  expect([middle.status, middle.headers.get('content-range')]).toEqual([206, 'bytes 100-199/300004']);
  expect(Buffer.from(await middle.arrayBuffer()).equals(picture.subarray(100, 200))).toBe(true);
  expect((await part('bytes=300004-')).status).toBe(416);
  expect((await part('bytes=0-9', { 'if-range': '"another"' })).status).toBe(200);
  expect((await part('bytes=0-9', { 'if-none-match': `"${name}"` })).status).toBe(304);
});

test('while the evidence store is down no picture is acknowledged, detections are, and nothing is lost', async () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'roadwatch-evidence-')), 'evidence');
  onTestFinished(() => rmSync(dirname(dir), { recursive: true }));
  writeFileSync(dir, 'where a folder should be');
  const gateway = await testGateway({ evidence: { dir } });
  const agent = await gateway.agent();
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(1000)]);
  const topic = agent.topics.evidence('binsheng-road', newId(), 'still.jpg');
  const name = await agent.send(topic, picture);
  await agent.report();
  const told = agent.acks.flatMap(({ stored, refused }) => [
    ...stored,
    ...refused.map((entry) => entry.sha256),
  ]);
  expect(told).not.toContain(name);
  rmSync(dir);
  expect(await agent.deliver(topic, picture)).toEqual({ stored: true });
});

test('a stop and a start keep everything, and the backlog of a day changes nothing', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const day = await Promise.all(
    Array.from({ length: 30 }, (_, n) => agent.report({ camera: `camera-${n % 10}` })),
  );
  await gateway.restart();
  const again = await gateway.agent();
  for (const detection of day.toReversed())
    await again.deliver(again.topics.detections(detection.camera), JSON.stringify(detection));
  const operator = await gateway.operator();
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items.map((alert: { count: number }) => alert.count)).toEqual(Array(10).fill(3));
});

test('an agent speaks on its own topics only', async () => {
  const gateway = await testGateway();
  const [first, second] = [
    await gateway.agent('binjiang', 'edge-1'),
    await gateway.agent('binjiang', 'edge-2'),
  ];
  const foreign = sampleDetection({ agent: 'edge-2' });
  const closed = new Promise<void>((resolve) => first.client.once('close', () => resolve()));
  first.client.publish(second.topics.detections(foreign.camera), JSON.stringify(foreign), { qos: 1 });
  await closed;
  await second.report({ camera: 'own' });
  const operator = await gateway.operator();
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items.map((alert: { camera: string }) => alert.camera)).toEqual(['own']);
});

test('an agent cannot listen to another, and a wrong password does not connect', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (const topic of ['#', agentTopics('binjiang', 'edge-2').commands])
    await expect(agent.client.subscribeAsync(topic, { qos: 1 })).rejects.toThrow(/Subscribe error/);
  const login = { clientId: 'binjiang/edge-1', username: 'binjiang/edge-1', reconnectPeriod: 0 };
  await expect(connectAsync(gateway.mqttUrl, { ...login, password: 'wrong' })).rejects.toThrow(
    /not authorized|Bad u/i,
  );
  await expect(
    connectAsync(gateway.mqttUrl, { clientId: 'roadwatch-gateway', reconnectPeriod: 0 }),
  ).rejects.toThrow();
});
