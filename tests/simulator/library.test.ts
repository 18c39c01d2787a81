/** The packages of npm, installed without internet into a project that has nothing of this checkout. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../scripts/package/checksums.ts';
import { makeLibraries } from '../../scripts/package/library/make-libraries.ts';
import {
  type EmptyProject,
  emptyProject,
  passedTests,
  roadwatchPackages,
  STRICT_PROJECT,
  TYPED_PROGRAM,
  vitestExample,
} from './support/empty-project.ts';
import { type Registry, startRegistry } from './support/registry.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const madeAt = new Date('2026-01-02T03:04:05Z');
const folder = mkdtempSync(join(tmpdir(), 'roadwatch-library-test-'));
const at = mkdtempSync(join(tmpdir(), 'roadwatch-project-'));
let tarballs: readonly string[];
let registry: Registry;
let project: EmptyProject;

beforeAll(async () => {
  tarballs = await makeLibraries({ root, madeAt, out: join(folder, 'packages') });
  registry = await startRegistry(root);
  project = await emptyProject(at, tarballs, { registry: registry.url });
  // biome-ignore format: one option with its value at a time
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10', '-t', '1',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', join(at, 'road.mp4')]);
}, 300_000);

afterAll(async () => {
  await registry?.stop();
  for (const made of [folder, at]) rmSync(made, { recursive: true, force: true });
});

test('the same sources give the same packages', async () => {
  const again = await makeLibraries({ root, madeAt, out: join(folder, 'again') });
  expect(again.map((file) => sha256(readFileSync(file)))).toEqual(
    tarballs.map((file) => sha256(readFileSync(file))),
  );
});

test('nothing of Roadwatch comes along that is not published', () => {
  expect(roadwatchPackages(project)).toEqual(['contract', 'simulator']);
});

test('plain Node plays a video, and a street that a thread of the package draws', async () => {
  project.write(
    'play.js',
    `import { parseTopic } from '@roadwatch/contract';
    import { damageClass } from '@roadwatch/contract/damage-class';
    import { startCamera } from '@roadwatch/simulator';
    for (const source of ['road.mp4', 'scene:pothole']) {
      const camera = await startCamera({ source, size: { width: 160, height: 90 }, encoder: { fps: 1 }, cacheDir: null });
      console.log(new URL(camera.url).pathname, camera.truthAt(20).map(({ kind }) => kind).join());
      await camera.stop();
    }
    console.log(parseTopic('roadwatch/v1/binjiang/edge-1/status').kind, damageClass('pothole').code);`,
  );
  expect(await project.run(process.execPath, 'play.js')).toBe('/road \n/pothole pothole\nstatus D40\n');
}, 120_000);

test('the command is there, by the name of the package', async () => {
  const help = await project.run('npx', '--no-install', 'roadwatch-simulator', '--help');
  expect(help).toMatch(/^Usage: roadwatch-simulator /);
  const { version } = JSON.parse(readFileSync(join(root, 'simulator/package.json'), 'utf8'));
  expect(await project.run('npx', '--no-install', 'roadwatch-simulator', '--version')).toBe(`${version}\n`);
}, 120_000);

test('without ffmpeg it says in a sentence what is missing', async () => {
  const command = join(at, 'node_modules/.bin/roadwatch-simulator');
  for (const source of ['road.mp4', 'scene:pothole']) {
    const failed = promisify(execFile)(process.execPath, [command, '--no-cache', '--source', source], {
      cwd: at,
      env: { PATH: join(at, 'node_modules/.bin') },
    });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^roadwatch-simulator: ff(mpeg|probe) is not installed; it comes with ffmpeg \(Debian and Ubuntu: apt install ffmpeg, .*\)\n$/,
      ),
    });
  }
}, 120_000);

test('the example of the README passes in Vitest', async () => {
  symlinkSync(join(root, 'node_modules/vitest'), join(at, 'node_modules/vitest'));
  project.write('camera.test.ts', vitestExample(project));
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  expect(await passedTests(project, process.execPath, vitest)).toBe(1);
}, 120_000);

test('its types hold in the strictest TypeScript, those of what it needs with them', async () => {
  project.write('program.ts', TYPED_PROGRAM);
  project.write('tsconfig.json', STRICT_PROJECT);
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  expect(await project.run(process.execPath, compiler, '--project', at)).toBe('');
}, 120_000);
