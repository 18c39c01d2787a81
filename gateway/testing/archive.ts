/** A backup of a store with something in it, and how to alter one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sha256 } from '@roadwatch/contract';
import { onTestFinished } from 'vitest';
import { ARCHIVED_TABLES, backUp, STORE_FILE } from '../src/archive/backup.ts';
import { folderEvidenceStore } from '../src/evidence/store.ts';
import type { Store } from '../src/store/database.ts';
import { testStore } from './store.ts';
import { dispatchedTicket } from './ticket.ts';

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-archive-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

export async function contents(store: Store): Promise<object> {
  const tables = await Promise.all(
    ARCHIVED_TABLES.map(async (table) => {
      const rows = await store.db.selectFrom(table).selectAll().execute();
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(tables);
}

export async function saved() {
  const { store, time } = await testStore();
  const { id } = await dispatchedTicket(store);
  const evidence = folderEvidenceStore(folder());
  const picture = Buffer.from('a picture');
  await evidence.put(sha256(picture), picture);
  const row = {
    sha256: sha256(picture),
    content_type: 'image/jpeg',
    bytes: picture.length,
    stored_at: time.now,
  };
  await store.transaction((tx) => tx.db.insertInto('evidence').values(row).execute());
  const path = folder();
  return { store, time, id, path, picture, evidence, archived: await backUp(store, evidence, path) };
}

/** The lines of the backup's rows, to be written again by whoever would deceive us: with a digest that fits, but without the key. */
export function rewrite(path: string, edit: (lines: Line[]) => readonly Line[]): void {
  const file = join(path, STORE_FILE);
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const edited = edit(lines.slice(0, -1).map((line) => JSON.parse(line)));
  const text = edited.map((line) => `${JSON.stringify(line)}\n`).join('');
  const end = { ...JSON.parse(lines.at(-1) as string), end: edited.length - 1, sha256: sha256(text) };
  writeFileSync(file, gzipSync(`${text}${JSON.stringify(end)}\n`));
}

export interface Line {
  readonly table?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests alter it at will
  readonly row?: any;
}
