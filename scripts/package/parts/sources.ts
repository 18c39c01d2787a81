/**
 * The project's own files. Node runs TypeScript as it is, but not below node_modules; so the workspaces lie beside it as they do in
 * the repository, and the links in node_modules/@roadwatch lead to them.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, FILE, under } from '../tree/entry.ts';
import { readTree } from '../tree/read-tree.ts';

const NOT_SHIPPED_FOLDERS = new Set(['testing', 'tests', 'training', 'node_modules', 'dist', 'console']);
const NOT_SHIPPED =
  /\.test\.tsx?$|^print-schemas\.ts$|^README\.md$|\.(?:pyc|png)$|^(?:training|thresholds)\.json$/;

/** `paths`: files and folders of the repository. */
export function sources(root: string, paths: readonly string[]): readonly Entry[] {
  return paths.flatMap((path): readonly Entry[] => {
    const from = join(root, path);
    if (!existsSync(from)) throw new Error(`${path} of the package is not there`);
    return statSync(from).isDirectory()
      ? under(path, readTree(from, isShipped))
      : [{ path, kind: 'file', mode: FILE, from }];
  });
}

function isShipped(path: string): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) as string;
  return !NOT_SHIPPED.test(name) && !parts.slice(0, -1).some((part) => NOT_SHIPPED_FOLDERS.has(part));
}
