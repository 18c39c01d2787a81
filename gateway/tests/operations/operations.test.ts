/** What maintainers are told of cameras and boxes: once it has lasted, once more when it is over, with a picture of before and of then. */
import { OutageLog, Secret, SecretUrl } from '@roadwatch/common';
import { newId, type Reply, sha256, timestamp } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { noteSilence, SILENT_MS } from '../../src/agents/watch.ts';
import type { Config } from '../../src/config/config.ts';
import type { Webhook } from '../../src/config/units.ts';
import { recordEvidence } from '../../src/evidence/records.ts';
import { recordCamera, recordStatus } from '../../src/ingest/states.ts';
import { forgetIncidents } from '../../src/operations/forget.ts';
import { photographNext } from '../../src/operations/photograph.ts';
import { Teller } from '../../src/operations/tell.ts';
import { SECRET, TestBureau } from '../../testing/bureau.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';
import { type TestTime, testStore } from '../../testing/store.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const DIRTY = { code: 'lens_dirty', detail: 'clean the lens', since: timestamp(0) };
const { signal } = new AbortController();

async function maintainers() {
  const { store, time } = await testStore();
  const bureau = await TestBureau.start();
  const log = pino({ level: 'silent' });
  const webhook: Webhook = { url: new SecretUrl(bureau.url), login: null, secret: new Secret(SECRET) };
  const config = { operations: { webhook } as Config['operations'] };
  const teller = new Teller(store, config, new OutageLog(log, { failed: 'not taken' }));
  const asked: string[] = [];
  const commands = {
    /** Each picture is another, and its bytes come at once. */
    ask: async (_: unknown, { camera }: { readonly camera?: string }) => {
      const bytes = Buffer.from(`${camera} ${asked.push(camera as string)}`);
      const ref = {
        name: 'still.jpg',
        kind: 'still',
        contentType: 'image/jpeg',
        sha256: sha256(bytes),
      } as const;
      await store.transaction((tx) => recordEvidence(tx, { ...ref, bytes: bytes.length }));
      const evidence = [{ ...ref, bytes: bytes.length, capturedAt: timestamp(time.now) }];
      return { outcome: 'done', evidence } as unknown as Reply;
    },
  };
  const bootId = newId();
  let seq = 0;
  const tried = new Map<string, number>();
  return {
    ...{ store, time, bureau, asked },
    /** Whether the webhook's secret can be read. */
    lose: (isLost: boolean) => {
      config.operations = isLost ? { webhook: null, isLost } : { webhook };
    },
    camera: (change: Parameters<typeof sampleCameraState>[0]) =>
      store.transaction((tx) => recordCamera(tx, sampleCameraState({ bootId, seq: ++seq, ...change }))),
    box: (state: 'online' | 'offline') =>
      store.transaction((tx) => recordStatus(tx, sampleStatus({ bootId, seq: ++seq, state }), false)),
    photograph: () => photographNext(store, commands as never, tried),
    /** What they have been told after so long, by now. */
    told: async (seconds: number) => {
      await wait(time, seconds, () => teller.tellDue(signal));
      return bureau.orders.map(({ body }) => body.type);
    },
  };
}

/** As the gateway's own loop, every two seconds. */
async function wait(time: TestTime, seconds: number, look: () => Promise<unknown>): Promise<void> {
  for (let second = 0; second < seconds; second += 2) {
    time.pass(2 * SECOND);
    await look();
  }
}

test('what lasts for a minute is told, signed, in both languages, and once more when it has been over for one', async () => {
  const { camera, bureau, told, time } = await maintainers();
  await camera({ state: 'streaming' });
  const began = time.now;
  await camera({ state: 'streaming', faults: [DIRTY] });
  expect(await told(58)).toEqual([]);
  expect(await told(4)).toEqual(['camera.fault']);
  expect(bureau.orders[0]).toMatchObject({
    genuine: true,
    body: {
      timestamp: timestamp(began),
      data: {
        ...{ site: 'binjiang', agent: 'edge-1', camera: 'binsheng-road', code: 'lens_dirty' },
        name: { en: 'Binsheng Road', zh: '滨盛路' },
        text: { en: expect.stringContaining('dirty'), zh: expect.stringContaining('镜头脏污') },
        ...{ detail: 'clean the lens', since: timestamp(began) },
      },
    },
  });
  // It goes on, and more is wrong for a moment.
  await camera({ state: 'covered', faults: [DIRTY] });
  expect(await told(30)).toHaveLength(1);
  await camera({ state: 'streaming' });
  expect(await told(58)).toHaveLength(1);
  expect(await told(4)).toEqual(['camera.fault', 'camera.recovered']);
  expect(bureau.orders[1]?.body.data).toMatchObject({
    incident: bureau.orders[0]?.body.data.incident,
    until: expect.any(String),
  });
});

test('what happens while the secret is lost is told once it has been entered again', async () => {
  const { camera, told, lose } = await maintainers();
  await camera({ state: 'streaming' });
  lose(true);
  await camera({ state: 'streaming', faults: [DIRTY] });
  expect(await told(120)).toEqual([]);
  lose(false);
  expect(await told(4)).toEqual(['camera.fault']);
});

test('what comes back within a minute has not been away, and night, a pause and a start are no faults', async () => {
  const { camera, told, bureau } = await maintainers();
  for (let time = 0; time < 3; time++) {
    await camera({ state: 'stalled', reason: 'it does not answer' });
    await told(24);
    await camera({ state: 'streaming' });
    await told(6);
  }
  await camera({ state: 'stalled', reason: 'it does not answer' });
  expect(await told(10)).toEqual(['camera.fault']);
  await camera({ state: 'starting' });
  expect(await told(100)).toEqual(['camera.fault']);
  for (const state of ['dark', 'paused', 'streaming'] as const) {
    await camera({ state });
    expect(await told(100)).toEqual(['camera.fault', 'camera.recovered']);
  }
  expect(bureau.orders[0]?.body.data).toMatchObject({ code: 'stalled', detail: 'it does not answer' });
});

test('a box that is lost is told, whether it has said so or not, and when it is back', async () => {
  const { box, told, time, store, bureau } = await maintainers();
  await box('online');
  time.pass(SILENT_MS + 1);
  expect(await noteSilence(store)).toBe(1);
  expect(await told(62)).toEqual(['agent.lost']);
  await box('online');
  expect(await told(62)).toEqual(['agent.lost', 'agent.back']);
  await box('offline');
  await told(30);
  await box('online');
  expect(await told(200)).toHaveLength(2);
  expect(bureau.orders[0]?.body.data).not.toHaveProperty('camera');
});

test('a system that is away is told later, with the same id; one that refuses a call is not asked again', async () => {
  const { camera, told, bureau } = await maintainers();
  bureau.answer = { status: 503 };
  await camera({ state: 'covered' });
  await told(70);
  bureau.answer = { status: 200 };
  await told(30);
  const ids = bureau.orders.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(1);
  expect(new Set(ids).size).toBe(1);
  bureau.answer = { status: 422 };
  await camera({ state: 'streaming' });
  await told(200);
  expect(bureau.orders.filter(({ body }) => body.type === 'camera.recovered')).toHaveLength(1);
});

test('a fault comes with a picture of before and of when it began; of good ones the last is kept', async () => {
  const { box, camera, photograph, asked, store, time, told, bureau } = await maintainers();
  await box('online');
  await camera({ state: 'streaming' });
  expect([await photograph(), await photograph()]).toEqual([true, false]);
  time.pass(DAY + SECOND);
  expect([await photograph(), await photograph()]).toEqual([true, false]);
  const pictures = () => store.db.selectFrom('evidence').select('sha256').execute();
  expect(await pictures()).toHaveLength(1);

  await camera({ state: 'covered' });
  expect([await photograph(), await photograph()]).toEqual([true, false]);
  expect(asked).toHaveLength(3);
  await told(62);
  const { before, fault } = bureau.orders[0]?.body.data.pictures ?? {};
  expect(before.sha256).toBe(sha256(Buffer.from('binsheng-road 2')));
  expect(fault.sha256).toBe(sha256(Buffer.from('binsheng-road 3')));
  // Nothing comes from one that is away.
  await camera({ state: 'stalled' });
  expect(await photograph()).toBe(false);
  await camera({ state: 'streaming' });
  await told(62);
  time.pass(DAY);
  expect(await photograph()).toBe(true);
  expect(await pictures()).toHaveLength(3);
  time.pass(91 * DAY);
  await forgetIncidents(store);
  expect(await pictures()).toHaveLength(1);
});
