/** Rendered clips on disk: what took long to render is rendered once. Bounded; the longest unused go first. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** Bytes that the folder may hold. */
const MAX_CACHE_BYTES = 1024 * 1024 * 1024;
const SUFFIX = '.clip';

/** In the user's cache folder (XDG Base Directory Specification). */
export function defaultCacheDir(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'roadwatch', 'simulator');
}

/**
 * The value of a key, from the folder or by making it.
 * @param key everything that the value depends on, the version of its maker included
 * @param make a value of plain data and bytes
 */
export async function cached<T>(dir: string | null, key: unknown, make: () => Promise<T>): Promise<T> {
  if (dir === null) return make();
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 40);
  const file = join(dir, name + SUFFIX);
  const found = await read(file);
  if (found !== null) return found as T;
  const value = await make();
  await write(dir, file, value);
  return value;
}

async function read(file: string): Promise<unknown> {
  try {
    const bytes = await readFile(file);
    const now = new Date();
    await utimes(file, now, now);
    return deserialize(bytes);
  } catch {
    // Absent, or cut short by a full disk: made again.
    return null;
  }
}

async function write(dir: string, file: string, value: unknown): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const bytes = serialize(value);
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
