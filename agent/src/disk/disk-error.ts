/** What the disk has against being written, told from mistakes in what was to be written, in words that name the folder. */
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '@roadwatch/common';
import { makeFolder } from './make-folder.ts';

export type DiskErrorKind = 'full' | 'unwritable';

/** Of files: no room, a quota, a limit on the size of files. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const UNWRITABLE = new Set([
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'ENXIO',
  'ENODEV',
  'ENOENT',
  'ESTALE',
  'EMFILE',
]);
/** Primary result codes of SQLite (sqlite.org/rescode.html): FULL, and PERM, READONLY, IOERR, CANTOPEN. */
const SQLITE_FULL = 13;
const SQLITE_UNWRITABLE = new Set([3, 8, 10, 14]);

/** Null for an error that would come again with the same input on any disk. */
export function diskErrorOf(error: unknown): DiskErrorKind | null {
  if (!(error instanceof Error)) return null;
  const { code, errcode } = error as Error & { readonly code?: unknown; readonly errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') {
    // Extended codes have the primary one in their low byte.
    const primary = errcode & 0xff;
    return primary === SQLITE_FULL ? 'full' : SQLITE_UNWRITABLE.has(primary) ? 'unwritable' : null;
  }
  return diskErrorOfCode(systemCode(error));
}

/** Of the name of a system's error. */
export function diskErrorOfCode(code: string | null): DiskErrorKind | null {
  if (code === null) return null;
  return FULL.has(code) ? 'full' : UNWRITABLE.has(code) ? 'unwritable' : null;
}

/** CORRUPT and NOTADB: what is in the file is not what was written. */
export function isDamage(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: unknown };
  const primary = code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : 0;
  return primary === 11 || primary === 26;
}

export interface Room {
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Files that may still be made; null where the file system does not count them. */
  readonly freeFiles: number | null;
}

/** Of the disk that a folder is on, as this user may use it; null where that cannot be found out. */
export function roomIn(folder: string): Room | null {
  try {
    const { bavail, bsize, blocks, files, ffree } = statfsSync(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeFiles: files === 0 ? null : ffree };
  } catch {
    return null;
  }
}

const PROBE_BYTES = 64 * 1024;

/** What the system says when the folder is made, where it is missing, and something is written there; null when both can be. */
export function writeProblem(folder: string): string | null {
  const file = join(folder, 'roadwatch-probe');
  try {
    makeFolder(folder);
    const opened = openSync(file, 'w', 0o600);
    try {
      for (let left = PROBE_BYTES; left > 0; ) left -= writeSync(opened, Buffer.alloc(left, 0x5a));
    } finally {
      closeSync(opened);
      rmSync(file, { force: true });
    }
    return null;
  } catch (error) {
    return systemCode(error) ?? (error as Error).message;
  }
}

/** `the disk of /var/lib/roadwatch is full: 0.0 of 40.0 MB are free`. */
export function diskSentence(folder: string, kind: DiskErrorKind, said: string): string {
  const room = roomIn(folder);
  if (kind === 'unwritable') return `${folder} cannot be written (${said})`;
  if (room === null) return `the disk of ${folder} is full (${said})`;
  const { freeBytes, totalBytes, freeFiles } = room;
  if (freeFiles === 0) return `the disk of ${folder} is full: it holds as many files as it can (inodes)`;
  const free = `${megabytes(freeBytes)} of ${megabytes(totalBytes)} MB are free`;
  const why = said === 'ENOSPC' || said === '' ? '' : ` (${said})`;
  return `the disk of ${folder} is full: ${free}${why}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
