/** Node itself: from the npm package of the target's platform, held against its pin, without what only debuggers read. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../target.ts';
import { type Entry, FILE, PROGRAM } from '../tree/entry.ts';
import { slimElf } from './slim-elf.ts';

/** Fetched into `folder`, which is new. */
export function nodeRuntime(folder: string, { name, node }: Target): readonly Entry[] {
  const spec = `node-${name}@${node.version}`;
  run('npm', ['pack', spec, '--silent', '--prefer-offline', '--pack-destination', folder]);
  const [packed] = readdirSync(folder);
  if (packed === undefined) throw new Error(`npm pack ${spec} has left no file`);
  checkIntegrity(spec, readFileSync(join(folder, packed)), node.integrity);
  run('tar', ['-xzf', join(folder, packed), '-C', folder, 'package/bin/node', 'package/LICENSE']);
  const program = join(folder, 'node');
  writeFileSync(program, slimElf(readFileSync(join(folder, 'package/bin/node'))));
  return [
    { path: 'bin/node', kind: 'file', mode: PROGRAM, from: program },
    { path: 'bin/LICENSE.node', kind: 'file', mode: FILE, from: join(folder, 'package/LICENSE') },
  ];
}

/** Throws when the bytes are not those that were pinned, as Subresource Integrity has it. */
export function checkIntegrity(what: string, bytes: Uint8Array, integrity: string): void {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity)
    throw new Error(`${what} is not what scripts/package/target.ts pins: ${found}, expected ${integrity}`);
}

function run(command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
}
