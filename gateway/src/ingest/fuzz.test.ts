/** Every topic, with what its schema allows, what it forbids, and bytes that mean nothing. */

import { agentTopics, type Detection, newId, timestamp } from '@roadwatch/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { testStore } from '../../testing/store.ts';
import { verifyAudit } from '../store/audit/verify.ts';
import { receiversOf } from '../workflow/collect.ts';
import { readMessage } from './message.ts';
import { receive } from './receive.ts';

const topics = agentTopics('binjiang', 'edge-1');
const AT = timestamp(Date.parse('2026-11-23T08:15:30.250Z'));
/** The same messages each time; `npm run test:long` makes up others. */
const seed = process.env.ROADWATCH_LONG === '1' ? Date.now() : 20_261_123;

const status = {
  v: 1,
  site: 'binjiang',
  agent: 'edge-1',
  state: 'online',
  at: AT,
  bootId: newId(),
  startedAt: AT,
  version: '0.1.0',
  model: { name: 'road-damage-nano', version: '1', sha256: '0'.repeat(64) },
  outboxDepth: 0,
  cameras: 1,
};
const camera = {
  v: 1,
  site: 'binjiang',
  agent: 'edge-1',
  camera: 'a',
  at: AT,
  name: { en: 'A', zh: '甲' },
  state: 'streaming',
  since: AT,
  lastFrameAt: AT,
  lastFrameAgeMs: 40,
  fps: 1,
  drops: 0,
  width: 1920,
  height: 1080,
};
const detection = sampleDetection({ camera: 'a', position: { latitude: 30.2, longitude: 120.2 } });

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    'a\u0000b',
    '\ud800',
    '',
    '../../x',
    "'; drop table alerts; --",
    null,
    -1,
    1e308,
    [],
    {},
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.double(),
  fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as unknown),
);

/** A valid message with some of its fields set to anything, left out, or new ones beside them. */
function spoiled(message: object): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...Object.keys(message)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('__proto__', 'constructor', 'a\u0000b', 'position', 'positionOf'),
    },
  );
  return fc.array(fc.tuple(name, fc.option(odd)), { maxLength: 3 }).map((changes) => {
    const value = { ...message, id: newId() } as Record<string, unknown>;
    for (const [key, set] of changes)
      if (set === null) delete value[key];
      else value[key] = set;
    return JSON.stringify(value);
  });
}

const bytes = fc.uint8Array({ maxLength: 200 });
const message = fc.oneof(
  fc.record({
    topic: fc.constant(topics.detections('a')),
    payload: fc.oneof(spoiled(detection), bytes),
  }),
  fc.record({ topic: fc.constant(topics.status), payload: fc.oneof(spoiled(status), bytes) }),
  fc.record({ topic: fc.constant(topics.cameraState('a')), payload: fc.oneof(spoiled(camera), bytes) }),
  fc.record({ topic: fc.constant(topics.evidence('a', detection.id, 'still.jpg')), payload: bytes }),
  fc.record({
    topic: fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constant(`${topics.status}/a\u0000b`)),
    payload: bytes,
  }),
);

test('what is spoiled here is valid before', () => {
  const kinds = [
    [topics.detections('a'), detection],
    [topics.status, status],
    [topics.cameraState('a'), camera],
  ] as const;
  for (const [topic, value] of kinds)
    expect(readMessage({ topic, payload: Buffer.from(JSON.stringify(value)) }).content).toMatchObject({
      value,
    });
});

test('no message, however made up, stops the gateway: it is stored, or kept aside with the reason', async () => {
  const { store } = await testStore();
  const { alerts } = testConfig();
  const outcomes = { stored: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 20 }), async (batch) => {
      const received = batch.map(({ topic, payload }) =>
        readMessage({ topic, payload: Buffer.from(payload as string) }),
      );
      const told = await store.transaction((tx) => receive(tx, received, receiversOf(alerts)));
      expect(told).toHaveLength(batch.length);
      for (const why of told) {
        if (why !== null)
          expect(why).toEqual({
            code: expect.stringMatching(/^[a-z_]+$/),
            reason: expect.stringMatching(/\S/),
          });
        outcomes[why === null ? 'stored' : 'refused']++;
      }
    }),
    { numRuns: 60, seed, endOnFailure: true },
  );
  expect(outcomes.stored).toBeGreaterThan(20);
  expect(outcomes.refused).toBeGreaterThan(20);
  // What can be read of them is as it was before: valid.
  const rows = await store.db.selectFrom('detection_messages').select('payload').execute();
  for (const { payload } of rows) expect((JSON.parse(payload) as Detection).v).toBe(1);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});
