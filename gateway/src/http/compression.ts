/**
 * What is compressed. Of an answer that has both a secret and a text that somebody else chooses, the length would tell the secret
 * letter by letter (BREACH, CVE-2013-3587). So no answer is compressed but those of routes that say so, and these are lists of what
 * the city sees: no token, password, code or link is in any of them. The stream of events is never: it would wait for more to pack.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

/** For the options of a route; with the plugin's defaults: brotli at 4 or gzip, from 1 kB on. */
export const COMPRESSED = { compress: {} } as const;

const TEXTS = /\.(?:js|css|html|svg|json|webmanifest)$/;
const WORTH_IT_BYTES = 1024;

/** Beside each text of a built console its `.br` and `.gz`, as small as can be, since it is done once. */
export async function precompress(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXTS.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (bytes.length < WORTH_IT_BYTES) continue;
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  }
}
