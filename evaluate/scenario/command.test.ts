import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readScenario } from '@roadwatch/simulator';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../tests/support/temp.ts';

const run = promisify(execFile);
const CLI = resolve(import.meta.dirname, '../cli.ts');
const SUITE = resolve(import.meta.dirname, '../../tests/scenarios');

function evaluate(...args: string[]): Promise<unknown> {
  return run(process.execPath, [CLI, 'scenario', ...args]);
}

test('what cannot be played is refused in one line, before anything starts', async () => {
  const folder = await temporaryFolder();
  await expect(evaluate(join(folder, 'none.yaml'))).rejects.toMatchObject({
    code: 1,
    stderr: `evaluate: ${join(folder, 'none.yaml')}: no such file or folder\n`,
  });
  await expect(evaluate(folder)).rejects.toMatchObject({
    code: 1,
    stderr: `evaluate: ${folder}: holds no scenario (*.yaml)\n`,
  });
  const file = join(folder, 'bad.yaml');
  await writeFile(file, 'name: bad\ndescription: bad\nseed: 1\nseconds: -4\n');
  await expect(evaluate(file)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/bad.yaml: .*seconds/),
  });
});

test('every scenario of the standard suite makes sense, under its own name', async () => {
  const files = (await readdir(SUITE)).filter((name) => name.endsWith('.yaml'));
  expect(files.length).toBeGreaterThanOrEqual(24);
  for (const file of files) expect(`${(await readScenario(join(SUITE, file))).name}.yaml`).toBe(file);
});
