/** A small file that is there whole or as it was before, also when power fails. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** For its owner alone. Returns once it will survive a loss of power. Throws what the system says, and then nothing has changed. */
export function writeWhole(path: string, text: string): void {
  makeFolder(dirname(path));
  const temporary = `${path}.part`;
  writeFileSync(temporary, text, { mode: 0o600, flush: true });
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** A rename is durable only once its folder is (fsync(2)). */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
