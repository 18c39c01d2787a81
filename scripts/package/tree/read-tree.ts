/** Reads a folder of this machine into the entries of a package. */
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, FILE, PROGRAM } from './entry.ts';

/**
 * `keep` is asked for each file and link, by its path below `folder`; a folder of which nothing is kept is left out. Links stay links:
 * what they lead to is not read (`recursive` of readdir does so).
 */
export function readTree(folder: string, keep: (path: string) => boolean = () => true): readonly Entry[] {
  const read = (below: string): readonly Entry[] =>
    readdirSync(join(folder, below), { withFileTypes: true }).flatMap((found): readonly Entry[] => {
      const path = below === '' ? found.name : `${below}/${found.name}`;
      const from = join(folder, path);
      if (found.isDirectory()) return read(path);
      if (!keep(path)) return [];
      if (found.isSymbolicLink()) return [{ path, kind: 'link', to: readlinkSync(from) }];
      // Of the mode only what means something, so that the umask of whoever builds does not.
      const mode = (statSync(from).mode & 0o100) === 0 ? FILE : PROGRAM;
      return [{ path, kind: 'file', mode, from }];
    });
  return read('');
}
