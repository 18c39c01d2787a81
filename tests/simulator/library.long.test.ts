/** The packages of npm with what the registry has today: the newest of what they need, the oldest Node that they name. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makeLibraries } from '../../scripts/package/library/make-libraries.ts';
import {
  emptyProject,
  passedTests,
  STRICT_PROJECT,
  TYPED_PROGRAM,
  vitestExample,
} from './support/empty-project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

test('from the registry, under the oldest Node, with Vitest and two compilers', async () => {
  const at = mkdtempSync(join(tmpdir(), 'roadwatch-project-'));
  onTestFinished(() => rmSync(at, { recursive: true, force: true }));
  const tarballs = await makeLibraries({ root, madeAt: new Date(0), out: join(at, 'packages') });
  const project = await emptyProject(at, tarballs, { others: ['vitest', 'typescript@5.9', 'node@22.12.0'] });
  const node = join(at, 'node_modules/node/bin/node');
  expect(await project.run(node, '--version')).toBe('v22.12.0\n');
  // biome-ignore format: one option with its value at a time
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10', '-t', '1',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', join(at, 'road.mp4')]);
  project.write('camera.test.ts', vitestExample(project));
  const vitest = join(at, 'node_modules/vitest/vitest.mjs');
  expect(await passedTests(project, node, vitest)).toBe(1);
  project.write('program.ts', TYPED_PROGRAM);
  project.write('tsconfig.json', STRICT_PROJECT);
  for (const compiler of [root, at])
    expect(
      await project.run(process.execPath, join(compiler, 'node_modules/typescript/bin/tsc'), '--project', at),
    ).toBe('');
  const help = await project.run(node, 'node_modules/.bin/roadwatch-simulator', '--help');
  expect(help).toMatch(/^Usage: roadwatch-simulator /);
}, 1_800_000);
