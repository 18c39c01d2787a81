/** Where pictures and clips are kept, each under its own SHA-256, so that what is stored twice is stored once; and a folder for it. */
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { newId } from '@roadwatch/contract';

/** Both ends belong to it; within the length of what is stored. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface StoredEvidence {
  readonly bytes: number;
  /** Destroy what is not read to its end. */
  open(range?: ByteRange): Readable;
}

/** The store cannot be reached, or refuses us: what was asked for may succeed later. */
export class EvidenceUnavailable extends Error {
  override readonly name = 'EvidenceUnavailable';
  readonly statusCode = 503;
}

export interface EvidenceStore {
  /** Resolves once the bytes will survive a loss of power. Storing what is there already changes nothing. */
  put(sha256: string, bytes: Uint8Array): Promise<void>;
  /** Null when it is not there. */
  get(sha256: string): Promise<StoredEvidence | null>;
  delete(sha256: string): Promise<void>;
}

const NAME = /^[0-9a-f]{64}$/;

/** Where it lies in the folder or bucket. Throws for what is no SHA-256: names become paths, so nothing else may stand in one. */
export function placeOf(sha256: string): string {
  if (!NAME.test(sha256)) throw new TypeError(`evidence: ${JSON.stringify(sha256)} is no SHA-256`);
  return `${sha256.slice(0, 2)}/${sha256}`;
}

export function folderEvidenceStore(dir: string): EvidenceStore {
  const pathOf = (sha256: string): string => join(dir, placeOf(sha256));
  return {
    async put(sha256, bytes) {
      const path = pathOf(sha256);
      if ((await sizeOf(path)) === bytes.length) return;
      const folder = join(dir, sha256.slice(0, 2));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = join(folder, `.${newId()}.part`);
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await syncFolder(folder);
    },
    async get(sha256) {
      const bytes = await sizeOf(pathOf(sha256));
      return bytes === null ? null : { bytes, open: (range) => createReadStream(pathOf(sha256), range) };
    },
    delete: async (sha256) => rm(pathOf(sha256), { force: true }),
  };
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A rename is durable only once its folder is (fsync(2)). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What the first bytes say it is: JPEG (ISO 10918-1, SOI) or MP4 (ISO 14496-12, `ftyp` box); null for anything else. */
export function contentTypeOf(bytes: Uint8Array): 'image/jpeg' | 'video/mp4' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  return Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ftyp' ? 'video/mp4' : null;
}
