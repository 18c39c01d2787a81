/** A project that has nothing of this checkout, into which the packages of npm are installed. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface EmptyProject {
  readonly folder: string;
  write(name: string, text: string): void;
  /** Answers with what it printed. Rejects with what it complained of. */
  run(command: string, ...args: readonly string[]): Promise<string>;
}

/** Installs the packages in `tarballs`, and `others`, from a registry; without one from npm's own. */
export async function emptyProject(
  folder: string,
  tarballs: readonly string[],
  { registry, others = [] }: { readonly registry?: string; readonly others?: readonly string[] } = {},
): Promise<EmptyProject> {
  const project: EmptyProject = {
    folder,
    write: (name, text) => writeFileSync(join(folder, name), text),
    run: async (command, ...args) => {
      const { stdout } = await run(command, args, { cwd: folder, env: environment(), maxBuffer: 2 ** 24 });
      return stdout;
    },
  };
  project.write('package.json', JSON.stringify({ name: 'project', private: true, type: 'module' }));
  await project.run(
    ...(['npm', 'install', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'] as const),
    ...(registry === undefined ? [] : ['--registry', registry, '--cache', join(folder, '.npm')]),
    ...tarballs,
    ...others,
  );
  return project;
}

/** The example for Vitest in the README that the package brings. */
export function vitestExample({ folder }: EmptyProject): string {
  const readme = readFileSync(join(folder, 'node_modules/@roadwatch/simulator/README.md'), 'utf8');
  const example = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].find(([, text = '']) =>
    text.includes("'vitest'"),
  );
  if (example?.[1] === undefined) throw new Error('the README of the package has no example for Vitest');
  return example[1];
}

/** Runs every test of the project by this Node and this Vitest. Answers how many passed. Rejects when one fails. */
export async function passedTests(project: EmptyProject, node: string, vitest: string): Promise<number> {
  const report = join(project.folder, 'report.json');
  const reporter = ['--reporter', 'json', '--outputFile', report];
  await project.run(node, vitest, 'run', '--root', project.folder, '--testTimeout', '60000', ...reporter);
  return (JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number }).numPassedTests;
}

/** The names of the packages in node_modules that are Roadwatch's. */
export function roadwatchPackages({ folder }: EmptyProject): readonly string[] {
  return readdirSync(join(folder, 'node_modules/@roadwatch')).sort();
}

/** npm hands its own settings on to what it runs, and this may be run by npm. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^VITEST/i.test(name)));
}

/** Uses what a test of others would, in the strictest TypeScript. */
export const TYPED_PROGRAM = `
import { type Detection, parseDetection, parseTopic } from '@roadwatch/contract';
import { CODE_TEXTS } from '@roadwatch/contract/codes';
import { type Fault, type RunningCamera, startCamera, startOnvif } from '@roadwatch/simulator';

const loss: Fault = { kind: 'packet-loss', rate: 0.1 };
const camera: RunningCamera = await startCamera({ source: 'road.mp4', faults: [loss] });
const [client] = await camera.next('playing');
const kinds: readonly string[] = camera.truthAt(1).map(({ kind }) => kind);
const onvif = await startOnvif({ name: client, profiles: [] });
const parsed = parseDetection(new Uint8Array());
const detection: Detection | string = parsed.ok ? parsed.value : parsed.reason;
console.log(onvif.address, kinds, detection, parseTopic('x')?.kind, Object.keys(CODE_TEXTS));
// @ts-expect-error: no such fault
await camera.fault({ kind: 'sleep' });
`;

export const STRICT_PROJECT = JSON.stringify({
  compilerOptions: {
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
    ...{ module: 'nodenext', target: 'es2022', types: [] },
  },
  files: ['program.ts'],
});
