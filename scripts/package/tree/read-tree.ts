/** Reads a folder of this machine into the entries of a package. */
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, FILE, PROGRAM } from './entry.ts';

/** `keep` is asked for each file and link, by its path below `folder`; a folder of which nothing is kept is left out. */
export function readTree(folder: string, keep: (path: string) => boolean = () => true): readonly Entry[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((found): Entry[] => {
    const from = join(found.parentPath, found.name);
    const path = from.slice(folder.length + 1);
    if (found.isDirectory() || !keep(path)) return [];
    if (found.isSymbolicLink()) return [{ path, kind: 'link', to: readlinkSync(from) }];
    // Of the mode only what means something, so that the umask of whoever builds does not.
    const mode = (statSync(from).mode & 0o100) === 0 ? FILE : PROGRAM;
    return [{ path, kind: 'file', mode, from }];
  });
}
