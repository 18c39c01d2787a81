/** Pictures and clips that come in parts, as over a slow link or a broker that takes small packets only. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId, partTopic, sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { purgeMessages } from '../../src/retention/purge.ts';
import type { TestAgent, Verdict } from '../../testing/agent.ts';
import { type TestGateway, testGateway } from '../../testing/gateway.ts';

const MIB = 2 ** 20;

/** Bytes that look like a picture from outside. */
function picture(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), randomBytes(bytes - 3)]);
}

interface Sent {
  readonly topic: string;
  part(start: number, end?: number): Promise<Verdict>;
}

function sending(agent: TestAgent, bytes: Buffer, name = sha256(bytes)): Sent {
  const topic = agent.topics.evidence('binsheng-road', newId(), 'still.jpg');
  return {
    topic,
    part: (start, end = bytes.length) =>
      agent.deliver(
        partTopic(topic, { sha256: name, start, total: bytes.length }),
        bytes.subarray(start, end),
      ),
  };
}

async function kept(gateway: TestGateway) {
  const { db } = await gateway.store();
  const parts = await db.selectFrom('evidence_parts').select(['sha256', 'start', 'bytes']).execute();
  const files = await db.selectFrom('evidence').select(['sha256', 'bytes']).execute();
  return { parts, files };
}

const fileOf = (gateway: TestGateway, name: string): Promise<Buffer> =>
  readFile(join(gateway.config.evidence.dir as string, name.slice(0, 2), name));

test('a file that comes in parts, in any order, twice and overlapping, is stored once it is whole', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const bytes = picture(50_000);
  const { part } = sending(agent, bytes);
  for (const [start, end] of [
    [30_000, 50_000],
    [0, 10_000],
    [0, 10_000],
    [5_000, 20_000],
  ] as const)
    expect(await part(start, end)).toEqual({ stored: true });
  expect(await kept(gateway)).toMatchObject({ parts: [{}, {}, {}], files: [] });
  expect(await part(20_000, 31_000)).toEqual({ stored: true });
  expect(await agent.verdictOn(sha256(bytes))).toEqual({ stored: true });
  expect(await fileOf(gateway, sha256(bytes))).toEqual(bytes);
  expect(await kept(gateway)).toEqual({ parts: [], files: [{ sha256: sha256(bytes), bytes: 50_000 }] });
});

test('parts survive a restart of the gateway, and belong to the agent that sent them', async () => {
  const gateway = await testGateway();
  const bytes = picture(20_000);
  const first = sending(await gateway.agent(), bytes);
  await first.part(0, 12_000);
  await gateway.restart();
  const other = await gateway.agent('binjiang', 'edge-2');
  await sending(other, bytes).part(12_000);
  expect((await kept(gateway)).files).toEqual([]);
  const again = await gateway.agent();
  await sending(again, bytes).part(12_000);
  expect(await again.verdictOn(sha256(bytes))).toEqual({ stored: true });
  expect(await fileOf(gateway, sha256(bytes))).toEqual(bytes);
});

test('of a file that is here already one part is enough', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const bytes = picture(20_000);
  const { topic, part } = sending(agent, bytes);
  await agent.deliver(topic, bytes);
  agent.acks.length = 0;
  expect(await part(10_000)).toEqual({ stored: true });
  expect(await agent.verdictOn(sha256(bytes))).toEqual({ stored: true });
  expect((await kept(gateway)).parts).toEqual([]);
});

test('parts that make another file are refused by its name and forgotten, so that it can begin anew', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const bytes = picture(20_000);
  const name = sha256(bytes);
  const spoilt = Buffer.from(bytes);
  spoilt[15_000] = (spoilt[15_000] as number) ^ 1;
  await sending(agent, spoilt, name).part(0, 10_000);
  await sending(agent, spoilt, name).part(10_000);
  expect(await agent.verdictOn(name)).toEqual({
    stored: false,
    reason: 'its parts make another file: its SHA-256 is not theirs',
  });
  expect(await kept(gateway)).toEqual({ parts: [], files: [] });
  agent.acks.length = 0;
  await sending(agent, bytes).part(0, 10_000);
  await sending(agent, bytes).part(10_000);
  expect(await agent.verdictOn(name)).toEqual({ stored: true });
});

test('what is neither a picture nor a clip is refused in parts, too', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const bytes = randomBytes(4_000);
  bytes[0] = 0;
  await sending(agent, bytes).part(0, 2_000);
  await sending(agent, bytes).part(2_000);
  expect(await agent.verdictOn(sha256(bytes))).toEqual({
    stored: false,
    reason: 'neither a JPEG picture nor an MP4 clip',
  });
  // Otherwise each part that comes again would have the whole put together again.
  expect(await kept(gateway)).toEqual({ parts: [], files: [] });
});

test.each([
  ['too small a part', 0, 1_000, 10_000, /1000 bytes, a part has at least 1024 unless it ends its file/],
  ['a part that goes on behind the end', 8_000, 12_000, 10_000, /ends at 12000, behind the 10000 bytes/],
])('%s is refused', async (_, start, end, total, reason) => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const bytes = picture(12_000);
  const topic = agent.topics.evidence('binsheng-road', newId(), 'still.jpg');
  const part = { sha256: sha256(bytes), start, total };
  const verdict = await agent.deliver(partTopic(topic, part), bytes.subarray(start, end));
  expect(verdict).toMatchObject({ stored: false, reason: expect.stringMatching(reason) });
});

test('a file that says to have two sizes, or whose parts overlap without end, begins anew', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const bytes = picture(200_000);
  const { topic, part } = sending(agent, bytes);
  await part(0, 100_000);
  const other = await agent.deliver(
    partTopic(topic, { sha256: sha256(bytes), start: 0, total: 150_000 }),
    bytes.subarray(0, 50_000),
  );
  expect(other).toMatchObject({ stored: false, reason: expect.stringContaining('150000') });
  expect((await kept(gateway)).parts).toEqual([]);
  let verdict: Verdict = { stored: true };
  for (let start = 1; verdict.stored && start < 100; start++) verdict = await part(start, start + 60_000);
  expect(verdict).toMatchObject({ stored: false, reason: expect.stringContaining('2 times the bytes') });
  expect((await kept(gateway)).parts).toEqual([]);
});

test('of what an agent has begun the oldest makes room, and what never becomes whole is deleted after a week', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const topic = agent.topics.evidence('binsheng-road', newId(), 'clip.mp4');
  const names = Array.from({ length: 6 }, (_, n) => sha256(`file ${n}`));
  for (const name of names)
    await agent.deliver(partTopic(topic, { sha256: name, start: 0, total: 8 * MIB }), randomBytes(2_000));
  const { parts } = await kept(gateway);
  expect(parts.map((row) => row.sha256).sort()).toEqual(names.slice(2).sort());
  const store = await gateway.store();
  await store.transaction(async (tx) => {
    await tx.db
      .updateTable('evidence_parts')
      .set({ at: tx.at - 8 * 86_400_000 })
      .execute();
  });
  await purgeMessages(store, gateway.config.retention);
  expect((await kept(gateway)).parts).toEqual([]);
});

test('however small the files are, an agent has only so many begun', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const topic = agent.topics.evidence('binsheng-road', newId(), 'still.jpg');
  const names = Array.from({ length: 600 }, (_, n) => sha256(`file ${n}`));
  for (const name of names)
    await agent.deliver(partTopic(topic, { sha256: name, start: 1, total: 9 }), randomBytes(8));
  const { parts } = await kept(gateway);
  expect(parts).toHaveLength(512);
  expect(parts.map((row) => row.sha256)).toContain(names.at(-1));
});

test('the bytes of a file in parts count once towards the day', async () => {
  const gateway = await testGateway({ agents: { limits: { megabytesPerDay: 1 } } });
  const agent = await gateway.agent();
  const bytes = picture(700_000);
  await sending(agent, bytes).part(0, 400_000);
  await sending(agent, bytes).part(400_000);
  expect(await agent.verdictOn(sha256(bytes))).toEqual({ stored: true });
  const { db } = await gateway.store();
  const row = await db.selectFrom('agent_contacts').select('day_bytes').executeTakeFirstOrThrow();
  expect(Number(row.day_bytes)).toBe(700_000);
  const more = picture(500_000);
  expect(await sending(agent, more).part(0, 400_000)).toMatchObject({
    stored: false,
    reason: expect.stringContaining('megabytesPerDay'),
  });
});
