import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { sha256 } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import type { AgentStore } from '../store/store.ts';
import { type MessageKind, Outbox, type StoredMessage } from './outbox.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-outbox-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function opened(
  path: string,
  maxBytes = 1000,
): { store: AgentStore; database: DatabaseSync; outbox: Outbox } {
  const store = testStore(path);
  return { store, database: store.database, outbox: new Outbox(store, { maxBytes }) };
}

function payload(text: string, bytes = text.length): Buffer {
  return Buffer.from(text.padEnd(bytes, ' '));
}

function add(outbox: Outbox, kind: MessageKind, text: string, bytes?: number): void {
  outbox.add({ topic: `topic/${text}`, payload: payload(text, bytes), kind }, 1);
}

const texts = (messages: readonly StoredMessage[]): string[] =>
  messages.map((message) => Buffer.from(message.payload).toString().trim());

test('what was added is there, in order, after the file was closed and opened again', () => {
  const path = folder();
  const first = opened(path);
  for (const text of ['one', 'two', 'three']) add(first.outbox, 'detection', text);
  first.store.close();

  const { outbox } = opened(path);
  expect(texts(outbox.after(0, 10))).toEqual(['one', 'two', 'three']);
  expect([outbox.depth, outbox.bytes]).toEqual([3, 11]);
});

test('messages of a transaction that failed are not there', () => {
  const { outbox } = opened(folder());
  expect(() =>
    outbox.atomically(() => {
      add(outbox, 'picture', 'half');
      throw new Error('no space left');
    }),
  ).toThrow('no space left');
  expect(outbox.after(0, 10)).toEqual([]);
  expect([outbox.depth, outbox.bytes]).toEqual([0, 0]);
});

test('a message leaves when the gateway names its hash, and no other does', () => {
  const { outbox } = opened(folder());
  add(outbox, 'detection', 'one');
  add(outbox, 'detection', 'two');
  expect(outbox.stored(sha256(payload('one')))?.topic).toBe('topic/one');
  expect(outbox.stored(sha256(payload('never sent')))).toBeNull();
  expect(texts(outbox.after(0, 10))).toEqual(['two']);
  expect(outbox.depth).toBe(1);
});

test('the same picture sent to two topics needs two answers', () => {
  const { outbox } = opened(folder());
  for (const topic of ['a', 'b']) outbox.add({ topic, payload: payload('same'), kind: 'picture' }, 1);
  const hash = sha256(payload('same'));
  expect(outbox.stored(hash)?.topic).toBe('a');
  expect(outbox.stored(hash)?.topic).toBe('b');
  expect(outbox.stored(hash)).toBeNull();
});

test('a refused message is set aside with the reason', () => {
  const { database, outbox } = opened(folder());
  add(outbox, 'detection', 'bad');
  expect(outbox.refused(sha256(payload('bad')), 'score: above 1', 99)?.topic).toBe('topic/bad');
  expect([outbox.depth, outbox.bytes, outbox.deadLetters]).toEqual([0, 0, 1]);
  const letter = database.prepare('SELECT topic, reason, refused_at, payload FROM dead_letter').get();
  expect(letter).toMatchObject({ topic: 'topic/bad', reason: 'score: above 1', refused_at: 99 });
  expect(Buffer.from(letter?.payload as Uint8Array).toString()).toBe('bad');
});

test('refused messages take no more than a fourth of what the outbox may hold, and the last one is always kept', () => {
  const { database, outbox } = opened(folder(), 1000);
  const refuse = (text: string, bytes: number, at: number): void => {
    outbox.atomically(() => {
      add(outbox, 'clip', text, bytes);
      outbox.refused(sha256(payload(text, bytes)), 'why', at);
    });
  };
  const kept = () => database.prepare('SELECT refused_at AS at FROM dead_letter ORDER BY at').all();
  for (let at = 1; at <= 6; at++) refuse(`bad ${at}`, 100, at);
  expect(kept()).toEqual([{ at: 5 }, { at: 6 }]);
  refuse('large', 900, 7);
  expect(kept()).toEqual([{ at: 7 }]);
});

test('of refused messages the last 500 are kept', () => {
  const { database, outbox } = opened(folder(), 100_000);
  outbox.atomically(() => {
    for (let i = 0; i < 510; i++) {
      add(outbox, 'detection', `bad ${i}`);
      outbox.refused(sha256(payload(`bad ${i}`)), 'why', i);
    }
  });
  expect(outbox.deadLetters).toBe(500);
  const oldest = database.prepare('SELECT min(refused_at) AS at FROM dead_letter').get();
  expect(oldest).toEqual({ at: 10 });
});

test('what is not on disk as it was written is set aside, and told', () => {
  const { store, database } = opened(folder());
  const spoilt: string[] = [];
  const outbox = new Outbox(store, { maxBytes: 1000, onSpoilt: ({ topic }) => spoilt.push(topic) });
  add(outbox, 'picture', 'one');
  add(outbox, 'picture', 'two');
  database.exec("UPDATE outbox SET payload = x'00' WHERE id = 1");
  expect(outbox.next(['picture'], 0)?.topic).toBe('topic/two');
  expect(spoilt).toEqual(['topic/one']);
  expect(outbox.deadLetters).toBe(1);
});

test('when it is full clips go first, then pictures, the oldest first, and detections stay', () => {
  const { outbox } = opened(folder(), 1000);
  add(outbox, 'picture', 'picture 1', 300);
  add(outbox, 'detection', 'detection 1', 100);
  add(outbox, 'clip', 'clip 1', 300);
  add(outbox, 'clip', 'clip 2', 300);
  expect(outbox.evicted).toBe(0);

  add(outbox, 'picture', 'picture 2', 300);
  expect(texts(outbox.after(0, 10))).toEqual(['picture 1', 'detection 1', 'clip 2', 'picture 2']);
  add(outbox, 'picture', 'picture 3', 600);
  expect(texts(outbox.after(0, 10))).toEqual(['detection 1', 'picture 2', 'picture 3']);
  add(outbox, 'detection', 'detection 2', 900);
  expect(texts(outbox.after(0, 10))).toEqual(['detection 1', 'detection 2']);
  expect([outbox.evicted, outbox.depth, outbox.bytes]).toEqual([5, 2, 1000]);
});

test('a file of a newer agent is refused by name', () => {
  const path = folder();
  const { database, store } = opened(path);
  database.exec('PRAGMA user_version=99');
  store.close();
  expect(() => testStore(path)).toThrow(/agent\.db: written by a newer agent \(schema 99/);
});

test('what is kept until it is asked for does not wait for the gateway, and goes first when there is no room', () => {
  const path = folder();
  const { store, outbox } = opened(path);
  add(outbox, 'clip', 'clip', 300);
  add(outbox, 'kept', 'older', 300);
  add(outbox, 'kept', 'newer', 300);
  expect([outbox.depth, outbox.bytes, outbox.keptBytes]).toEqual([1, 300, 600]);
  add(outbox, 'detection', 'detection', 200);
  expect(texts(outbox.after(0, 10))).toEqual(['clip', 'newer', 'detection']);
  expect([outbox.depth, outbox.bytes, outbox.keptBytes, outbox.evicted]).toEqual([2, 500, 300, 1]);

  const newer = sha256(payload('newer', 300));
  expect(outbox.ask('topic/older', sha256(payload('older', 300)))).toBeNull();
  expect(outbox.ask('topic/older', newer), 'of another detection').toBeNull();
  const id = outbox.ask('topic/newer', newer);
  expect(outbox.next(['asked'], 0)?.id).toBe(id);
  expect(outbox.ask('topic/newer', newer), 'asked twice').toBe(id);
  expect([outbox.depth, outbox.bytes, outbox.keptBytes]).toEqual([3, 800, 0]);
  store.close();

  const again = opened(path);
  expect([again.outbox.depth, again.outbox.bytes, again.outbox.keptBytes]).toEqual([3, 800, 0]);
  expect(texts([again.outbox.stored(newer) as StoredMessage])).toEqual(['newer']);
  expect([again.outbox.depth, again.outbox.bytes]).toEqual([2, 500]);
});
