import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import type { Store } from './database.ts';
import { StoreTrouble, troubleOf } from './trouble.ts';

/** SQLite's own limit to the size of a file answers as a full disk does. */
const limitTo = (store: Store, pages: number) =>
  store.transaction(async ({ db }) => {
    await sql`pragma max_page_count = ${sql.lit(pages)}`.execute(db);
  });

const write = (store: Store, bytes: number) =>
  store.transaction(async ({ db, at }) => {
    const payload = 'x'.repeat(bytes);
    const row = { sha256: 'a', topic: String(at), reason: 'r', payload, bytes, first_at: at, last_at: at };
    await db
      .insertInto('refused_messages')
      .values({ ...row, count: 1 })
      .execute();
  });

test('a full disk is told as one, not as what SQLite makes of the transaction, and is over when there is room', async () => {
  const { store, time } = await testStore();
  await limitTo(store, 1);
  await expect(write(store, 5_000_000)).rejects.toThrow(/the disk is full: nothing can be saved/);
  await expect(write(store, 5_000_000)).rejects.toBeInstanceOf(StoreTrouble);
  expect(store.health.troubles).toEqual([{ what: 'store', code: 'store_full', since: time.now }]);
  await limitTo(store, 1_000_000_000);
  await write(store, 5_000_000);
  expect(store.health.troubles).toEqual([]);
});

test('a mistake in what is written is no trouble of the store', async () => {
  const { store } = await testStore();
  const twice = store.transaction(async ({ db }) => {
    const row = { name: 'a', value: 1 };
    await db.insertInto('counters').values([row, row]).execute();
  });
  await expect(twice).rejects.not.toBeInstanceOf(StoreTrouble);
  expect(store.health.troubles).toEqual([]);
  expect(troubleOf(new Error('connect ECONNREFUSED'))).toBe(null);
});
