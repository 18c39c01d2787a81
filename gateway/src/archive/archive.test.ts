import {
  appendFileSync,
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sha256 } from '@roadwatch/contract';
import { describe, expect, test } from 'vitest';
import { contents, folder, type Line, rewrite, saved } from '../../testing/archive.ts';
import { testConfig } from '../../testing/config.ts';
import { TestTime, testStore } from '../../testing/store.ts';
import { ACTOR, QUIET } from '../../testing/ticket.ts';
import { folderEvidenceStore } from '../evidence/store.ts';
import { verifyAudit } from '../store/audit/verify.ts';
import { fireDueClocks } from '../workflow/fire-clocks.ts';
import { ARCHIVED_TABLES, backUp, STORE_FILE } from './backup.ts';
import { Backups } from './backups.ts';
import { restore } from './restore.ts';

test('what is restored is what was saved, and its clocks go on', async () => {
  const { store, time, id, path, picture, archived } = await saved();
  const target = await testStore(new TestTime(time.now));
  copyFileSync(store.auditKeys.file, target.store.auditKeys.file);
  const evidence = folderEvidenceStore(folder());
  expect(await restore(target.store, evidence, path)).toEqual({ ...archived, sealed: 'checked' });
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

test('while a backup is being made, nobody who reads waits for it', async () => {
  const { store } = await saved();
  await store.transaction(async (tx) => {
    for (let n = 0; n < 5000; n++) tx.changed({ kind: 'agent', subject: `site/box-${n}`, data: {} });
  });
  let written = 0;
  let answered: Promise<number> | undefined;
  const { rows } = await backUp(store, folderEvidenceStore(folder()), folder(), (progress) => {
    written = progress.rows;
    answered ??= store.db
      .selectFrom('tickets')
      .select('id')
      .execute()
      .then(() => written);
  });
  expect(await answered).toBeLessThan(rows);
});

test('a gateway that stops does not wait for its backup, and the one from before stays', async () => {
  const { store, evidence } = await saved();
  const dataDir = folder();
  const before = await backUp(store, evidence, join(dataDir, 'backup'));
  const backups = new Backups(store, evidence, dataDir, QUIET);
  backups.begin(ACTOR);
  await backups.stop();
  expect(await backups.list()).toMatchObject([{ state: 'failed' }]);
  expect(readdirSync(join(dataDir, 'backup')).sort()).toEqual(['evidence', STORE_FILE]);
  const { store: target } = await testStore();
  expect(await restore(target, folderEvidenceStore(folder()), join(dataDir, 'backup'))).toMatchObject(before);
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

test('what an older gateway has as claimed waits again, in its place in the queue', async () => {
  const { path } = await saved();
  rewrite(path, (lines) =>
    lines.map((line) => {
      if (line.table !== 'alerts') return line;
      const { risk_rank: _, verdict_due_at: __, ...older } = line.row;
      return { table: 'alerts', row: { ...older, state: 'claimed', claimed_by: 'user:ann', claim_until: 9 } };
    }),
  );
  const { store } = await testStore();
  await restore(store, folderEvidenceStore(folder()), path);
  const [alert] = await store.db.selectFrom('alerts').selectAll().execute();
  expect(alert).toMatchObject({ state: 'new', risk_rank: 0 });
  expect(alert?.verdict_due_at).toBe((alert?.created_at ?? 0) + 5 * 60_000);
});

test('a store that is in use is not written over', async () => {
  const { store, path } = await saved();
  await expect(restore(store, folderEvidenceStore(folder()), path)).rejects.toThrow(/the store is not empty/);
});
const rowOf = (lines: readonly Line[], table: string) => lines.find((line) => line.table === table)?.row;
const EVIL = '../../../../precious';

const HOSTILE: readonly [string, (lines: Line[]) => readonly Line[], RegExp][] = [
  [
    'evidence that is named as a path',
    (lines) => [...lines, { table: 'evidence', row: { ...rowOf(lines, 'evidence'), sha256: EVIL } }],
    /evidence\.sha256: is no SHA-256/,
  ],
  [
    'a deletion of a path',
    (lines) => [...lines, { table: 'evidence_deletions', row: { sha256: EVIL, since: 1 } }],
    /evidence_deletions\.sha256: is no SHA-256/,
  ],
  [
    'a photograph that is a path',
    (lines) => [
      ...lines,
      {
        table: 'ticket_photos',
        row: {
          id: 'x',
          ticket_id: 'x',
          assignment_id: 'x',
          step: 'x',
          sha256: EVIL,
          taken_at: 1,
          latitude: null,
          longitude: null,
          accuracy_m: null,
        },
      },
    ],
    /ticket_photos\.sha256: is no SHA-256/,
  ],
  [
    'an inspection whose picture is a path',
    (lines) => [
      ...lines,
      {
        table: 'inspections',
        row: {
          id: 'x',
          ticket_id: 'x',
          state: 'done',
          evidence: JSON.stringify([{ sha256: EVIL }]),
          attempts: 1,
          max_attempts: 1,
          retry_ms: 1,
          requested_at: 1,
          requested_by: 'x',
        },
      },
    ],
    /names a picture that is no SHA-256/,
  ],
  [
    'an unknown column',
    (lines) =>
      lines.with(-1, { ...lines.at(-1), row: { ...lines.at(-1)?.row, 'x"); drop table users; --': 1 } }),
    /has no column/,
  ],
  [
    'an unknown table',
    (lines) => [...lines, { table: 'sqlite_master', row: {} }],
    /unknown table "sqlite_master"/,
  ],
  ['a table of the prototype', (lines) => [...lines, { table: '__proto__', row: {} }], /unknown table/],
  ['a session', (lines) => [...lines, { table: 'sessions', row: {} }], /unknown table "sessions"/],
  [
    'a text in place of a number',
    (lines) => [...lines, { table: 'evidence', row: { ...rowOf(lines, 'evidence'), bytes: '1' } }],
    /evidence\.bytes: is no whole number/,
  ],
  [
    'a number in place of a text',
    (lines) => [...lines, { table: 'evidence', row: { ...rowOf(lines, 'evidence'), content_type: 7 } }],
    /evidence\.content_type: is no text/,
  ],
  [
    'a column that is missing',
    (lines) => [...lines, { table: 'alert_cells', row: {} }],
    /alert_cells\.cell: is missing/,
  ],
  ['a row that is a list', (lines) => [...lines, { table: 'alert_cells', row: [] }], /is no object/],
  [
    'a row twice',
    (lines) => [...lines, lines.findLast(({ table }) => table === 'audit_log') as Line],
    /UNIQUE|duplicate key/,
  ],
  [
    'a broken audit',
    (lines) => lines.filter(({ table, row }) => table !== 'audit_log' || row.seq !== 1),
    /audit is broken at entry 1/,
  ],
  [
    'a picture of another size',
    (lines) => {
      rowOf(lines, 'evidence').bytes = 3;
      return lines;
    },
    /is damaged; its size/,
  ],
];

test.each(HOSTILE)(
  'a backup with %s is refused before anything is kept of it',
  async (_name, edit, reason) => {
    const { path, picture } = await saved();
    rewrite(path, edit);
    const { store } = await testStore();
    const evidence = folderEvidenceStore(folder());
    await expect(restore(store, evidence, path)).rejects.toThrow(reason);
    expect(await evidence.get(sha256(picture))).toBe(null);
    for (const table of ARCHIVED_TABLES)
      expect(await store.db.selectFrom(table).selectAll().execute()).toEqual([]);
  },
);

test.each<[string, (path: string, file: string) => void, RegExp]>([
  ['is altered', (_path, file) => appendFileSync(file, 'x'), /is damaged/],
  ['is altered in place', (_path, file) => writeFileSync(file, 'b picture'), /is damaged; its SHA-256/],
  ['is missing', (_path, file) => rmSync(file), /is missing/],
  [
    'is a link to another file',
    (_path, file) => {
      rmSync(file);
      symlinkSync('/etc/hostname', file);
    },
    /is damaged/,
  ],
])(
  'a backup of which a picture %s is refused, and the good one can be restored afterwards',
  async (_name, damage, reason) => {
    const { path, picture } = await saved();
    const good = join(folder(), 'good');
    cpSync(path, good, { recursive: true });
    const name = sha256(picture);
    damage(path, join(path, 'evidence', name.slice(0, 2), name));
    const { store } = await testStore();
    const evidence = folderEvidenceStore(folder());
    await expect(restore(store, evidence, path)).rejects.toThrow(reason);
    await expect(restore(store, evidence, good)).resolves.toMatchObject({ evidence: 1 });
  },
);

test('a picture that was gone when the backup was made is not missed', async () => {
  const { store, path, evidence, picture } = await saved();
  await evidence.delete(sha256(picture));
  rmSync(path, { recursive: true });
  await backUp(store, evidence, path);
  const target = await testStore();
  expect(await restore(target.store, folderEvidenceStore(folder()), path)).toMatchObject({ evidence: 0 });
});

describe('the seal of a backup', () => {
  const promote = (lines: Line[]) => {
    lines.push({
      table: 'users',
      row: { id: 'x', username: 'evil', password_hash: 'x', role: 'admin', created_at: 1, failed_logins: 0 },
    });
    return lines;
  };

  test('shows that a row was altered where the key is; without it, restoring says that it was not checked', async () => {
    const { store, path } = await saved();
    const { store: fresh } = await testStore();
    expect(await restore(fresh, folderEvidenceStore(folder()), path)).toMatchObject({ sealed: 'unchecked' });
    rewrite(path, promote);
    const { store: target } = await testStore();
    copyFileSync(store.auditKeys.file, target.auditKeys.file);
    await expect(restore(target, folderEvidenceStore(folder()), path)).rejects.toThrow(
      /its seal does not fit/,
    );
  });

  test('cannot be taken off where the key is', async () => {
    const { store, path } = await saved();
    const { store: target } = await testStore();
    copyFileSync(store.auditKeys.file, target.auditKeys.file);
    const file = join(path, STORE_FILE);
    const text = gunzipSync(readFileSync(file)).toString();
    const strip = (change: (text: string) => string) => writeFileSync(file, gzipSync(change(text)));
    strip((whole) => whole.replace(/,"key":"[0-9a-f]+","seal":"[0-9a-f]+"/, ''));
    await expect(restore(target, folderEvidenceStore(folder()), path)).rejects.toThrow(/its seal is missing/);
    strip((whole) => whole.replace('roadwatch-backup/2', 'roadwatch-backup/1'));
    await expect(restore(target, folderEvidenceStore(folder()), path)).rejects.toThrow(/its seal is missing/);
  });

  test('of a lost key does not keep the restored store from going on', async () => {
    const { path, archived } = await saved();
    const { store } = await testStore();
    await restore(store, folderEvidenceStore(folder()), path);
    await store.claimAuditKey();
    await store.transaction(async (tx) =>
      tx.audit({ actor: 'system', channel: 'cli', action: 'exported', subject: 'x' }),
    );
    const verdict = await verifyAudit(store);
    expect(verdict).toMatchObject({ ok: true, unsealed: 0 });
    if (verdict.ok) expect(verdict.unchecked).toBe(verdict.entries - 1);
    expect(archived.rows).toBeGreaterThan(0);
  });
});

test('a backup of a version that did not seal is restored', async () => {
  const { store } = await testStore();
  const path = folder();
  const lines = [
    { format: 'roadwatch-backup/1', at: '2026-01-01T00:00:00.000Z' },
    { table: 'units', row: { id: 'a', name_en: 'A', name_zh: 'A', retired_at: null } },
    { end: 1 },
  ];
  writeFileSync(join(path, STORE_FILE), gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  expect(await restore(store, folderEvidenceStore(folder()), path)).toEqual({
    rows: 1,
    evidence: 0,
    sealed: 'none',
  });
  expect(await store.db.selectFrom('units').selectAll().execute()).toHaveLength(1);
});
