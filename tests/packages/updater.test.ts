/** The updater of a box, step by step, with dpkg and the system's other programs stood in for; the real ones are in packages.long. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256, signRelease } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { template } from '../../scripts/package/parts/templates.ts';
import { PRODUCTS, type Product } from '../../scripts/package/product.ts';
import { TARGETS, type Target } from '../../scripts/package/target.ts';
import { temporaryFolder } from '../support/temp.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const MACHINE = process.arch === 'arm64' ? 'arm64' : 'amd64';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** A package is a text: what the stand-in for dpkg makes of it. `dies`: the power goes while it is laid down. */
type Package = 'good' | 'silent' | 'broken' | 'dies';
const contents = (version: string, kind: Package): string => `${version} ${kind}\n`;

const PROGRAMS: Readonly<Record<string, string>> = {
  // Whose rights it would take away.
  setpriv: 'while case $1 in --*) ;; *) false ;; esac; do shift; done; exec "$@"',
  systemctl: 'exit 0',
  'dpkg-query': `case $1 in
    --status) printf 'Package: roadwatch-agent\\nStatus: install ok installed\\nVersion: 0.1.0-1\\nConffiles:\\n /etc/x 0\\nDescription: it\\n' ;;
    --listfiles) printf '/.\\n/opt\\n/opt/roadwatch-agent\\n/opt/roadwatch-agent/VERSION\\n/opt/gone\\n' ;;
    --control-path) echo /dev/null ;;
  esac`,
  'dpkg-deb': `case $1 in
    --field) echo roadwatch-agent ;;
    *) for to; do :; done
      cat "$ROADWATCH_ROOT/opt/roadwatch-agent/VERSION" >"$to" ;;
  esac`,
  dpkg: `for file; do :; done
    read -r version kind <"$file"
    echo "$version $kind" >>"$ROADWATCH_ROOT/laid-down"
    cp "$file" "$ROADWATCH_ROOT/opt/roadwatch-agent/VERSION"
    case $kind in broken) exit 1 ;; dies) kill -9 "$PPID"; exit 1 ;; esac`,
};

const AGENT = `#!/bin/sh
read -r version kind <"$ROADWATCH_ROOT/opt/roadwatch-agent/VERSION"
[ "$kind" = good ] || exit 3
printf '{\\n  "status": "ok",\\n  "version": "%s",\\n  "cameras": [\\n    {\\n      "state": "streaming"\\n    }\\n  ]\\n}\\n' "$version"
`;

async function box() {
  const root = await temporaryFolder();
  const at = (path: string): string => join(root, path);
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
    chmodSync(at(path), mode);
  };
  for (const [name, text] of Object.entries(PROGRAMS)) write(`bin/${name}`, `#!/bin/sh\n${text}\n`, 0o755);
  const [product, target] = [PRODUCTS[0] as Product, TARGETS[0] as Target];
  write('update', template(checkout, 'deploy/package/update.sh', product, target), 0o755);
  write('opt/roadwatch-agent/VERSION', contents('0.1.0', 'good'));
  write('opt/roadwatch-agent/bin/roadwatch-agent', AGENT, 0o755);
  symlinkSync(process.execPath, at('opt/roadwatch-agent/bin/node'));
  symlinkSync(join(checkout, 'agent'), at('opt/roadwatch-agent/agent'));
  write('etc/roadwatch/keys.pem', String(publicKey.export({ type: 'spki', format: 'pem' })));
  write('etc/roadwatch/agent.yaml', 'updates: { keyFiles: [keys.pem], packages: deb }\n');
  mkdirSync(at('var/lib/roadwatch-agent/updates'), { recursive: true });
  const spool = 'var/lib/roadwatch-agent/updates';
  return {
    at,
    write,
    /** As the agent lays it there. */
    spool: (
      version: string,
      kind: Package,
      change: { kind?: string; bytes?: string; signed?: boolean } = {},
    ) => {
      const bytes = contents(version, kind);
      const files = [
        { name: `roadwatch-agent_${version}_${MACHINE}.deb`, bytes: bytes.length, sha256: sha256(bytes) },
      ];
      const release = JSON.stringify({
        ...{ v: 1, kind: change.kind ?? 'agent', name: 'roadwatch-agent', version, files },
      });
      const signature = change.signed === false ? null : signRelease(release, privateKey, publicKey);
      write(`${spool}/${version}.deb`, change.bytes ?? bytes);
      write(`${spool}/${version}.json`, JSON.stringify({ version, release, signature }));
      write(`${spool}/apply`, `${version}\n`);
    },
    update: (): number | null => {
      const env = {
        ...process.env,
        PATH: `${at('bin')}:${process.env.PATH}`,
        ...{ ROADWATCH_ROOT: root, ROADWATCH_WAIT_SECONDS: '0', ROADWATCH_RETRY_SECONDS: '0' },
      };
      return spawnSync(at('update'), { env, encoding: 'utf8' }).status;
    },
    running: (): string => readFileSync(at('opt/roadwatch-agent/VERSION'), 'utf8').trim(),
    result: (): { outcome: string; code: string; detail: string } | null =>
      existsSync(at(`${spool}/result.json`))
        ? JSON.parse(readFileSync(at(`${spool}/result.json`), 'utf8'))
        : null,
    isWaiting: (): boolean => existsSync(at(`${spool}/apply`)),
    isPending: (): boolean => existsSync(at('var/lib/roadwatch-agent-updates/pending')),
    laidDown: (): readonly string[] =>
      existsSync(at('laid-down')) ? readFileSync(at('laid-down'), 'utf8').trim().split('\n') : [],
  };
}

test('a signed package is installed, and stays when it is heard', async () => {
  const { spool, update, running, result, isWaiting, isPending, laidDown } = await box();
  spool('0.2.0', 'good');
  expect([update(), running(), isWaiting(), isPending()]).toEqual([0, '0.2.0 good', false, false]);
  expect(result()).toMatchObject({ version: '0.2.0', outcome: 'installed' });
  expect(laidDown()).toEqual(['0.2.0 good']);
});

test.each([
  ['is not heard', 'silent', 'not_confirmed'],
  ['cannot be installed', 'broken', 'update_failed'],
] as const)('the version before comes back when the new one %s', async (_, kind, code) => {
  const { spool, update, running, result, isPending, laidDown } = await box();
  spool('0.2.0', kind);
  expect([update(), running(), isPending()]).toEqual([0, '0.1.0 good', false]);
  expect(result()).toMatchObject({ outcome: 'rolled_back', code });
  expect(laidDown()).toEqual([`0.2.0 ${kind}`, '0.1.0 good']);
});

test('after a power cut in the middle the version before comes back at the next start', async () => {
  const { spool, update, running, result, isPending } = await box();
  spool('0.2.0', 'dies');
  expect([update(), isPending(), running()]).toEqual([null, true, '0.2.0 dies']);
  expect(result()).toMatchObject({ outcome: 'installing' });
  expect([update(), running(), isPending()]).toEqual([0, '0.1.0 good', false]);
  expect(result()).toMatchObject({ outcome: 'rolled_back', code: 'update_failed' });
  spool('0.3.0', 'good');
  expect([update(), running()]).toEqual([0, '0.3.0 good']);
});

test.each([
  ['nobody has signed', { signed: false }, 'unsigned'],
  ['has other bytes', { bytes: contents('0.2.1', 'good') }, 'file_damaged'],
  ['is signed as something else', { kind: 'model' }, 'kind_unknown'],
])('a package that %s is refused, and nothing is touched', async (_, change, code) => {
  const { spool, update, running, result, isWaiting, laidDown } = await box();
  spool('0.2.0', 'good', change);
  expect([update(), running(), isWaiting(), laidDown()]).toEqual([0, '0.1.0 good', false, []]);
  expect(result()).toMatchObject({ outcome: 'refused', code });
});

test('a key that others than root can write counts for nothing', async () => {
  const { at, spool, update, result, laidDown } = await box();
  chmodSync(at('etc/roadwatch/keys.pem'), 0o666);
  spool('0.2.0', 'good');
  expect([update(), laidDown()]).toEqual([0, []]);
  expect(result()).toMatchObject({ outcome: 'refused', code: 'unsigned' });
});

test.each(['../../etc/passwd', '-rf', '', 'x y'])('a marker that names %j is taken away', async (name) => {
  const { write, update, result, isWaiting, laidDown } = await box();
  write('var/lib/roadwatch-agent/updates/apply', name);
  expect([update(), result(), isWaiting(), laidDown()]).toEqual([0, null, false, []]);
});
