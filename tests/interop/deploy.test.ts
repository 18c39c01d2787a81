/** What is in deploy/ for others to run: read by those programs where they are here, and held against what agent and gateway are. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../gateway/src/config/config.ts';
import { makeCertificate } from '../../gateway/testing/certificate.ts';
import { temporaryFolder } from '../support/temp.ts';
import { ofAgent, ofGateway } from './support/metrics-text.ts';

const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));
const read = (path: string): string => readFileSync(join(deploy, path), 'utf8');
const isThere = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

/** Names of the samples, which a histogram has three of. */
function namesIn(text: string): ReadonlySet<string> {
  const types = text.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Set(
    [...types].flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name as string],
    ),
  );
}

test('alerts and dashboard ask only for metrics that there are', async () => {
  const there = new Set([...namesIn(await ofAgent()), ...namesIn(await ofGateway())]);
  for (const file of ['prometheus/roadwatch.rules.yaml', 'grafana/roadwatch.json']) {
    const asked = new Set(read(file).match(/\broadwatch_\w+/g));
    expect(asked.size, file).toBeGreaterThan(10);
    expect(
      [...asked].filter((name) => !there.has(name)),
      file,
    ).toEqual([]);
  }
});

test('every panel of the dashboard asks the chosen source, and says in both languages what it shows', () => {
  const { panels } = JSON.parse(read('grafana/roadwatch.json')) as {
    readonly panels: readonly {
      readonly id: number;
      readonly title: string;
      readonly type: string;
      readonly datasource?: { readonly uid: string };
    }[];
  };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { title, type, datasource } of panels) {
    expect(title).toMatch(/^[ -~]+ \/ \p{Script=Han}/u);
    if (type !== 'row') expect(datasource?.uid).toBe('${' + 'datasource}');
  }
});

test.skipIf(!isThere('promtool'))('the alerts fire when they should, by promtool', () => {
  const promtool = (...args: readonly string[]) =>
    spawnSync('promtool', args, { cwd: join(deploy, 'prometheus'), encoding: 'utf8' });
  for (const args of [
    ['check', 'config', 'prometheus.example.yaml'],
    ['test', 'rules', 'roadwatch.rules.test.yaml'],
  ]) {
    const { status, stdout, stderr } = promtool(...args);
    expect(status, stdout + stderr).toBe(0);
  }
});

interface Service {
  readonly image: string;
  readonly build?: { readonly dockerfile: string; readonly target: string };
  readonly restart: string;
  readonly ports?: readonly string[];
  readonly security_opt: readonly string[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: object;
  readonly secrets?: object;
}
const composed = ['box.yaml', 'centre.yaml', 'centre-with-servers.yaml'];

test.each(composed)(
  '%s names only what is declared, and publishes the console on this machine only',
  (file) => {
    const { services, volumes = {}, secrets = {} } = parse(read(`compose/${file}`)) as Compose;
    const targets = [...read('docker/Dockerfile').matchAll(/^FROM .* AS (\S+)$/gm)].map(([, name]) => name);
    for (const service of Object.values(services)) {
      expect(service.restart).toBe('unless-stopped');
      expect(service.security_opt).toContain('no-new-privileges:true');
      if (service.build === undefined) expect(service.image).toMatch(/:v?\d/);
      else expect(targets).toContain(service.build.target);
      for (const secret of service.secrets ?? []) expect(secrets).toHaveProperty(secret);
      for (const volume of service.volumes ?? [])
        if (!volume.startsWith('.')) expect(volumes).toHaveProperty(volume.split(':')[0] as string);
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:8080:8080$|^8883:8883$/);
    }
  },
);

test('the settings of the centre with servers are valid', async () => {
  const secrets = await temporaryFolder();
  for (const name of ['broker-password', 'postgres-password', 's3-secret-key'])
    writeFileSync(join(secrets, name), 'a secret of the test\n');
  const { cert } = makeCertificate(secrets);
  const text = read('compose/gateway-with-servers.yaml')
    .replaceAll('/run/secrets/', `${secrets}/`)
    .replace('/etc/roadwatch/broker-ca.pem', cert);
  const { store, broker } = parseConfig(text, join(secrets, 'gateway.yaml'));
  expect([store.url?.reveal(), broker.url?.reveal()]).toEqual([
    'postgres://roadwatch:a%20secret%20of%20the%20test@postgres/roadwatch',
    'mqtts://mosquitto:8884',
  ]);
});

// Debian's docker-compose is of before files had a name of their own.
test.skipIf(!isThere('docker-compose'))('docker-compose takes the files', () => {
  for (const file of composed) {
    const { status, stderr } = spawnSync('docker-compose', ['-f', '-', 'config', '-q'], {
      cwd: join(deploy, 'compose'),
      input: read(`compose/${file}`).replace(/^name: .*$/m, ''),
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  }
});

test('every folder of deploy is told of in the documents', () => {
  const operations = readFileSync(join(deploy, '../docs/operations.md'), 'utf8');
  const folders = readdirSync(deploy).filter((name) => !['debian', 'package'].includes(name));
  expect(folders.filter((name) => !operations.includes(`deploy/${name}`))).toEqual([]);
});
