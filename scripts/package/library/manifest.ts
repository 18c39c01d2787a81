/** The package.json of a library as npm gets it: built files for sources, and ranges of versions that others can share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Library } from './libraries.ts';

/** Language and library of ES2024, and modules that `require` may load. */
const NODE = '>=22.12';
/** What declarations that mention Node are read with; any version that a project has will do. */
const NODE_TYPES = '>=22';

interface Workspace {
  readonly version: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

export function manifestOf(root: string, library: Library): Manifest {
  const own = workspaceOf(root, library.name);
  const dependencies = Object.assign(
    {},
    ...library.inside.map((name) => workspaceOf(root, name).dependencies),
    own.dependencies,
    { '@types/node': NODE_TYPES },
  ) as Record<string, string>;
  for (const name of library.inside) delete dependencies[`@roadwatch/${name}`];
  return {
    name: `@roadwatch/${library.name}`,
    version: own.version,
    ...{ description: own.description, keywords: own.keywords, license: own.license },
    ...{ type: 'module', engines: { node: NODE }, sideEffects: false },
    exports: Object.fromEntries(
      Object.entries(own.exports).map(([path, file]) => [
        path.replace(/\.ts$/, ''),
        { types: built(library, file, '.d.ts'), default: built(library, file, '.js') },
      ]),
    ),
    bin: Object.fromEntries(
      Object.entries(library.commands).map(([name, file]) => [name, built(library, file, '.js')]),
    ),
    files: ['dist'],
    dependencies: Object.fromEntries(
      Object.entries(dependencies)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, version]) => [name, /^\d/.test(version) ? `^${version}` : version]),
    ),
  } as Manifest;
}

/** The sources that everything else of a library is reached from, below the checkout. */
export function entriesOf(root: string, { name, loaded, commands, inside }: Library): readonly string[] {
  const exported = (workspace: string): readonly string[] =>
    Object.values(workspaceOf(root, workspace).exports).map((file) => join(workspace, file));
  return [
    ...exported(name),
    ...[...Object.values(commands), ...loaded].map((file) => join(name, file)),
    // The compiler takes another workspace for a package that somebody else builds.
    ...inside.flatMap(exported),
  ];
}

function built({ sources }: Library, file: string, extension: string): string {
  const below = file.replace(/^\.\//, '').replace(sources === '.' ? '' : `${sources}/`, '');
  return `./dist/${below.replace(/\.ts$/, extension)}`;
}

function workspaceOf(root: string, name: string): Workspace {
  return JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')) as Workspace;
}
