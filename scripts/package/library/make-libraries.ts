/** Makes the packages of npm: `npm install roadwatch-contract-0.1.0.tgz roadwatch-simulator-0.1.0.tgz` needs nothing of this checkout. */
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeChecksums } from '../checksums.ts';
import { archive } from '../tree/archive.ts';
import { complete, type Entry, FILE, under } from '../tree/entry.ts';
import { builtFiles, checkWhole } from './built.ts';
import { compile } from './compile.ts';
import { LIBRARIES, type Library } from './libraries.ts';
import { entriesOf, manifestOf } from './manifest.ts';
import { packageReadme } from './readme.ts';

export interface LibraryOrder {
  /** Of the checkout. */
  readonly root: string;
  /** The point in time that every file of the packages has. */
  readonly madeAt: Date;
  /** The folder that the packages are put into. */
  readonly out: string;
}

/** The files, what others depend on first. Throws with what does not compile, or what a package lacks. */
export async function makeLibraries({ root, madeAt, out }: LibraryOrder): Promise<readonly string[]> {
  const work = mkdtempSync(join(tmpdir(), 'roadwatch-library-'));
  try {
    compile(
      root,
      LIBRARIES.flatMap((library) => entriesOf(root, library)),
      work,
    );
    mkdirSync(out, { recursive: true });
    const made: string[] = [];
    for (const library of LIBRARIES) made.push(await write(library, work, { root, madeAt, out }));
    writeChecksums(out);
    return made;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function write(
  library: Library,
  compiled: string,
  { root, madeAt, out }: LibraryOrder,
): Promise<string> {
  const manifest = manifestOf(root, library);
  const files = builtFiles(compiled, library);
  checkWhole(files, manifest);
  const text = (path: string, content: string): Entry => ({ path, kind: 'file', mode: FILE, text: content });
  const entries = complete([
    ...under('dist', files),
    text('package.json', `${JSON.stringify(manifest, null, 2)}\n`),
    text('README.md', packageReadme(readFileSync(join(root, library.name, 'README.md'), 'utf8'), library)),
    { path: 'LICENSE', kind: 'file', mode: FILE, from: join(root, 'LICENSE') },
  ]);
  const to = join(out, `roadwatch-${library.name}-${manifest.version}.tgz`);
  // As `npm pack` does: everything in a folder of this name, and no folders of their own.
  await pipeline(
    archive(
      entries.filter(({ kind }) => kind === 'file'),
      'package',
      madeAt,
    ),
    createGzip(),
    createWriteStream(to),
  );
  return to;
}
