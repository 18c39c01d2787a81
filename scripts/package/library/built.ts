/**
 * What the compiler has made, as it lies in a package: what names a file of this checkout names one of the package instead. And
 * whether all that is named is there, for nothing else would tell before somebody installs it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { type Entry, FILE, PROGRAM } from '../tree/entry.ts';
import { readTree } from '../tree/read-tree.ts';
import type { Library } from './libraries.ts';
import type { Manifest } from './manifest.ts';

type BuiltFile = Entry & { readonly kind: 'file'; readonly text: string };

/** `compiled`: as `compile` has left it. The entries are those of `dist`. */
export function builtFiles(compiled: string, library: Library): readonly BuiltFile[] {
  const own = join(library.name, library.sources);
  const from = (folder: string, at: string): readonly BuiltFile[] =>
    readTree(join(compiled, folder), (path) => /\.(?:js|d\.ts)$/.test(path)).map(({ path }) => {
      const text = readFileSync(join(compiled, folder, path), 'utf8');
      const place = join(at, path);
      const isCommand = Object.values(library.commands).includes(
        join(library.sources, path.replace(/\.js$/, '.ts')),
      );
      return {
        path: place,
        kind: 'file',
        mode: isCommand ? PROGRAM : FILE,
        text: (isCommand ? '#!/usr/bin/env node\n' : '') + readdressed(text, place, library),
      };
    });
  return [...from(own, '.'), ...library.inside.flatMap((name) => from(name, name))];
}

/** An import or export of another module; in declarations also as `import("x").Y`. */
const SPECIFIER = /(\bfrom |\bimport |\bimport\()(['"])([^'"\n]+)\2/g;
/** A file that a thread runs. */
const FILE_URL = /(new URL\()(['"])(\.[^'"\n]+)\2/g;

function readdressed(text: string, place: string, library: Library): string {
  const address = (specifier: string): string => {
    const inside = library.inside.find((name) => specifier === `@roadwatch/${name}`);
    if (inside === undefined) return specifier.replace(/^(\..*)\.ts$/, '$1.js');
    const path = relative(dirname(place), `${inside}/index.js`);
    return path.startsWith('.') ? path : `./${path}`;
  };
  const named = [SPECIFIER, FILE_URL].reduce(
    (before, pattern) =>
      before.replace(pattern, (_, head, quote, name) => `${head}${quote}${address(name)}${quote}`),
    text,
  );
  // Compilers read Node's types only where they are asked to.
  const needsNode = place.endsWith('.d.ts') && /['"]node:|\bBuffer\b|\bNodeJS\./.test(named);
  return needsNode ? `/// <reference types="node" />\n${named}` : named;
}

/** Throws with what a package names and does not have, or has and does not name. */
export function checkWhole(files: readonly BuiltFile[], { exports, bin, dependencies }: Manifest): void {
  const paths = new Set(files.map(({ path }) => `./dist/${path}`));
  const wanted = new Set(['@types/node']);
  const missing = [...Object.values(exports).flatMap(({ types, default: file }) => [types, file])]
    .concat(Object.values(bin))
    .filter((path) => !paths.has(path));
  for (const { path, text } of files)
    for (const [, , , name = ''] of [...text.matchAll(SPECIFIER), ...text.matchAll(FILE_URL)]) {
      if (name.startsWith('node:')) continue;
      if (!name.startsWith('.')) {
        wanted.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] as string);
        continue;
      }
      const target = `./${join('dist', dirname(path), name)}`;
      if (!paths.has(target) && target !== './package.json') missing.push(`${name} of ${path}`);
    }
  for (const name of wanted) if (!(name in dependencies)) missing.push(`${name} among the dependencies`);
  if (missing.length > 0) throw new Error(`the package lacks ${missing.join(', ')}`);
  const idle = Object.keys(dependencies).filter((name) => !wanted.has(name));
  if (idle.length > 0) throw new Error(`nothing in the package needs ${idle.join(', ')}`);
}
