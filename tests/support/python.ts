/** Runs what others wrote in Python, from the environment that `scripts/setup.mjs python` makes. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

const INTEROP = join(import.meta.dirname, '..', 'interop');
const PYTHON = join(INTEROP, '.venv', 'bin', 'python');

/** Left out on a machine without Python or a registry of its packages; CI has both. */
export const HAS_PYTHON = existsSync(PYTHON);

/** The JSON that a script of tests/interop prints when it is given this JSON. */
export async function runPython(script: string, input: object): Promise<unknown> {
  const child = spawn(PYTHON, [join(INTEROP, script)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  return json(child.stdout);
}
