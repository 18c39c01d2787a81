import {
  appendFileSync,
  copyFileSync,
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
import { verifyAudit } from '../audit/verify.ts';
import { fireDueClocks } from '../clocks/watch.ts';
import { folderEvidenceStore } from '../ingest/evidence-store.ts';
import type { Store } from '../store/database.ts';
import { testConfig } from '../testing/gateway.ts';
import { TestTime, testStore } from '../testing/store.ts';
import { dispatchedTicket, QUIET } from '../testing/ticket.ts';
import { ARCHIVED_TABLES, backUp, STORE_FILE } from './backup.ts';
import { restore } from './restore.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-archive-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function contents(store: Store): Promise<object> {
  const tables = await Promise.all(
    ARCHIVED_TABLES.map(async (table) => {
      const rows = await store.db.selectFrom(table).selectAll().execute();
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(tables);
}

async function saved() {
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
  return { store, time, id, path, picture, archived: await backUp(store, evidence, path) };
}

test('what is restored is what was saved, and its clocks go on', async () => {
  const { store, time, id, path, picture, archived } = await saved();
  const target = await testStore(new TestTime(time.now));
  copyFileSync(store.auditKeys.file, target.store.auditKeys.file);
  const evidence = folderEvidenceStore(folder());
  expect(await restore(target.store, evidence, path)).toEqual(archived);
  expect(await contents(target.store)).toEqual(await contents(store));
  expect(await verifyAudit(target.store)).toEqual(await verifyAudit(store));
  expect((await evidence.get(sha256(picture)))?.bytes).toBe(picture.length);
  target.time.pass(31 * 60_000);
  await fireDueClocks(target.store, testConfig(), QUIET);
  const clock = target.store.db.selectFrom('clocks').selectAll().where('ticket_id', '=', id);
  const response = await clock.where('kind', '=', 'response').executeTakeFirstOrThrow();
  expect(response.breached_at).toBe(time.now + 30 * 60_000);
});

test('a second backup into the folder takes the place of the first only when it is whole', async () => {
  const { store, path } = await saved();
  await backUp(store, folderEvidenceStore(folder()), path);
  expect(readdirSync(path).sort()).toEqual(['evidence', STORE_FILE]);
});

test.each<[string, (file: string) => void, RegExp]>([
  ['cut off', (file) => truncateSync(file, 300), /unexpected end|incomplete/i],
  [
    'altered',
    (file) => {
      const bytes = readFileSync(file);
      bytes.writeUInt8((bytes.readUInt8(bytes.length - 20) + 1) % 256, bytes.length - 20);
      writeFileSync(file, bytes);
    },
    /./,
  ],
  ['not there', (file) => rmSync(file), /ENOENT/],
  ['no backup', (file) => writeFileSync(file, 'hello'), /incorrect header/],
])('a backup that is %s is refused, and the store stays empty', async (_name, damage, reason) => {
  const { path } = await saved();
  damage(join(path, STORE_FILE));
  const { store } = await testStore();
  await expect(restore(store, folderEvidenceStore(folder()), path)).rejects.toThrow(reason);
  expect(await store.db.selectFrom('audit_log').selectAll().execute()).toEqual([]);
});

test('a store that is in use is not written over', async () => {
  const { store, path } = await saved();
  await expect(restore(store, folderEvidenceStore(folder()), path)).rejects.toThrow(/the store is not empty/);
});

test('evidence that was altered in the backup is not restored', async () => {
  const { path, picture } = await saved();
  const name = sha256(picture);
  appendFileSync(join(path, 'evidence', name.slice(0, 2), name), 'x');
  const { store } = await testStore();
  await expect(restore(store, folderEvidenceStore(folder()), path)).rejects.toThrow(/is damaged/);
});
