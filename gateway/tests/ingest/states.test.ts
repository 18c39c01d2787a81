/** Whose clock is believed: the order in which things were said and came, never the time that another machine claims. */

import type { Socket } from 'node:net';
import { type AgentStatus, agentTopics, type CameraState, newId, timestamp } from '@roadwatch/contract';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { registerAgent, revokeAgent } from '../../src/agents/registry.ts';
import { noteSilence, SILENT_MS, tellSharedNames } from '../../src/agents/watch.ts';
import { readMessage } from '../../src/ingest/message.ts';
import { receive } from '../../src/ingest/receive.ts';
import { receiversOf } from '../../src/workflow/collect.ts';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';
import { TestTime, testStore } from '../../testing/store.ts';

const EDGE = { site: 'binjiang', agent: 'edge-1' };
const topics = agentTopics(EDGE.site, EDGE.agent);
const IN_2099 = '2099-01-01T00:00:00.000Z';

async function field() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  return {
    gateway,
    agent,
    operator,
    say: (changes: Partial<AgentStatus>) =>
      agent.deliver(topics.status, JSON.stringify(sampleStatus(changes))),
    camera: (changes: Partial<CameraState>) =>
      agent.deliver(topics.cameraState('binsheng-road'), JSON.stringify(sampleCameraState(changes))),
    shown: async () => {
      const [box] = (await operator.get('/api/agents')).body.items;
      const [camera] = (await operator.get('/api/cameras')).body.items;
      return { box, camera };
    },
  };
}

test('a status from a clock in 2099 freezes nothing: what comes later is what is shown', async () => {
  const { say, camera, shown } = await field();
  await say({ at: IN_2099 });
  await camera({ at: IN_2099 });
  expect((await shown()).box).toMatchObject({ online: true, clockAheadSeconds: expect.any(Number) });
  await camera({ state: 'stalled', reason: 'no picture' });
  expect(await shown()).toMatchObject({
    camera: { state: 'stalled', at: expect.not.stringMatching(/^2099/) },
  });
  await say({});
  expect((await shown()).box.clockAheadSeconds).toBeNull();
  await say({ state: 'offline' });
  expect(await shown()).toMatchObject({ box: { online: false }, camera: { state: 'unknown' } });
});

test('of one start the higher number is the newer, whatever the times say and in whatever order they come', async () => {
  const { say, camera, shown } = await field();
  const [bootId, next] = [newId(), newId()];
  await say({ bootId, seq: 3, outboxDepth: 3 });
  await say({ bootId, seq: 2, outboxDepth: 2, at: IN_2099 });
  expect((await shown()).box.status.outboxDepth).toBe(3);
  await camera({ bootId, seq: 9, state: 'covered' });
  await camera({ bootId, seq: 8, state: 'dark', at: IN_2099 });
  expect((await shown()).camera.state).toBe('covered');
  await say({ bootId: next, seq: 1, outboxDepth: 1, at: '2001-01-01T00:00:00.000Z' });
  await camera({ bootId: next, seq: 1, state: 'streaming' });
  expect(await shown()).toMatchObject({
    box: { status: { outboxDepth: 1 } },
    camera: { state: 'streaming' },
  });
});

test.each([
  ['the line is cut', (socket: Socket) => socket.destroy()],
  ['the line is reset', (socket: Socket) => socket.resetAndDestroy()],
  // A packet of 256 MiB (MQTT 3.1.1, 2.2.3), for which the broker ends the connection.
  [
    'it sends what is far too large',
    (socket: Socket) => socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])),
  ],
])('when %s the last will wins, though it was written before everything that it ends', async (_how, end) => {
  const { gateway, operator } = await field();
  const password = await registerAgent(await gateway.store(), EDGE);
  const bootId = newId();
  const early = timestamp(Date.now() - 60_000);
  const client = await connectAsync(gateway.mqttUrl, {
    ...{ clientId: 'binjiang/edge-1', username: 'binjiang/edge-1', password, reconnectPeriod: 0 },
    will: {
      topic: topics.status,
      payload: Buffer.from(JSON.stringify(sampleStatus({ bootId, state: 'offline', at: early }))),
      qos: 1,
      retain: true,
    },
  });
  onTestFinished(() => client.endAsync(true));
  const say = (topic: string, value: object) =>
    client.publishAsync(topic, JSON.stringify(value), { qos: 1, retain: true });
  await say(topics.status, sampleStatus({ bootId, seq: 7 }));
  await say(topics.cameraState('binsheng-road'), sampleCameraState({ bootId, seq: 8 }));
  type Agents = { items: { online: boolean; lastSeenAt: string }[] };
  const isOnline = ({ items: [box] }: Agents) => box?.online === true;
  await operator.until('/api/agents', isOnline);
  end(client.stream as Socket);
  const { items } = await operator.until('/api/agents', (body: Agents) => !isOnline(body));
  expect(Date.parse(items[0].lastSeenAt)).toBeGreaterThan(Date.parse(early) + 50_000);
  const [camera] = (await operator.get('/api/cameras')).body.items;
  expect(camera).toMatchObject({ online: false, state: 'unknown', lastState: 'streaming' });
  const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
  expect(metrics).toMatch(/^roadwatch_agent_online\{agent="binjiang\/edge-1"\} 0$/m);
  expect(metrics).toMatch(
    /^roadwatch_agent_last_seen_timestamp_seconds\{agent="binjiang\/edge-1"\} \d{10}(\.\d+)?$/m,
  );
});

/** The store alone, with a clock that the test sets. */
async function bench() {
  const time = new TestTime();
  const { store } = await testStore(time);
  const { alerts } = testConfig();
  await registerAgent(store, EDGE);
  const take = (topic: string, value: object, old = false) =>
    store.transaction((tx) =>
      receive(
        tx,
        [readMessage({ topic, payload: Buffer.from(JSON.stringify(value)), old })],
        receiversOf(alerts),
      ),
    );
  const row = () =>
    store.db.selectFrom('agents').selectAll().where('agent', '=', 'edge-1').executeTakeFirstOrThrow();
  return { store, time, take, row };
}

test('an agent that has gone without a word is offline, and online again with the next one', async () => {
  const { store, time, take, row } = await bench();
  await take(topics.status, sampleStatus());
  time.pass(SILENT_MS - 1_000);
  expect(await noteSilence(store)).toBe(0);
  await take(topics.cameraState('binsheng-road'), sampleCameraState());
  time.pass(SILENT_MS - 1_000);
  expect(await noteSilence(store)).toBe(0);
  time.pass(2_000);
  expect(await noteSilence(store)).toBe(1);
  expect(await noteSilence(store)).toBe(0);
  expect((await row()).silent_at).toBe(time.now);
  // What a broker had kept says that it was there, not that it is.
  await take(topics.status, sampleStatus(), true);
  expect((await row()).silent_at).toBe(time.now);
  await take(topics.status, sampleStatus());
  expect((await row()).silent_at).toBeNull();
});

test.each([
  ['is revoked', revokeAgent],
  ['gets a new password', registerAgent],
])('a box that %s is not held to be there until it says so again', async (_, shutOut) => {
  const { store, time, take } = await bench();
  const history = async () =>
    (await store.db.selectFrom('agent_history').select('online').orderBy('at').execute()).map(
      ({ online }) => online,
    );
  // Of one that has never said how it is nothing is known.
  await shutOut(store, EDGE);
  expect(await history()).toEqual([]);
  await registerAgent(store, EDGE);
  await take(topics.status, sampleStatus());
  time.pass(60_000);
  await shutOut(store, EDGE);
  expect(await history()).toEqual([1, 0]);
});

test('two boxes that use one name are told apart from one that starts again', async () => {
  const { store, time, take, row } = await bench();
  const [mine, yours] = [newId(), newId()];
  const lines: object[] = [];
  const told = (since: number) =>
    tellSharedNames(store, since, { warn: (fields: object) => lines.push(fields) } as never);
  await take(topics.status, sampleStatus({ bootId: mine }));
  await take(topics.status, sampleStatus({ bootId: mine, state: 'offline' }));
  await take(topics.status, sampleStatus({ bootId: yours }));
  // The will of the start before, late: neither a second box nor the end of this one.
  await take(topics.status, sampleStatus({ bootId: mine, state: 'offline' }));
  expect(await row()).toMatchObject({ shared_at: null, boot_id: yours });
  const since = await told(0);
  expect([since, lines]).toEqual([0, []]);
  time.pass(5_000);
  await take(topics.status, sampleStatus({ bootId: mine }));
  expect((await row()).shared_at).toBe(time.now);
  const next = await told(since);
  expect([next, lines]).toEqual([time.now, [{ agent: 'binjiang/edge-1' }]]);
  await told(next);
  expect(lines).toHaveLength(1);
});

test.each([
  ['30 February', '2026-02-30T10:00:00.000Z'],
  ['29 February of a year that has none', '2027-02-29T10:00:00.000Z'],
  ['31 April', '2026-04-31T10:00:00.000Z'],
  ['the year 0', '0000-01-01T00:00:00.000Z'],
  ['the year 9999', '9999-12-31T23:59:59.999Z'],
  ['24 o’clock', '2026-11-23T24:00:00.000Z'],
  ['a leap second', '2016-12-31T23:59:60.000Z'],
  ['another zone', '2026-11-23T08:15:30.250+08:00'],
  ['a date alone', '2026-11-23'],
])('%s is refused, and the field is named', (_name, at) => {
  const { content } = readMessage({
    topic: topics.detections('binsheng-road'),
    payload: Buffer.from(JSON.stringify(sampleDetection({ lastSeenAt: at }))),
  });
  expect(content).toMatchObject({
    kind: 'refused',
    why: {
      code: 'message_fields_invalid',
      reason: expect.stringMatching(/^lastSeenAt: expected RFC 3339 UTC with milliseconds.*, got "/),
    },
  });
});

test('29 February of a leap year is a day like any other', () => {
  for (const at of ['2028-02-29T10:00:00.000Z', '2000-02-29T10:00:00.000Z'])
    expect(
      readMessage({
        topic: topics.detections('binsheng-road'),
        payload: Buffer.from(JSON.stringify(sampleDetection({ lastSeenAt: at }))),
      }).content.kind,
    ).toBe('detection');
});

test.each([
  ['a year ahead', () => timestamp(Date.now() + 365 * 86_400_000)],
  ['in 1970', () => '1970-01-01T00:00:05.000Z'],
])('damage seen %s is kept as claimed, marked, and reckoned from when it came', async (_name, claim) => {
  const { agent, operator } = await field();
  const at = claim();
  const before = Date.now();
  const times = { firstSeenAt: at, verifiedAt: at, lastSeenAt: at, capturedAt: at, publishedAt: at };
  const { id } = await agent.report(times);
  const [alert] = (await operator.get('/api/alerts')).body.items;
  expect(alert.claimedTimes).toEqual({ firstSeenAt: at, lastSeenAt: at });
  for (const shown of [alert.firstSeenAt, alert.lastSeenAt])
    expect(Date.parse(shown)).toBeGreaterThanOrEqual(before);
  const now = timestamp(Date.now());
  await agent.report({ id, revision: 2, event: 'updated', firstSeenAt: now, lastSeenAt: now });
  const [corrected] = (await operator.get('/api/alerts')).body.items;
  expect(corrected.lastSeenAt).toBe(now);
});
