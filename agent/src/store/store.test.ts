import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import { Outbox } from '../uplink/outbox.ts';
import { transaction } from './database.ts';
import type { AgentStore } from './store.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-store-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const LIMITS = { maxBytes: 2 ** 26 };

function known(store: AgentStore): readonly string[] {
  return store.database
    .prepare('SELECT id FROM known_damage ORDER BY id')
    .all()
    .map(({ id }) => String(id));
}

/** Forty damages and messages, each with a picture, on disk and closed. */
function filled(path: string): void {
  const store = testStore(path);
  const outbox = new Outbox(store, LIMITS);
  outbox.atomically(() => {
    for (let i = 10; i < 50; i++) {
      store.database
        .prepare('INSERT INTO known_damage (id, camera, record) VALUES (?, ?, ?)')
        .run(`d${i}`, 'camera-1', JSON.stringify({ id: `d${i}`, more: 'x'.repeat(400) }));
      const payload = Buffer.from(JSON.stringify({ id: `d${i}`, camera: 'camera-1' }));
      outbox.add({ topic: `evidence/${i}`, payload: Buffer.alloc(9_000, i), kind: 'picture' }, 1);
      outbox.add({ topic: `detections/${i}`, payload, kind: 'detection' }, 1);
    }
  });
  store.close();
}

/** Bytes of the file, changed as a failing card would. */
function damaged(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

const damages: readonly [what: string, damage: (file: string) => void, saved: 'all' | 'some' | 'none'][] = [
  ['cut to half', (file) => truncateSync(file, Math.floor(readFileSync(file).length / 8192) * 4096), 'some'],
  ['cut in the middle of a page', (file) => truncateSync(file, 9_000), 'none'],
  ['empty', (file) => truncateSync(file, 0), 'none'],
  ['without its header', (file) => damaged(file, (bytes) => bytes.write('not a database!!')), 'all'],
  ['something else', (file) => writeFileSync(file, 'hello '.repeat(10_000)), 'none'],
  [
    '400 bytes flipped',
    (file) =>
      damaged(file, (bytes) => {
        for (let i = 0, at = 7919; i < 400; i++, at = (at * 48_271) % 2_147_483_647) {
          // Not in the first page, without which nothing of the rest can be found.
          const place = 4_096 + (at % (bytes.length - 4_096));
          bytes[place] = (bytes[place] ?? 0) ^ 0xff;
        }
      }),
    'some',
  ],
  [
    'one byte of a picture flipped',
    (file) =>
      damaged(file, (bytes) => {
        const place = bytes.indexOf(Buffer.alloc(500, 20)) + 100;
        bytes[place] = 0;
      }),
    'some',
  ],
  [
    'a folder',
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    'none',
  ],
];

test.each(damages)(
  'a file that is damaged (%s) is set aside and begun anew with what can be read, and told',
  (_, damage, saved) => {
    const path = folder();
    filled(path);
    damage(join(path, 'agent.db'));
    const store = testStore(path);
    const [aside = '', ...more] = readdirSync(path).filter((name) => /^agent\.db\.damaged-\w+$/.test(name));
    expect(more).toEqual([]);
    expect(store.troubles).toEqual([
      {
        code: 'store_replaced',
        detail: expect.stringContaining(join(path, aside)),
        since: expect.stringMatching(/Z$/),
      },
    ]);
    const outbox = new Outbox(store, LIMITS);
    const messages = outbox.after(0, 100);
    expect(messages.every(({ payload, sha256: hash }) => sha256(payload) === hash)).toBe(true);
    if (saved === 'all') expect([known(store).length, messages.length]).toEqual([40, 80]);
    if (saved === 'some') expect(messages.length).toBeGreaterThan(0);
    if (saved === 'none') expect([known(store), messages]).toEqual([[], []]);
    outbox.atomically(() => outbox.add({ topic: 't', payload: Buffer.from('new'), kind: 'detection' }, 1));
    store.close();

    rmSync(join(path, aside), { recursive: true });
    const next = testStore(path);
    expect(next.troubles).toEqual([]);
    expect(new Outbox(next, LIMITS).depth).toBe(messages.length + 1);
  },
);

test('damage that shows only while it runs is mended at once', () => {
  const path = folder();
  const store = testStore(path);
  const outbox = new Outbox(store, LIMITS);
  outbox.atomically(() => outbox.add({ topic: 't', payload: Buffer.from('one'), kind: 'detection' }, 1));
  const { database } = store;
  const broken = (): never => {
    throw Object.assign(new Error('database disk image is malformed'), {
      code: 'ERR_SQLITE_ERROR',
      errcode: 11,
    });
  };
  expect(store.read(() => (store.database === database ? broken() : outbox.depth))).toBe(1);
  expect(store.troubles.map(({ code }) => code)).toEqual(['store_replaced']);
});

test('of damaged files the last three are kept', () => {
  const path = folder();
  for (let i = 0; i < 5; i++) {
    writeFileSync(join(path, 'agent.db'), 'hello '.repeat(1_000));
    testStore(path).close();
  }
  expect(readdirSync(path).filter((name) => name.includes('damaged'))).toHaveLength(3);
});

test('a message that is not on disk as it was written is set aside, and those behind it go on', () => {
  const store = testStore(folder());
  const outbox = new Outbox(store, LIMITS);
  outbox.atomically(() => {
    for (const text of ['one', 'two'])
      outbox.add({ topic: text, payload: Buffer.from(text), kind: 'detection' }, 1);
    store.database.prepare("UPDATE outbox SET payload = ? WHERE topic = 'one'").run(Buffer.from('onf'));
  });
  expect(outbox.after(0, 10).map(({ topic }) => topic)).toEqual(['two']);
  expect([outbox.depth, outbox.deadLetters]).toEqual([1, 1]);
});

/** As a disk that takes no more than it has already taken. */
function full(store: AgentStore): { readonly makeRoom: () => void } {
  const disk = store.database;
  const { page_count: pages } = disk.prepare('PRAGMA page_count').get() as { page_count: number };
  disk.exec(`PRAGMA max_page_count=${pages}`);
  return { makeRoom: () => disk.isOpen && disk.exec('PRAGMA max_page_count=1000000') };
}

test('what fits nowhere else is in memory, with what was on disk, and goes back', () => {
  const path = folder();
  filled(path);
  const store = testStore(path);
  const outbox = new Outbox(store, LIMITS);
  full(store);
  const detection = Buffer.from(JSON.stringify({ id: 'new', camera: 'camera-2' }));
  outbox.atomically(() => {
    outbox.add({ topic: 'pictures/new', payload: Buffer.alloc(200_000, 1), kind: 'picture' }, 1);
    outbox.add({ topic: 'detections/new', payload: detection, kind: 'detection' }, 1);
  });
  expect(store.isInMemory).toBe(true);
  expect(outbox.depth).toBe(82);
  expect(store.troubles.map(({ code }) => code)).toEqual(['disk_full', 'store_in_memory']);
  // What the gateway has stored meanwhile does not come back from disk.
  const [first] = outbox.after(0, 1);
  outbox.atomically(() => outbox.stored(first?.sha256 ?? ''));

  store.tend();
  expect([store.isInMemory, store.troubles, outbox.depth]).toEqual([false, [], 81]);
  expect(outbox.after(0, 100).some(({ id }) => id === first?.id)).toBe(false);
  expect(store.close()).toEqual([]);
  expect(new Outbox(testStore(path), LIMITS).depth).toBe(81);
});

test('the reserve is there from the start, is given up when there is no other room, and is filled again', () => {
  const path = folder();
  const store = testStore(path);
  const reserve = join(path, 'agent.reserve');
  const whole = readFileSync(reserve).length;
  expect(whole).toBeGreaterThan(1_000_000);
  let failures = 2;
  store.transaction(() => {
    if (failures-- > 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  expect([store.isInMemory, readFileSync(reserve).length < whole]).toEqual([false, true]);
  for (let i = 0; i < 10; i++) store.tend();
  expect([store.troubles, readFileSync(reserve).length]).toEqual([[], whole]);
});

test('an error that is not the disk’s is its thrower’s, and the transaction is over', () => {
  const store = testStore(folder());
  expect(() =>
    transaction(store.database, () => {
      // As SQLite does by itself when the disk is full.
      store.database.exec('ROLLBACK');
      throw new Error('database or disk is full');
    }),
  ).toThrow('database or disk is full');
  expect(existsSync('agent.db')).toBe(false);
});
