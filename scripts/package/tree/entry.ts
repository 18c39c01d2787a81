/** What lies in a package: a list of files, folders and links, in the order in which every archive has them. */

interface At {
  /** Relative to the root of the package, without `./` and without a slash at its end. */
  readonly path: string;
}

export type Entry = At &
  (
    | { readonly kind: 'folder'; readonly mode: number }
    | { readonly kind: 'link'; readonly to: string }
    | { readonly kind: 'file'; readonly mode: number; readonly from: string }
    | { readonly kind: 'file'; readonly mode: number; readonly text: string }
  );

export const FILE = 0o644;
export const PROGRAM = 0o755;
const FOLDER = 0o755;

/** The same below another folder. */
export function under(folder: string, entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry) => ({ ...entry, path: `${folder}/${entry.path}` }));
}

/**
 * With every folder on the way to them, in an order that depends on the paths alone: the same input gives the same archive.
 * Throws when two lie at the same place.
 */
export function complete(entries: readonly Entry[]): readonly Entry[] {
  const byPath = new Map<string, Entry>();
  for (const entry of entries) {
    const there = byPath.get(entry.path);
    if (there !== undefined && !(there.kind === 'folder' && entry.kind === 'folder'))
      throw new Error(`two entries of the package are called ${entry.path}`);
    byPath.set(entry.path, entry);
  }
  for (const { path } of entries)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (!byPath.has(folder)) byPath.set(folder, { path: folder, kind: 'folder', mode: FOLDER });
    }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
