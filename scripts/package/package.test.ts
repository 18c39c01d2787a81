import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../gateway/src/config/config.ts';
import { writeBundle } from './bundle.ts';
import { sha256 } from './checksums.ts';
import { control } from './debian/control.ts';
import { deb } from './debian/deb.ts';
import { isRun } from './parts/prune.ts';
import { checkIntegrity } from './parts/runtime.ts';
import { settings } from './parts/settings.ts';
import { slimElf } from './parts/slim-elf.ts';
import { template } from './parts/templates.ts';
import { PRODUCTS, type Product } from './product.ts';
import { TARGETS, type Target } from './target.ts';
import { complete, type Entry, FILE, PROGRAM } from './tree/entry.ts';
import { readTree } from './tree/read-tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [x64, arm64] = TARGETS as readonly [Target, Target];
const [agent, gateway] = PRODUCTS as readonly [Product, Product];
const madeAt = new Date('2026-01-02T03:04:05Z');
const hasDpkg = spawnSync('dpkg-deb', ['--version']).status === 0;

test.each(PRODUCTS)(
  'a package of the $name has every workspace that its program imports',
  ({ sources, name }) => {
    const wanted: string[] = [name];
    for (const workspace of wanted) {
      const { dependencies = {} } = JSON.parse(
        readFileSync(join(root, workspace, 'package.json'), 'utf8'),
      ) as {
        dependencies?: Record<string, string>;
      };
      for (const each of Object.keys(dependencies).filter((one) => one.startsWith('@roadwatch/')))
        if (!wanted.includes(each.slice('@roadwatch/'.length))) wanted.push(each.slice('@roadwatch/'.length));
    }
    for (const workspace of wanted)
      expect(sources, workspace).toSatisfy((paths: readonly string[]) =>
        paths.some((path) => path === workspace || path === `${workspace}/package.json`),
      );
  },
);

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'roadwatch-package-test-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

function read(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout;
}

/** A package with one of each kind, whose files have been touched just now. */
function small(at: string): readonly Entry[] {
  const program = join(at, 'program');
  writeFileSync(program, '#!/bin/sh\necho well\n');
  chmodSync(program, 0o711);
  utimesSync(program, new Date(), new Date());
  return complete([
    { path: 'etc/roadwatch/agent.yaml', kind: 'file', mode: FILE, text: 'site: binjiang\n' },
    { path: 'opt/roadwatch-agent/bin/program', kind: 'file', mode: PROGRAM, from: program },
    { path: `opt/roadwatch-agent/${'deep/'.repeat(25)}empty`, kind: 'file', mode: FILE, text: '' },
    { path: 'usr/bin/roadwatch-agent', kind: 'link', to: '/opt/roadwatch-agent/bin/program' },
  ]);
}

async function debian(at: string): Promise<Buffer> {
  const scripts = { postinst: '#!/bin/sh\n', prerm: '#!/bin/sh\n', postrm: '#!/bin/sh\n' };
  const about = control(agent, arm64, '0.1.0-1', 5000);
  return deb(small(at), ['etc/roadwatch/agent.yaml'], about, scripts, madeAt);
}

test.skipIf(!hasDpkg)('dpkg reads who the package is, what it needs, and whose its files are', async () => {
  const at = folder();
  const file = join(at, 'agent.deb');
  writeFileSync(file, await debian(at));
  const fields = read('dpkg-deb', '--field', file, 'Package', 'Version', 'Architecture', 'Depends');
  expect(fields).toContain('Package: roadwatch-agent\nVersion: 0.1.0-1\nArchitecture: arm64\n');
  expect(fields).toContain('ffmpeg (>= 7:5.1)');
  expect(read('dpkg-deb', '--info', file, 'conffiles')).toBe('/etc/roadwatch/agent.yaml\n');
  const lines = read('dpkg-deb', '--contents', file).trim().split('\n');
  expect(lines.every((line) => line.includes(' root/root '))).toBe(true);
  expect(lines.find((line) => line.includes('bin/program'))).toMatch(/^-rwxr-xr-x.* 20 2026-01-02 03:04 \./);
  expect(lines.find((line) => line.includes('usr/bin/'))).toMatch(/^d/);
  expect(lines.at(-1)).toMatch(/ \.\/usr\/bin\/roadwatch-agent -> \/opt\/roadwatch-agent\/bin\/program$/);
  read('dpkg-deb', '--extract', file, join(at, 'laid'));
  expect(read(join(at, 'laid/opt/roadwatch-agent/bin/program'))).toBe('well\n');
});

test('the same input gives the same bytes, whenever and by whom its files were written', async () => {
  const [one, other] = [folder(), folder()];
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  expect(sha256(await debian(one))).toBe(sha256(await debian(other)));
  await writeBundle(join(one, 'a.tar.gz'), 'a', small(one), '#!/bin/sh\n', madeAt);
  await writeBundle(join(other, 'a.tar.gz'), 'a', small(other), '#!/bin/sh\n', madeAt);
  expect(sha256(readFileSync(join(one, 'a.tar.gz')))).toBe(sha256(readFileSync(join(other, 'a.tar.gz'))));
});

test('the archive unpacks by tar, and sha256sum finds it whole', async () => {
  const at = folder();
  await writeBundle(join(at, 'a.tar.gz'), 'a', small(at), '#!/bin/sh\n', madeAt);
  read('tar', '-xzf', join(at, 'a.tar.gz'), '-C', at);
  const check = (): number | null =>
    spawnSync('sha256sum', ['--quiet', '-c', 'FILES.sha256'], { cwd: join(at, 'a') }).status;
  expect(check()).toBe(0);
  writeFileSync(join(at, 'a/files/etc/roadwatch/agent.yaml'), 'site: other\n');
  expect(check()).toBe(1);
});

test('two things at one place are refused by name', () => {
  const file = { path: 'bin/node', kind: 'file', mode: FILE, text: '' } as const;
  expect(() => complete([file, file])).toThrow('two entries of the package are called bin/node');
});

test('a link is packed as a link, and not what it leads to', () => {
  const at = folder();
  mkdirSync(join(at, 'agent'));
  writeFileSync(join(at, 'agent/package.json'), '{}');
  mkdirSync(join(at, 'node_modules/@roadwatch'), { recursive: true });
  symlinkSync('../../agent', join(at, 'node_modules/@roadwatch/agent'));
  expect(readTree(at).map(({ path, kind }) => [path, kind])).toEqual([
    ['agent/package.json', 'file'],
    ['node_modules/@roadwatch/agent', 'link'],
  ]);
});

test.each([
  ['onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1', true],
  ['onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1', false],
  ['onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime.dll', false],
  ['onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so', false],
  ['mqtt/build/index.js', true],
  ['mqtt/build/index.js.map', false],
  ['mqtt/build/index.d.ts', false],
  // Small, and what runs.
  ['glob/dist/commonjs/index.min.js', true],
  ['typebox/README.md', false],
  ['typebox/license.md', true],
  ['fluent-ffmpeg/coverage/lcov.info', false],
  // A folder of the code that happens to be called so.
  ['ajv/dist/vocabularies/doc/index.js', true],
  ['@peculiar/x509/docs/a.js', false],
  ['a/node_modules/b/test/a.js', false],
  ['.bin/node-which', false],
  ['.package-lock.json', false],
])('of the packages of npm, what runs is kept: %s %s', (path, kept) => {
  expect(isRun(path, x64)).toBe(kept);
});

test('Node runs without what only debuggers read', () => {
  const slim = join(folder(), 'node');
  const whole = readFileSync(process.execPath);
  const bytes = slimElf(whole);
  writeFileSync(slim, bytes, { mode: 0o755 });
  expect(bytes.length).toBeLessThan(whole.length);
  // An addon, SQLite and a thread of its own are what the programs need of it.
  const script = `
    const { Worker } = require('node:worker_threads');
    require(${JSON.stringify(join(root, 'node_modules/sharp'))});
    new (require('node:sqlite').DatabaseSync)(':memory:');
    new Worker('require("node:worker_threads").parentPort.postMessage(process.version)', { eval: true })
      .on('message', (version) => console.log(version));`;
  expect(read(slim, '-e', script)).toBe(`${process.version}\n`);
  expect(() => slimElf(Buffer.from('#!/bin/sh\n'))).toThrow('expected a program for 64-bit Linux');
});

test('the Node of the packages is the one that the lock file pins, and another one is refused', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const { node } of TARGETS) expect(node.version).toBe(devDependencies.node);
  expect(() => checkIntegrity('node', Buffer.from('something else'), x64.node.integrity)).toThrow(
    /^node is not what scripts\/package\/target\.ts pins: sha512-/,
  );
});

test.each(PRODUCTS.map((product) => [product.name, product] as const))(
  'the scripts of the %s are whole, and refuse by name what they cannot do',
  (_, product) => {
    const paths = ['deploy/package/command.sh', 'deploy/package/install.sh'];
    for (const path of [
      ...paths,
      ...['postinst', 'prerm', 'postrm'].map((name) => `deploy/debian/${name}`),
    ]) {
      const { status, stderr } = spawnSync('sh', ['-n'], {
        input: template(root, path, product, x64),
        encoding: 'utf8',
      });
      expect([path, status, stderr]).toEqual([path, 0, '']);
    }
    const foreign = process.arch === 'x64' ? arm64 : x64;
    const script = join(folder(), 'install.sh');
    writeFileSync(script, template(root, 'deploy/package/install.sh', product, foreign));
    const says = (...args: readonly string[]) => spawnSync('sh', [script, ...args], { encoding: 'utf8' });
    const elsewhere = says();
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.stderr).toBe(
      `install.sh: this package is for ${foreign.machine}, and this machine is ${read('uname', '-m').trim()}\n`,
    );
    expect(says('--force').stderr).toBe(
      'install.sh: unknown option --force; expected none, --remove or --purge\n',
    );
  },
);

test('the settings that come with a package keep data where the service may write', () => {
  const text = settings(root, gateway);
  expect(parseConfig(text, '/etc/roadwatch/gateway.yaml').dataDir).toBe('/var/lib/roadwatch-gateway');
  expect(settings(root, agent)).toMatch(/^dataDir: \/var\/lib\/roadwatch-agent /m);
});

test.skipIf(process.getuid?.() !== 0)(
  'the command gives up root’s rights, and hands the journal, which is root’s to read, to a support bundle',
  () => {
    const at = folder();
    const program = (name: string, script: string): void =>
      writeFileSync(join(at, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    program('setpriv', 'echo "$@"; case "$*" in *support-bundle*) cat ;; esac');
    program('journalctl', 'echo "a line of $2"');
    program('roadwatch-agent', template(root, 'deploy/package/command.sh', agent, x64));
    const run = (...args: readonly string[]): string =>
      read('env', `PATH=${at}:${process.env.PATH}`, join(at, 'roadwatch-agent'), ...args);
    expect(run('status', '--json')).toMatch(/^--reuid=roadwatch-agent .*cli\.ts status --json\n$/);
    expect(run('support-bundle', '--to', 'x')).toMatch(
      /^--reuid=roadwatch-agent .*cli\.ts support-bundle --log - --to x\na line of roadwatch-agent\n$/,
    );
  },
);

test.skipIf(process.getuid?.() !== 0)(
  'what the unit is given by its environment file, the command has too',
  () => {
    const at = folder();
    const program = (name: string, script: string): void =>
      writeFileSync(join(at, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const environment = join(at, 'agent.env');
    // As systemd.exec has it: spaces around a line are none of it, and quotes around a value.
    writeFileSync(
      environment,
      '# PASSWORD=no\nPASSWORD="p@ss=w$HOME #1"\n  INDENTED=two words  \nno assignment\nLAST=\'end\'',
    );
    program('setpriv', 'printf "%s|" "$PASSWORD" "$INDENTED" "$LAST"');
    const script = template(root, 'deploy/package/command.sh', agent, x64);
    program('roadwatch-agent', script.replace('/etc/roadwatch/agent.env', environment));
    const said = read('env', `PATH=${at}:${process.env.PATH}`, join(at, 'roadwatch-agent'), 'doctor');
    expect(said).toBe('p@ss=w$HOME #1|two words|end|');
  },
);
