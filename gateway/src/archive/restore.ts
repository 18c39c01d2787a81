/** A backup into an empty store: all of it or, when anything is wrong with it, nothing. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { sha256 } from '@roadwatch/contract';
import { verifyAudit } from '../audit/verify.ts';
import type { EvidenceStore } from '../ingest/evidence-store.ts';
import type { Store, Tx } from '../store/database.ts';
import {
  ARCHIVED_TABLES,
  type Archived,
  type ArchivedTable,
  EVIDENCE_FOLDER,
  FORMAT,
  STORE_FILE,
} from './backup.ts';

const BATCH = 200;

/** Throws one sentence when the store is not empty, or the backup is damaged, incomplete or of another format. */
export async function restore(store: Store, evidence: EvidenceStore, folder: string): Promise<Archived> {
  const names: string[] = [];
  const rows = await store.transaction(async (tx) => {
    await mustBeEmpty(tx);
    names.length = 0;
    const restored = await readRows(join(folder, STORE_FILE), async (table, batch) => {
      await tx.db
        .insertInto(table)
        .values(batch as never)
        .execute();
      if (table === 'evidence') names.push(...batch.map((row) => String(row.sha256)));
    });
    const verdict = await verifyAudit(tx);
    if (!verdict.ok)
      throw new Error(`the backup's audit is broken at entry ${verdict.seq}: ${verdict.reason}`);
    return restored;
  });
  let copied = 0;
  for (const name of names) {
    const path = join(folder, EVIDENCE_FOLDER, name.slice(0, 2), name);
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) continue;
    if (sha256(bytes) !== name) throw new Error(`${path}: is damaged; its SHA-256 is not its name`);
    await evidence.put(name, bytes);
    copied++;
  }
  return { rows, evidence: copied };
}

async function mustBeEmpty(tx: Tx): Promise<void> {
  for (const table of ['users', 'agents', 'detections', 'audit_log'] as const) {
    const row = await tx.db.selectFrom(table).selectAll().limit(1).executeTakeFirst();
    if (row !== undefined) throw new Error('the store is not empty; restore into a new dataDir or database');
  }
}

type Row = Readonly<Record<string, unknown>>;

async function readRows(
  file: string,
  insert: (table: ArchivedTable, rows: readonly Row[]) => Promise<void>,
): Promise<number> {
  let table: ArchivedTable | null = null;
  let batch: Row[] = [];
  let rows = 0;
  let end: number | null = null;
  let first = true;
  const flush = async (): Promise<void> => {
    if (table !== null && batch.length > 0) await insert(table, batch);
    batch = [];
  };
  const source = createReadStream(file);
  const input = createGunzip();
  source.on('error', (error) => input.destroy(error)).pipe(input);
  const lines = createInterface({ input, crlfDelay: Infinity });
  for await (const text of lines) {
    const line = JSON.parse(text) as { format?: string; table?: ArchivedTable; row?: Row; end?: number };
    if (first && line.format !== FORMAT) throw new Error(`${file}: not a backup of this version (${FORMAT})`);
    first = false;
    if (line.end !== undefined) end = line.end;
    if (line.table === undefined || line.row === undefined) continue;
    if (!ARCHIVED_TABLES.includes(line.table)) throw new Error(`${file}: unknown table ${line.table}`);
    if (line.table !== table || batch.length === BATCH) await flush();
    table = line.table;
    batch.push(line.row);
    rows++;
  }
  await flush();
  if (end !== rows) throw new Error(`${file}: is incomplete`);
  return rows;
}
