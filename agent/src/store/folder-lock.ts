/**
 * One agent to a data folder: two would take each other's ring and outbox for their own. The lock is SQLite's on a file of its own,
 * which the system lets go of with the process, however that ends.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from '@roadwatch/common';
import { makeFolder } from '../disk/make-folder.ts';

/** Held until the returned function is called. Throws one sentence when another agent has the folder, else what the disk says. */
export function lockFolder(dataDir: string): () => void {
  makeFolder(dataDir);
  const file = join(dataDir, 'agent.lock');
  makePrivate(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // A journal on disk would need room there.
    database.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    // SQLITE_BUSY
    if ((error as Error & { errcode?: number }).errcode !== 5) throw error;
    throw new Error(`${dataDir}: another agent runs with this data folder; each needs one of its own`);
  }
  return () => database.close();
}
