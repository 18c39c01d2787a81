/** The packages of npm that a program runs with on its target: what the lock file says, and nothing of it that only development needs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Product } from '../product.ts';
import type { Target } from '../target.ts';
import type { Entry } from '../tree/entry.ts';
import { readTree } from '../tree/read-tree.ts';
import { isRun } from './prune.ts';

/** Installed into `folder`, which is new. Links to workspaces lead from node_modules out to where their sources lie. */
export function productionPackages(
  root: string,
  folder: string,
  { name }: Product,
  target: Target,
): readonly Entry[] {
  for (const file of ['package.json', 'package-lock.json', '.npmrc', ...manifests(root)]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  const args = [
    ...['ci', '--omit=dev', '--workspace', name, '--ignore-scripts', '--no-audit', '--no-fund'],
    ...['--prefer-offline', '--loglevel=error'],
    ...['--os=linux', `--cpu=${target.cpu}`, '--libc=glibc'],
  ];
  const { status, error, stderr } = spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
  return readTree(join(folder, 'node_modules'), (path) => isRun(path, target));
}

/** npm wants to see every workspace of the lock file. */
function manifests(root: string): readonly string[] {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly workspaces: readonly string[];
  };
  return workspaces.map((workspace) => `${workspace}/package.json`);
}
