/** What the desk loads before an operator can judge: the start page and what it names, as a gateway sends it compressed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildConsole } from '../../gateway/src/http/console-build.ts';

export async function deskKib(): Promise<number> {
  const folder = await buildConsole();
  const page = readFileSync(join(folder, 'index.html'));
  const named = [...page.toString().matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(
    ([, name]) => name,
  );
  const files = [page, ...named.map((name) => readFileSync(join(folder, name as string)))];
  return files.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0) / 1024;
}
