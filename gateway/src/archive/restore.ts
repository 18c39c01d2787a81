/**
 * A backup into an empty store: all of it or, when anything is wrong with it, nothing. It is read twice: the first time nothing is
 * written, so that a damaged one leaves the store as empty as it was.
 */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import { keepNextDeadlines } from '../clocks/next-deadline.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import { COUNTER } from '../store/audit/chain.ts';
import { verifyAudit } from '../store/audit/verify.ts';
import type { Store, Tx } from '../store/database.ts';
import { bringIntoQueue } from '../store/migrations/0024-queue-and-leases.ts';
import { ARCHIVED_TABLES, type Archived, EVIDENCE_FOLDER, STORE_FILE } from './backup.ts';
import { type ReadBackup, readBackup } from './read.ts';
import { type RowCheck, rowCheck } from './row-shape.ts';

export interface Restored extends Archived {
  /** Whether the seal was checked; `unchecked` when its key is not here, `none` when there is none. */
  readonly sealed: ReadBackup['sealed'];
}

interface Piece {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Throws one sentence when the store is not empty, or the backup is damaged, incomplete, altered or of another format. Where the
 * store has the key of an audit, a backup of a sealed store must be sealed with it.
 */
export async function restore(store: Store, evidence: EvidenceStore, folder: string): Promise<Restored> {
  await store.transaction(mustBeEmpty);
  const file = join(folder, STORE_FILE);
  const check = await rowCheck(store.db);
  const { backup, pieces } = await inspect(store, file, check);
  const there: Piece[] = [];
  for (const piece of pieces) if (await isSound(folder, piece, backup)) there.push(piece);

  const added: string[] = [];
  try {
    for (const { name } of there) {
      if ((await evidence.get(name)) !== null) continue;
      added.push(name);
      await evidence.put(name, await readPiece(folder, name));
    }
    await store.transaction((tx) => fill(tx, file, check, backup));
  } catch (error) {
    for (const name of added) await evidence.delete(name).catch(() => {});
    throw error;
  }
  await succeedLostKey(store, backup);
  return { rows: backup.rows, evidence: there.length, sealed: backup.sealed };
}

/** Everything that can be known of the backup without writing. */
async function inspect(store: Store, file: string, check: RowCheck) {
  const { keys, file: keyFile } = store.auditKeys;
  const pieces: Piece[] = [];
  let isSealedStore = false;
  const backup = await readBackup(file, check, keys, async (table, rows) => {
    if (table === 'audit_keys') isSealedStore = true;
    if (table === 'evidence')
      for (const { sha256: name, bytes } of rows)
        pieces.push({ name: name as string, bytes: bytes as number });
  });
  if (isSealedStore && keys.length > 0 && backup.sealed !== 'checked')
    throw new Error(
      backup.key === null
        ? `${file}: has been altered; its seal is missing`
        : `${file}: is sealed with the key ${backup.key}, which is not in ${keyFile}: put it there, or restore into a new dataDir`,
    );
  return { backup, pieces };
}

/** False for a piece that was gone already when the backup was made. */
async function isSound(folder: string, { name, bytes }: Piece, { absent }: ReadBackup): Promise<boolean> {
  const path = pathOf(folder, name);
  const found = await lstat(path).catch(() => null);
  if (found === null) {
    if (absent === null || absent.has(name)) return false;
    throw new Error(`${path}: is missing`);
  }
  if (!found.isFile() || found.size !== bytes)
    throw new Error(`${path}: is damaged; its size is not ${bytes}`);
  await readPiece(folder, name);
  return true;
}

async function readPiece(folder: string, name: string): Promise<Buffer> {
  const path = pathOf(folder, name);
  const content = await readFile(path);
  if (sha256(content) !== name) throw new Error(`${path}: is damaged; its SHA-256 is not its name`);
  return content;
}

function pathOf(folder: string, name: string): string {
  return join(folder, EVIDENCE_FOLDER, name.slice(0, 2), name);
}

async function fill(tx: Tx, file: string, check: RowCheck, inspected: ReadBackup): Promise<void> {
  await mustBeEmpty(tx);
  const again = await readBackup(file, check, tx.auditKeys.keys, async (table, rows) => {
    await tx.db
      .insertInto(table)
      .values(rows as never)
      .execute();
  });
  await bringIntoQueue(tx.db as unknown as Kysely<unknown>);
  if (again.rows !== inspected.rows || again.sha256 !== inspected.sha256)
    throw new Error(`${file}: has changed while it was read`);
  await keepNextDeadlines(tx);
  const verdict = await verifyAudit(tx);
  if (!verdict.ok) throw new Error(`the backup's audit is broken at entry ${verdict.seq}: ${verdict.reason}`);
}

/** Without the key that sealed it the audit goes on under a new one; else no gateway would start on this store. */
async function succeedLostKey(store: Store, { sealed }: ReadBackup): Promise<void> {
  const { auditKeys } = store;
  if (sealed !== 'unchecked' || !auditKeys.mayMake || auditKeys.keys.length > 0) return;
  const counted = store.db.selectFrom('counters').select('value').where('name', '=', COUNTER);
  auditKeys.add(((await counted.executeTakeFirst())?.value ?? 0) + 1);
}

async function mustBeEmpty(tx: Tx): Promise<void> {
  for (const table of ARCHIVED_TABLES) {
    const row = await tx.db.selectFrom(table).selectAll().limit(1).executeTakeFirst();
    if (row !== undefined) throw new Error('the store is not empty; restore into a new dataDir or database');
  }
}
