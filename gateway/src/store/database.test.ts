import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from './audit/verify.ts';
import { reserve } from './counters.ts';
import { Store } from './database.ts';

let dataDir: string;
let store: Store;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-store-'));
  store = await Store.open({ dataDir, now: () => 1000 });
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const entry = { actor: 'system', channel: 'gateway', action: 'alert.claimed', subject: 'alert:1' } as const;

test('what a transaction writes is there after the store was closed and opened again', async () => {
  await store.transaction((tx) => reserve(tx.db, 'tickets'));
  await store.close();
  store = await Store.open({ dataDir });
  expect(await store.transaction((tx) => reserve(tx.db, 'tickets', 3))).toBe(2);
  expect(await store.transaction((tx) => reserve(tx.db, 'tickets'))).toBe(5);
});

test('a transaction that fails leaves neither rows nor audit nor changes', async () => {
  const failing = store.transaction(async (tx) => {
    await reserve(tx.db, 'tickets');
    tx.audit(entry);
    tx.changed({ kind: 'alert', subject: '1', data: {} });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await store.db.selectFrom('counters').selectAll().execute()).toEqual([]);
});

test('changes are numbered without gaps in the order of commits, one for each thing', async () => {
  let commits = 0;
  store.onCommit(() => commits++);
  const change = (subject: string) => ({ kind: 'alert', subject, data: { subject } }) as const;
  await Promise.all(
    [1, 2, 3].map((n) =>
      store.transaction(async (tx) => {
        tx.changed(change(`a${n}`));
        tx.changed(change(`b${n}`));
        tx.changed(change(`a${n}`));
      }),
    ),
  );
  const rows = await store.db.selectFrom('changes').select('seq').orderBy('seq').execute();
  expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(commits).toBe(3);
});

test('the audit chain verifies, and shows which entry was altered or removed', async () => {
  for (let n = 0; n < 5; n++) await store.transaction(async (tx) => tx.audit({ ...entry, after: { n } }));
  expect(await verifyAudit(store, { pageSize: 2 })).toMatchObject({ ok: true, entries: 5 });
  const tamper = (action: string) =>
    store.transaction((tx) => tx.db.updateTable('audit_log').set({ action }).where('seq', '=', 3).execute());
  await tamper('forged');
  expect(await verifyAudit(store)).toMatchObject({
    ok: false,
    seq: 3,
    reason: expect.stringContaining('altered'),
  });
  await tamper('alert.claimed');
  await store.transaction((tx) => tx.db.deleteFrom('audit_log').where('seq', '=', 5).execute());
  expect(await verifyAudit(store)).toMatchObject({ ok: false, seq: 5, reason: 'the entry is missing' });
});
