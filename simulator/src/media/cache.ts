/** Clips on disk: what took long to render is rendered once. Bounded; the longest unused go first. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { AccessUnit, Clip } from './clip.ts';

/** Bytes that the folder may hold. */
const MAX_CACHE_BYTES = 1024 * 1024 * 1024;
const SUFFIX = '.clip';

/** One folder for each user: nobody else's files are read from a shared temporary folder. */
export function defaultCacheDir(): string {
  return join(tmpdir(), `roadwatch-simulator-${process.getuid?.() ?? 'cache'}`);
}

/**
 * The clip of a key, from the folder or by making it.
 * @param key everything that the clip depends on, the version of its maker included
 */
export async function cachedClip(dir: string | null, key: unknown, make: () => Promise<Clip>): Promise<Clip> {
  if (dir === null) return make();
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 40);
  const file = join(dir, name + SUFFIX);
  const found = await readClip(file);
  if (found !== null) return found;
  const clip = await make();
  await writeClip(dir, file, clip);
  return clip;
}

async function readClip(file: string): Promise<Clip | null> {
  try {
    const bytes = await readFile(file);
    const now = new Date();
    await utimes(file, now, now);
    return withBuffers(deserialize(bytes) as Clip);
  } catch {
    // Absent, or cut short by a full disk: made again.
    return null;
  }
}

async function writeClip(dir: string, file: string, clip: Clip): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const bytes = serialize(clip);
  await makeRoom(dir, bytes.length);
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, bytes, { mode: 0o600 });
  await rename(draft, file);
}

async function makeRoom(dir: string, bytes: number): Promise<void> {
  const entries = [];
  for (const name of await readdir(dir)) {
    if (!name.includes(SUFFIX)) continue;
    const path = join(dir, name);
    const info = await stat(path).catch(() => null);
    if (info) entries.push({ path, bytes: info.size, usedAt: info.mtimeMs });
  }
  entries.sort((a, b) => b.usedAt - a.usedAt);
  let total = bytes;
  for (const entry of entries) {
    total += entry.bytes;
    if (total > MAX_CACHE_BYTES) await rm(entry.path, { force: true });
  }
}

/** Structured clones of buffers come back as plain byte arrays. */
function withBuffers(clip: Clip): Clip {
  const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = clip.units.map((unit): AccessUnit => ({ ...unit, nals: unit.nals.map(buffer) }));
  return { ...clip, units, parameterSets: clip.parameterSets.map(buffer) };
}
