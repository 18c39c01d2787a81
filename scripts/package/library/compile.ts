/** TypeScript to JavaScript and declarations, by the compiler and the strictness of this checkout. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `entries`: files below `root`. Into `folder` go they and all that they import of this checkout, each where it lies below `root`.
 * Throws with what the compiler says.
 */
export function compile(root: string, entries: readonly string[], folder: string): void {
  const project = join(folder, 'tsconfig.json');
  const options = {
    ...{ noEmit: false, declaration: true, rewriteRelativeImportExtensions: true },
    ...{ rootDir: root, outDir: folder, typeRoots: [join(root, 'node_modules/@types')] },
  };
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: options,
    files: entries.map((entry) => join(root, entry)),
    include: [],
  };
  writeFileSync(project, JSON.stringify(config));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout, error } = spawnSync(process.execPath, [compiler, '--project', project], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tsc: ${error?.message ?? stdout.trim()}`);
}
