/** A Debian package (deb(5)): who it is, what dpkg runs, and its files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { archive } from '../tree/archive.ts';
import { complete, type Entry, FILE, PROGRAM } from '../tree/entry.ts';
import { ar } from './ar.ts';

export interface DebianScripts {
  readonly postinst: string;
  readonly prerm: string;
  readonly postrm: string;
}

/** The next 10 levels take ten times as long for 6 % less. */
const ZSTD_LEVEL = 9;

/**
 * Packed by the pinned Node, not by the machine's own zstd, so that the bytes are the same on every machine. dpkg reads zstd since
 * 1.21.18: Debian 12, Ubuntu 18.04 and later.
 */
export async function deb(
  files: readonly Entry[],
  settings: readonly string[],
  controlFile: string,
  scripts: DebianScripts,
  madeAt: Date,
): Promise<Buffer> {
  const members = complete([
    { path: 'control', kind: 'file', mode: FILE, text: controlFile },
    { path: 'conffiles', kind: 'file', mode: FILE, text: settings.map((path) => `/${path}\n`).join('') },
    { path: 'md5sums', kind: 'file', mode: FILE, text: md5sums(files) },
    ...Object.entries(scripts).map(
      ([path, text]): Entry => ({ path, kind: 'file', mode: PROGRAM, text: text as string }),
    ),
  ]);
  const zstd = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  const data = await pipeline(archive(files, '.', madeAt), zstd, (packed) => buffer(packed));
  const gzip = createGzip({ level: 9 });
  const control = await pipeline(archive(members, '.', madeAt), gzip, (packed) => buffer(packed));
  return ar(
    [
      { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
      { name: 'control.tar.gz', bytes: control },
      { name: 'data.tar.zst', bytes: data },
    ],
    madeAt,
  );
}

/** `dpkg --verify` reads it; MD5 is what it knows. */
function md5sums(files: readonly Entry[]): string {
  return files
    .flatMap((entry) => {
      if (entry.kind !== 'file') return [];
      const bytes = 'text' in entry ? entry.text : readFileSync(entry.from);
      return [`${createHash('md5').update(bytes).digest('hex')}  ${entry.path}\n`];
    })
    .join('');
}
