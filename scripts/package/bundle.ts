/** The archive for machines without internet: a folder with what is installed, how to do so, and what each file has to be. */
import { createWriteStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sha256 } from './checksums.ts';
import { archive } from './tree/archive.ts';
import { complete, type Entry, FILE, PROGRAM, under } from './tree/entry.ts';

/** Below this are the files as they come to lie on the machine. */
const FILES = 'files';

/** As gzip, which every machine unpacks, at the cost of some size beside the Debian package. */
export async function writeBundle(
  to: string,
  name: string,
  installed: readonly Entry[],
  installScript: string,
  madeAt: Date,
): Promise<void> {
  const files = under(FILES, installed);
  const entries = complete([
    ...files,
    { path: 'install.sh', kind: 'file', mode: PROGRAM, text: installScript },
    { path: 'FILES.sha256', kind: 'file', mode: FILE, text: sums(files) },
  ]);
  await pipeline(archive(entries, name, madeAt), createGzip(), createWriteStream(to));
}

function sums(entries: readonly Entry[]): string {
  return entries
    .flatMap((entry) => {
      if (entry.kind !== 'file') return [];
      return [`${sha256('text' in entry ? entry.text : readFileSync(entry.from))}  ${entry.path}\n`];
    })
    .join('');
}
