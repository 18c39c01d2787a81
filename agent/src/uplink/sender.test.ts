import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ack, sha256, WIRE_VERSION } from '@roadwatch/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testDayBudget } from '../../testing/day-budget.ts';
import { testStore } from '../../testing/store.ts';
import type { AgentStore } from '../store/store.ts';
import { type MessageKind, Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import { PacketLimit } from './packet-limit.ts';
import { Sender } from './sender.ts';

interface Line {
  readonly store: AgentStore;
  readonly sender: Sender;
  readonly outbox: Outbox;
  /** Of what was sent, in parts or whole. */
  readonly topics: string[];
  readonly published: string[];
  add(kind: MessageKind, text: string, bytes?: number): void;
}

/** To a broker that confirms everything at once, and a gateway that has not answered yet. */
function line(bytesPerDay: number | null = null): Line {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-sender-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = testStore(folder);
  const outbox = new Outbox(store, { maxBytes: 2 ** 26 });
  const topics: string[] = [];
  const published: string[] = [];
  const sender = new Sender(
    {
      outbox,
      pace: new Pace(),
      limit: new PacketLimit(undefined),
      budget: testDayBudget(folder, bytesPerDay),
      timeoutMs: 60_000,
    },
    {
      onPublished: ({ topic }) => published.push(topic),
      onStored: () => {},
      onRefused: () => {},
      onTrouble: () => {},
    },
  );
  sender.connected((topic, _payload, _retain, done) => {
    topics.push(topic.split('/')[0] ?? '');
    done(null);
  });
  const add = (kind: MessageKind, text: string, bytes = text.length): void =>
    outbox.atomically(
      () => void outbox.add({ topic: text, payload: Buffer.from(text.padEnd(bytes)), kind }, 1),
    );
  return { store, sender, outbox, topics, published, add };
}

/** As a disk that takes no more than it has already taken. */
function fill({ database }: AgentStore): void {
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
  database.exec(`PRAGMA max_page_count=${pages}`);
}

test('what was left on disk while the rest was in memory goes out as soon as the disk is back, and nothing twice', () => {
  const { store, sender, topics, add } = line();
  add('picture', 'older');
  // More than is copied into memory: this one and what is older stay where they are.
  add('picture', 'large', 2 ** 25 + 1);
  add('picture', 'newer');
  add('detection', 'first');
  fill(store);
  add('detection', 'latest', 300_000);
  expect(store.isInMemory).toBe(true);
  sender.pump();
  expect(topics).toEqual(['first', 'latest', 'newer']);

  store.tend();
  expect(store.isInMemory).toBe(false);
  sender.tick(performance.now());
  expect(topics.slice(0, 5)).toEqual(['first', 'latest', 'newer', 'older', 'large']);
  expect(new Set(topics.slice(5))).toEqual(new Set(['large']));
});

test('a message in a file begun anew goes out though its number was given before', () => {
  const { store, sender, topics, published, add } = line();
  for (const text of ['one', 'two', 'three']) add('detection', text);
  sender.pump();
  const { database } = store;
  store.read(() => {
    if (store.database !== database) return;
    // What nothing can be saved from.
    database.exec('DELETE FROM outbox; DELETE FROM sqlite_sequence');
    throw Object.assign(new Error('malformed'), { code: 'ERR_SQLITE_ERROR', errcode: 11 });
  });
  expect(store.database === database).toBe(false);
  add('detection', 'four');
  sender.pump();
  expect(topics).toEqual(['one', 'two', 'three', 'four']);
  expect(published).toEqual(topics);
});

test('a clip is read from disk once, however often the sender looks for what to send next', () => {
  const { sender, outbox, topics, add } = line();
  const next = vi.spyOn(outbox, 'next');
  for (const text of ['one', 'two', 'three']) add('clip', text, 5_000_000);
  for (let look = 0; look < 50; look++) {
    sender.pump();
    sender.tick(performance.now());
  }
  expect(topics.length).toBeGreaterThan(0);
  const read = next.mock.results.flatMap(({ value }) => (value === null ? [] : [value.topic]));
  expect(read).toEqual([...new Set(read)]);
});

test('an answer that the broker kept while the line was away is not taken for one of now', () => {
  const { sender, add } = line();
  add('detection', 'before');
  sender.pump();
  sender.disconnected();
  sender.connected((_topic, _payload, _retain, done) => done(null));
  sender.pump();
  const answer = (text: string): Ack => ({
    v: WIRE_VERSION,
    stored: [sha256(Buffer.from(text))],
    refused: [],
  });
  expect(sender.isOfNow(answer('before'))).toBe(false);
  add('detection', 'after');
  sender.pump();
  expect(sender.isOfNow(answer('after'))).toBe(true);
  sender.answered(answer('after'));
  expect(sender.isOfNow(answer('after'))).toBe(false);
});

test('a kept clip is never sent, and one that is asked for goes before pictures, though the day has no bytes left', () => {
  const { sender, outbox, topics, add } = line(2_000);
  const ask = (text: string, bytes: number): void => {
    const hash = sha256(Buffer.from(text.padEnd(bytes)));
    sender.asked(outbox.atomically(() => outbox.ask(text, hash)) as number);
  };
  add('kept', 'first', 900);
  add('kept', 'second', 900);
  add('clip', 'waiting', 900);
  add('detection', 'detection', 2_100);
  add('picture', 'picture', 900);
  sender.pump();
  expect(topics).toEqual(['detection']);
  expect(sender.heldBack).toEqual(['picture', 'clip']);
  // The older one after the newer one, and one that waits for another day.
  ask('second', 900);
  ask('first', 900);
  ask('waiting', 900);
  expect(topics).toEqual(['detection', 'second', 'first', 'waiting']);
  expect(sender.heldBack).toEqual(['picture']);
});

test('a connection that ends while a message of a foreign topic is under way tells nothing of the line', () => {
  const { sender } = line();
  sender.disconnected();
  sender.connected(() => {});
  sender.putState('roadwatch/state', { state: 'online' });
  expect(sender.disconnected()).toBeGreaterThan(0);
  sender.connected(() => {});
  sender.putState('roadwatch/state', { state: 'online' });
  expect(sender.putRetained('homeassistant/device/box/config', '{}', () => {})).toBe(true);
  expect(sender.disconnected()).toBeNull();
  expect(sender.putRetained('homeassistant/device/box/config', '{}', () => {})).toBe(false);
  expect(sender.disconnected()).toBe(0);
});
