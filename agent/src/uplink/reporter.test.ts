import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretUrl } from '@roadwatch/common';
import { agentTopics, type Detection, newId, parseDetection, sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import type { CameraConfig } from '../config/schema.ts';
import { type EvidenceFile, EvidenceMaker } from '../evidence/evidence.ts';
import { KnownStore } from '../store/known-damage.ts';
import type { AgentStore } from '../store/store.ts';
import { type KnownDamage, KnownDamages } from '../verify/known-damage.ts';
import { Outbox } from './outbox.ts';
import { Reporter, type Witness } from './reporter.ts';

const config: CameraConfig = {
  id: 'camera-1',
  name: { en: 'Camera 1', zh: '摄像机1' },
  url: new SecretUrl('rtsp://127.0.0.1/1'),
  transport: 'tcp',
  allowBasic: false,
  redirectTo: [],
  masks: [],
  keepAddedMasks: true,
  takeSettings: true,
  farPass: false,
  enabled: true,
  position: { latitude: 30.2, longitude: 120.2 },
};
const still: EvidenceFile = {
  ref: {
    name: 'still.jpg',
    kind: 'still',
    contentType: 'image/jpeg',
    sha256: 'a'.repeat(64),
    bytes: 30_000,
    capturedAt: '2026-01-01T00:00:04.000Z',
  },
  bytes: Buffer.alloc(30_000, 7),
};

function pothole(change: Partial<KnownDamage> = {}): KnownDamage {
  const at = Date.parse('2026-01-01T00:00:00Z');
  return {
    id: newId(),
    camera: 'camera-1',
    view: null,
    damageClass: 'pothole',
    score: 0.8,
    box: [0.4, 0.6, 0.1, 0.06],
    firstSeenAtMs: at,
    verifiedAtMs: at + 5_000,
    lastSeenAtMs: at + 5_000,
    capturedAtMs: at + 4_000,
    revision: 1,
    publishedBox: [0.4, 0.6, 0.1, 0.06],
    publishedAtMs: at + 5_000,
    seen: 8,
    looked: 8,
    frame: { width: 1920, height: 1080 },
    evidence: [],
    ...change,
  };
}

interface Settings {
  readonly picturesWithinMs?: number;
  /** Of the outbox. */
  readonly maxBytes?: number;
}

interface Desk {
  readonly reporter: Reporter;
  readonly witness: { -readonly [Key in keyof Witness]: Key extends 'known' ? KnownDamages : Witness[Key] };
  readonly outbox: Outbox;
  readonly store: KnownStore;
  readonly home: AgentStore;
  /** The next time that something is in the outbox. */
  committed(): Promise<void>;
  /** The next message of the log. */
  nextLine(): Promise<string>;
  detections(): readonly Detection[];
}

function desk({ maxBytes = 2 ** 24, ...change }: Settings = {}): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-reporter-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = testStore(folder);
  const outbox = new Outbox(home, { maxBytes });
  const store = new KnownStore(home);
  const stopping = new AbortController();
  let wake: (line: string) => void = () => {};
  let onCommitted: () => void = () => {};
  const log = pino(
    {},
    {
      write: (text: string) => {
        wake((JSON.parse(text) as { msg: string }).msg);
      },
    },
  );
  const witness: Desk['witness'] = {
    config,
    known: new KnownDamages({ clearAfterMinutes: 1 }, []),
    published(id, what) {
      this.known.published(id, what);
    },
    evidenceSource: () => null,
    ended: new AbortController().signal,
  };
  const reporter = new Reporter(
    {
      site: 'site',
      agent: 'box',
      model: { name: 'test', version: '1', sha256: 'b'.repeat(64) },
      outbox,
      store,
      evidence: new EvidenceMaker(stopping.signal),
      sign: null,
      witness: () => witness,
      keepsClips: () => false,
      onCommitted: () => onCommitted(),
      ...change,
    },
    log,
  );
  onTestFinished(async () => {
    stopping.abort();
    await reporter.stop();
  });
  return {
    reporter,
    outbox,
    store,
    home,
    witness,
    committed: () =>
      new Promise((resolve) => {
        onCommitted = resolve;
      }),
    nextLine: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    detections: () =>
      outbox
        .after(0, 100)
        .filter(({ kind }) => kind === 'detection')
        .map(({ payload }) => {
          const parsed = parseDetection(payload);
          if (!parsed.ok) throw new Error(parsed.reason);
          return parsed.value;
        }),
  };
}

test('a detection, its pictures and that it is known are written together, the pictures first', async () => {
  const { reporter, witness, outbox, store, detections } = desk();
  const damage = pothole();
  witness.known.add(damage);
  reporter.opened(witness, damage, Promise.resolve([still]));
  await reporter.stop();

  expect(outbox.after(0, 10).map(({ topic }) => topic)).toEqual([
    `roadwatch/v1/site/box/cameras/camera-1/evidence/${damage.id}/still.jpg`,
    'roadwatch/v1/site/box/cameras/camera-1/detections',
  ]);
  expect(detections()[0]).toMatchObject({
    id: damage.id,
    revision: 1,
    event: 'opened',
    damageClass: 'pothole',
    firstSeenAt: '2026-01-01T00:00:00.000Z',
    capturedAt: '2026-01-01T00:00:04.000Z',
    observations: { seen: 8, looked: 8 },
    position: { latitude: 30.2, longitude: 120.2 },
    evidence: [still.ref],
  });
  expect(store.load('camera-1').map(({ id }) => id)).toEqual([damage.id]);
});

test('a detection whose pictures could not be cut is published without them, and the log says so', async () => {
  const { reporter, witness, detections, nextLine } = desk();
  const damage = pothole();
  witness.known.add(damage);
  const line = nextLine();
  reporter.opened(witness, damage, Promise.reject(new Error('the moment is no longer in the ring')));
  expect(await line).toBe('evidence not cut');
  await reporter.stop();
  expect(detections().map(({ id, evidence }) => [id, evidence])).toEqual([[damage.id, []]]);
});

test('what the model was shown stands in for pictures that are not there in time, until they come or for good', async () => {
  const { reporter, witness, detections, committed } = desk({ picturesWithinMs: 1 });
  const [late, never] = [pothole(), pothole({ box: [0.1, 0.6, 0.1, 0.06] })];
  const seen = { ref: { ...still.ref, sha256: 'c'.repeat(64) }, bytes: still.bytes };
  for (const damage of [late, never]) witness.known.add(damage);
  const { promise: pictures, resolve: cut } = Promise.withResolvers<readonly EvidenceFile[]>();
  const { promise: none, reject: fail } = Promise.withResolvers<readonly EvidenceFile[]>();
  for (const [damage, full] of [
    [late, pictures],
    [never, none],
  ] as const) {
    const published = committed();
    reporter.opened(witness, damage, full, Promise.resolve([seen]));
    await published;
  }
  const of = ({ id }: KnownDamage) => detections().filter((detection) => detection.id === id);
  for (const damage of [late, never]) expect(of(damage)).toMatchObject([{ evidence: [seen.ref] }]);
  fail(new Error('its full stream did not have its turn in time'));
  const revised = committed();
  cut([still]);
  await revised;
  await reporter.stop();
  expect(of(late)).toMatchObject([{}, { event: 'updated', evidence: [still.ref] }]);
  // What stands in stays, and nobody is told that something is missing.
  expect(of(never)).toHaveLength(1);
  expect(of(never)[0]).not.toHaveProperty('missing');
});

test('a detection whose pictures are not cut in time goes out without them, and a revision names them', async () => {
  const { reporter, witness, outbox, detections, committed } = desk({ picturesWithinMs: 1 });
  const damage = pothole();
  witness.known.add(damage);
  const { promise: pictures, resolve: cut } = Promise.withResolvers<readonly EvidenceFile[]>();
  const published = committed();
  reporter.opened(witness, damage, pictures);
  await published;
  expect(detections().map(({ revision, event, evidence }) => [revision, event, evidence])).toEqual([
    [1, 'opened', []],
  ]);
  const named = committed();
  cut([still]);
  await named;
  expect(detections().map(({ revision, event, evidence }) => [revision, event, evidence])).toEqual([
    [1, 'opened', []],
    [2, 'updated', [still.ref]],
  ]);
  expect(outbox.depth).toBe(3);
  await reporter.stop();
  expect(witness.known.get(damage.id)).toMatchObject({ revision: 2, evidence: [still.ref] });
});

test('pictures of what is gone meanwhile are not named, and its last revision is above all others', async () => {
  const { reporter, witness, detections, committed } = desk({ picturesWithinMs: 1 });
  const damage = pothole();
  witness.known.add(damage);
  const { promise: pictures, resolve: cut } = Promise.withResolvers<readonly EvidenceFile[]>();
  const published = committed();
  reporter.opened(witness, damage, pictures);
  await published;
  const grown = committed();
  reporter.updated(witness, damage);
  await grown;
  witness.known = new KnownDamages({ clearAfterMinutes: 1 }, []);
  reporter.cleared(witness, damage);
  cut([still]);
  await reporter.stop();
  expect(detections().map(({ revision, event }) => [revision, event])).toEqual([
    [1, 'opened'],
    [2, 'updated'],
    [3, 'cleared'],
  ]);
});

test('what was found beside a damage is told as its extent, and known with it on disk', async () => {
  const { reporter, witness, store, detections, committed } = desk();
  const damage = pothole({ view: 'view-1' });
  const beside = [0.52, 0.6, 0.1, 0.06] as const;
  const part = pothole({ view: 'view-1', partOf: damage.id, box: beside, publishedBox: beside });
  witness.known.add(damage);
  const opened = committed();
  reporter.opened(witness, damage, Promise.resolve([still]));
  await opened;
  expect(detections()[0]).toMatchObject({ event: 'opened', box: damage.box });
  witness.known.add(part);
  const { events } = witness.known.absorb('view-1', [], damage.verifiedAtMs + 10_000, () => 'unseen');
  for (const event of events) reporter.updated(witness, event.damage);
  const isTold = (): boolean =>
    detections().some(({ id, event, box }) => id === damage.id && event === 'updated' && box[2] > 0.2);
  for (let next = committed(); !isTold(); next = committed()) await next;
  expect(store.load('camera-1')).toMatchObject([{ id: damage.id }, { id: part.id, partOf: damage.id }]);
  reporter.cleared(witness, damage);
  await reporter.stop();
  expect(store.load('camera-1')).toEqual([]);
});

test('on a full disk what is verified is kept in memory, whole and in order, and goes to disk once there is room', async () => {
  const { reporter, witness, outbox, store, home, committed, detections } = desk();
  const disk = home.database;
  const limit = (pages: number): void => disk.exec(`PRAGMA max_page_count=${pages}`);
  limit((disk.prepare('PRAGMA page_count').get() as { page_count: number }).page_count);
  const damage = pothole();
  witness.known.add(damage);
  const opened = committed();
  reporter.opened(witness, damage, Promise.resolve([still]));
  await opened;
  reporter.cleared(witness, damage);
  await reporter.stop();
  expect(home.isInMemory).toBe(true);
  const events = () => detections().map(({ event, revision }) => [event, revision]);
  const both = [
    ['opened', 1],
    ['cleared', 2],
  ];
  expect([events(), outbox.depth, store.load('camera-1')]).toEqual([both, 3, []]);

  home.tend();
  expect(home.isInMemory).toBe(false);
  expect([events(), outbox.depth, store.load('camera-1')]).toEqual([both, 3, []]);
});

test('what is known and was cleared does not come back from memory', () => {
  const { store } = desk();
  const [gone, there] = [pothole(), pothole()];
  store.save(gone);
  store.save(there);
  store.remove(gone.id);
  store.touch({ ...gone, seen: 99 });
  store.touch({ ...there, seen: 99 });
  expect(store.load('camera-1').map(({ id, seen }) => [id, seen])).toEqual([[there.id, 99]]);
  expect(store.load('another-camera')).toEqual([]);
});

test.each(['not_taken', 'spoilt'] as const)(
  'evidence that was set aside is said to be missing: %s',
  async (reason) => {
    const { reporter, witness, store, detections, committed } = desk();
    const damage = pothole();
    witness.known.add(damage);
    const opened = committed();
    reporter.opened(witness, damage, Promise.resolve([still]));
    await opened;
    const topics = agentTopics('site', 'box');
    const detection = { topic: topics.detections('camera-1'), sha256: 'c'.repeat(64) };
    reporter.setAside(detection, reason);
    const older = { topic: topics.evidence('camera-1', damage.id, 'still.jpg'), sha256: 'd'.repeat(64) };
    reporter.setAside(older, reason);
    reporter.setAside({ ...older, sha256: still.ref.sha256 }, reason);
    await reporter.stop();
    const missing = [{ name: 'still.jpg', kind: 'still', reason }];
    expect(detections().map(({ revision, evidence, missing: gone }) => [revision, evidence, gone])).toEqual([
      [1, [still.ref], undefined],
      [2, [], missing],
    ]);
    expect(store.load('camera-1')).toMatchObject([{ evidence: [], missing }]);
  },
);

test('evidence that had to make room in a full outbox is said to be missing, and nothing else', async () => {
  const { reporter, witness, store, detections } = desk({ maxBytes: 70_000 });
  const [older, newer, newest] = [pothole(), pothole(), pothole()];
  const missing = [{ name: 'still.jpg', kind: 'still', reason: 'no_room' }];
  for (const [index, damage] of [older, newer, newest].entries()) {
    witness.known.add(damage);
    const bytes = Buffer.alloc(30_000, index);
    const ref = { ...still.ref, sha256: sha256(bytes) };
    reporter.opened(witness, damage, Promise.resolve([{ ref, bytes }]));
  }
  await reporter.stop();
  const said = (id: string) =>
    detections()
      .filter((detection) => detection.id === id)
      .map(({ revision, evidence, missing: gone }) => [revision, evidence.length, gone ?? []]);
  expect(said(older.id)).toEqual([
    [1, 1, []],
    [2, 0, missing],
  ]);
  expect(said(newer.id)).toEqual([[1, 1, []]]);
  expect(said(newest.id)).toEqual([[1, 1, []]]);
  expect(store.load('camera-1').find(({ id }) => id === older.id)).toMatchObject({ evidence: [], missing });
});
