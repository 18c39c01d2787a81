/** Stores for tests: SQLite in a folder of its own, or a database of its own in PostgreSQL when the suite is run on it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@roadwatch/contract';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { Store } from '../src/store/database.ts';

let server: string | null = null;

/** From now on tests of this file use databases on this server, `postgres://user@host:port`. */
export function useServer(url: string): void {
  server = url;
}

/** Where a new store lies; PostgreSQL's is made, and dropped with the test. */
export async function newStoreUrl(): Promise<string | undefined> {
  if (server === null) return undefined;
  const name = `test_${newId().replaceAll('-', '')}`;
  const admin = `${server}/postgres`;
  await query(admin, `create database ${name}`);
  onTestFinished(() => query(admin, `drop database ${name} with (force)`));
  return `${server}/${name}`;
}

/** A store whose time the test sets. */
export class TestTime {
  now: number;

  constructor(now = Date.parse('2026-11-23T08:00:00.000Z')) {
    this.now = now;
  }

  pass(ms: number): void {
    this.now += ms;
  }
}

export async function testStore(time = new TestTime()): Promise<{ store: Store; time: TestTime }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-store-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const url = await newStoreUrl();
  const store = await Store.open({ dataDir, now: () => time.now, ...(url === undefined ? {} : { url }) });
  onTestFinished(() => store.close());
  return { store, time };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
