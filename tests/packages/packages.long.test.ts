/** The packages, on a machine that has never seen them and has no network: installed, upgraded, downgraded, removed, purged. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../scripts/package/checksums.ts';
import { type Made, makePackage } from '../../scripts/package/make-package.ts';
import { PRODUCTS, type Product } from '../../scripts/package/product.ts';
import { TARGETS, type Target } from '../../scripts/package/target.ts';
import { CleanMachine, noCleanMachine } from './support/clean-machine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const [x64, arm64] = TARGETS as readonly [Target, Target];
const [agent, gateway] = PRODUCTS as readonly [Product, Product];
const madeAt = new Date('2026-01-02T03:04:05Z');
const MIB = 2 ** 20;
const STREAMS = 'journalctl --unit roadwatch-agent --output cat --follow --since now';

const folder = mkdtempSync(join(tmpdir(), 'roadwatch-packages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const make = (product: Product, target: Target, revision: number, out: string): Promise<Made> =>
  makePackage({ root, product, target, revision, madeAt, out: join(folder, out) });
const making = new Map<string, Promise<Made>>();
/** Made once for all tests. */
function made(product: Product, target: Target, revision: number): Promise<Made> {
  const key = [product.name, target.name, revision].join(' ');
  const known = making.get(key) ?? make(product, target, revision, 'packages');
  making.set(key, known);
  return known;
}
const digest = (file: string): string => sha256(readFileSync(file));

test('the same sources and the same lock file give the same bytes', async () => {
  for (const product of [agent, gateway]) {
    const one = await made(product, x64, 1);
    const other = await make(product, x64, 1, 'again');
    for (const kind of ['deb', 'bundle', 'sbom'] as const)
      expect([kind, digest(other[kind])]).toEqual([kind, digest(one[kind])]);
  }
});

test('an agent takes at most 200 MiB of a disk, on arm64 too, which is assembled and not run here', async () => {
  for (const target of [x64, arm64]) {
    const { installedBytes } = await made(agent, target, 1);
    expect(installedBytes / MIB).toBeLessThanOrEqual(200);
  }
});

describe.skipIf(process.arch !== 'x64' || noCleanMachine() !== null)('on a clean machine', () => {
  let machine: CleanMachine;
  const names: Record<string, string> = {};

  beforeAll(async () => {
    machine = await CleanMachine.boot(folder, root);
    for (const [name, product, revision] of [
      ['gateway', gateway, 1],
      ['agent1', agent, 1],
      ['agent2', agent, 2],
    ] as const) {
      const { deb, bundle } = await made(product, x64, revision);
      machine.bring(deb, basename(deb));
      names[name] = basename(deb);
      if (name !== 'agent1') continue;
      machine.bring(bundle, basename(bundle));
      names.bundle = basename(bundle);
    }
    await machine.run(
      'systemd-run --quiet --unit=simulator /checkout/node_modules/.bin/node /checkout/simulator/src/cli.ts serve --source scene:pothole --size 640x360 --fps 10 --cache /var/cache/simulator',
    );
  }, 1_800_000);

  afterAll(() => machine?.end(), 120_000);

  const install = (name: string): Promise<string> => machine.run(`dpkg --install ${names[name]}`);
  const isActive = (service: string): Promise<string> =>
    machine.run(`systemctl is-active ${service} || true`);
  const status = (service: string): Promise<string> =>
    machine.run(`systemctl show --property StatusText --value ${service}`);
  const version = (): Promise<string> =>
    machine.run('dpkg --status roadwatch-agent | sed -n "s/^Version: //p"');

  test('a gateway runs once it is installed, and serves the console that was built with it', async () => {
    await install('gateway');
    await machine.line(
      'journalctl --unit roadwatch-gateway --output cat --follow --lines all',
      /^MQTT: mqtt:\/\/127\.0\.0\.1:1883/,
    );
    await machine.run('systemctl start roadwatch-gateway');
    expect(await isActive('roadwatch-gateway')).toBe('active');
    expect(await status('roadwatch-gateway')).toBe('works');
    expect(await machine.run('curl --silent --fail http://127.0.0.1:8080/')).toContain('<base href="/" />');
    const user = 'stat --format %U /proc/$(systemctl show --property MainPID --value roadwatch-gateway)';
    expect(await machine.run(user)).toBe('roadwatch-gateway');
  });

  test('an agent waits until init has set it up, and then sees its camera and the gateway', async () => {
    const said = await install('agent1');
    expect(said).toContain('sudo systemctl start roadwatch-agent');
    expect(said).toContain('请先填写');
    expect(await isActive('roadwatch-agent')).toBe('inactive');
    expect(await machine.run('stat -c "%U:%G %a" /etc/roadwatch/agent.yaml')).toBe(
      'root:roadwatch-agent 640',
    );
    const pairing = await machine.run(
      'roadwatch-gateway agents pair binjiang/edge-1 --config /etc/roadwatch/gateway.yaml',
    );
    const code = /^Code: (\S+)$/m.exec(pairing)?.[1];
    expect(code, pairing).toBeDefined();
    const camera = '--no-discover --camera rtsp://127.0.0.1:8554/pothole';
    const set = await machine.run(
      `roadwatch-agent init --config /etc/roadwatch/agent.yaml --code ${code} ${camera} 2>&1`,
    );
    expect(set).toContain('sudo systemctl start roadwatch-agent');
    expect(await machine.run('stat -c "%U:%G %a" /etc/roadwatch/agent.yaml')).toBe(
      'root:roadwatch-agent 640',
    );
    await machine.run('roadwatch-agent --config /etc/roadwatch/agent.yaml --check-config');
    await machine.run('systemctl start roadwatch-agent');
    await machine.line(`${STREAMS.replace('now', '-5min')}`, /"detection stored"/);
    expect(await isActive('roadwatch-agent')).toBe('active');
  });

  test('an upgrade and a downgrade keep the settings, and the agent runs on', async () => {
    const settings = await machine.run('sha256sum /etc/roadwatch/agent.yaml');
    for (const [name, expected] of [
      ['agent2', '0.1.0-2'],
      ['agent1', '0.1.0-1'],
    ] as const) {
      const before = await machine.run('systemctl show --property MainPID --value roadwatch-agent');
      await install(name);
      expect((await version()).replace(/^.*-/, '-')).toBe(expected.replace(/^.*-/, '-'));
      await machine.run('systemctl start roadwatch-agent');
      expect(await isActive('roadwatch-agent')).toBe('active');
      expect(await machine.run('systemctl show --property MainPID --value roadwatch-agent')).not.toBe(before);
      expect(await machine.run('sha256sum /etc/roadwatch/agent.yaml')).toBe(settings);
    }
  });

  test('what was removed leaves settings and data, what was purged leaves nothing', async () => {
    await machine.run('dpkg --remove roadwatch-agent');
    expect(await isActive('roadwatch-agent')).toBe('inactive');
    await machine.run('test ! -e /opt/roadwatch-agent && test ! -e /usr/bin/roadwatch-agent');
    await machine.run('test -s /etc/roadwatch/agent.yaml && test -s /var/lib/roadwatch-agent/agent.db');
    await machine.run('dpkg --purge roadwatch-agent');
    await machine.run('test ! -e /etc/roadwatch/agent.yaml && test ! -e /var/lib/roadwatch-agent');
    expect(await machine.run('getent passwd roadwatch-agent || echo nobody')).toBe('nobody');
    expect(
      await machine.run(
        'find / -xdev -name "*roadwatch-agent*" -not -path "/checkout/*" -not -path "/root/*" -not -path "/var/log/*"',
      ),
    ).toBe('');
  });

  test('the archive installs and purges the same without a package manager, and refuses what is not whole', async () => {
    await machine.run(`tar -xzf ${names.bundle}`);
    const at = (names.bundle as string).replace(/\.tar\.gz$/, '');
    const settings = `${at}/files/etc/roadwatch/agent.yaml`;
    await machine.run(`cp ${settings} kept && echo >> ${settings}`);
    expect(await machine.run(`${at}/install.sh || true`)).toContain(
      'what lies beside this script is not whole',
    );
    await machine.run(`cp kept ${settings}`);
    expect(await machine.run(`${at}/install.sh`)).toContain('is installed');
    expect(await machine.run('roadwatch-agent --version')).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await machine.run('systemctl is-enabled roadwatch-agent')).toBe('enabled');
    await machine.run(`${at}/install.sh --purge`);
    await machine.run('test ! -e /opt/roadwatch-agent && test ! -e /etc/roadwatch/agent.yaml');
    expect(await machine.run('getent passwd roadwatch-agent || echo nobody')).toBe('nobody');
  });
});
