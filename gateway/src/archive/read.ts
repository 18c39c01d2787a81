/** Reads the rows of a backup and checks each, its number, its digest and its seal: whoever gave it to us may have altered it. */
import { createHash } from 'node:crypto';
import { type AuditKey, macOf } from '../store/audit/key-ring.ts';
import { ARCHIVED_TABLES, type ArchivedTable, FORMAT, sealedText } from './backup.ts';
import { linesOf } from './lines.ts';
import type { Row, RowCheck } from './row-shape.ts';

/** Of gateways that did not seal their backups. */
const OLD_FORMAT = 'roadwatch-backup/1';
const BATCH = 200;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

export interface ReadBackup {
  readonly rows: number;
  /** Of the rows; null in a backup of a version that did not write it. */
  readonly sha256: string | null;
  /** Pieces of evidence that were not there any more when the backup was made; null when that is not known. */
  readonly absent: ReadonlySet<string> | null;
  /** The key that it is sealed with, if it is. */
  readonly key: string | null;
  readonly sealed: 'checked' | 'unchecked' | 'none';
}

/** Calls `take` for rows of one table at a time. Throws one sentence for whatever is wrong. */
export async function readBackup(
  file: string,
  check: RowCheck,
  keys: readonly AuditKey[],
  take: (table: ArchivedTable, rows: readonly Row[]) => Promise<void>,
): Promise<ReadBackup> {
  const digest = createHash('sha256');
  let format: unknown;
  let table: ArchivedTable | null = null;
  let batch: Row[] = [];
  let rows = 0;
  let end: Row | null = null;
  const flush = async (): Promise<void> => {
    if (table !== null && batch.length > 0) await take(table, batch);
    batch = [];
  };
  for await (const bytes of linesOf(file)) {
    if (end !== null) throw new Error(`${file}: goes on after its end`);
    const line = parse(bytes, file);
    if (format === undefined) {
      format = line.format;
      if (format !== FORMAT && format !== OLD_FORMAT)
        throw new Error(`${file}: not a backup of this version (${FORMAT})`);
    } else if (line.end !== undefined) {
      end = line;
      continue;
    } else {
      const { name, row } = rowOf(line, file);
      const problem = check(name, row);
      if (problem !== null) throw new Error(`${file}: ${problem}`);
      if (name !== table || batch.length === BATCH) await flush();
      table = name;
      batch.push(row);
      rows++;
    }
    digest.update(bytes).update('\n');
  }
  await flush();
  if (end === null || end.end !== rows) throw new Error(`${file}: is incomplete`);
  if (format === OLD_FORMAT) return { rows, sha256: null, absent: null, key: null, sealed: 'none' };
  const sha256 = digest.digest('hex');
  if (end.sha256 !== sha256) throw new Error(`${file}: has been altered; its digest does not fit`);
  return { rows, sha256, ...sealOf(end, sha256, keys, file) };
}

function sealOf(end: Row, sha256: string, keys: readonly AuditKey[], file: string) {
  const { key, seal, absent } = end;
  if (!Array.isArray(absent) || !absent.every((name) => typeof name === 'string'))
    throw new Error(`${file}: does not say which pictures it lacks`);
  const lacking: ReadonlySet<string> = new Set(absent);
  if (typeof key !== 'string') return { absent: lacking, key: null, sealed: 'none' } as const;
  const ours = keys.find(({ id }) => id === key);
  if (ours === undefined) return { absent: lacking, key, sealed: 'unchecked' } as const;
  if (seal !== macOf(ours, sealedText(sha256, absent)))
    throw new Error(`${file}: has been altered; its seal does not fit`);
  return { absent: lacking, key, sealed: 'checked' } as const;
}

function parse(bytes: Buffer, file: string): Row {
  let line: unknown;
  try {
    line = JSON.parse(UTF8.decode(bytes));
  } catch {
    throw new Error(`${file}: has a line that is not JSON`);
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line))
    throw new Error(`${file}: has a line that is no object`);
  return line as Row;
}

function rowOf({ table, row }: Row, file: string): { readonly name: ArchivedTable; readonly row: Row } {
  const name = ARCHIVED_TABLES.find((known) => known === table);
  if (name === undefined) throw new Error(`${file}: unknown table ${JSON.stringify(table)?.slice(0, 60)}`);
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw new Error(`${file}: ${name}: has a row that is no object`);
  return { name, row: row as Row };
}
