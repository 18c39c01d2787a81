/** What `support-bundle` packs, unpacked by the system's tar: enough to help, and none of the secrets that were planted everywhere. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Child } from '../../scripts/demo/child.ts';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel } from './support/agent-box.ts';

/** One in each place where a secret may stand; the last ones in what only the log and the agent's own answers hold. */
const PLANTED = {
  inUrl: 'Pl4nted/in"Url',
  inQuery: 'Pl4ntedInQuery',
  inPassword: 'Pl4nted in: Password#',
  inFile: 'Pl4ntedInFile',
  inEnvironment: 'Pl4ntedInEnvironment',
  inServiceFile: 'Pl4ntedInServiceFile',
  inUnknownKey: 'Pl4ntedInUnknownKey',
  inComment: 'Pl4ntedInComment',
  inBearer: 'Pl4ntedInBearerToken',
  inStrangerUrl: 'Pl4ntedInStrangersUrl',
};

/** What the running agent would say, with secrets as no agent says them: the bundle trusts nobody. */
async function talkativeAgent(): Promise<number> {
  const server = createServer((request, response) => {
    const body = {
      ...{ status: 'degraded', site: 'site', agent: 'box', version: '9.9.9', brokerConnected: false },
      ...{ outboxDepth: 3, cameras: [] },
      troubles: [{ code: 'x', detail: `rtsp://admin:${encodeURIComponent(PLANTED.inUrl)}@10.0.0.5/` }],
    };
    if (request.url === '/status') response.end(JSON.stringify(body));
    else response.end(`roadwatch_frames_total{reason="${PLANTED.inFile}"} 7\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function bundle(config: string, ...args: string[]) {
  const folder = await temporaryFolder();
  const to = join(folder, 'bundle.tar.gz');
  const logFile = join(folder, 'said.log');
  const child = new Child(
    'support-bundle',
    'agent/src/cli.ts',
    ['support-bundle', '--config', config, '--to', to, ...args],
    { logFile },
  );
  const code = await child.exited;
  return { code, to, said: readFileSync(logFile, 'utf8') };
}

/** Every file in it by name. */
async function unpacked(to: string): Promise<Record<string, string>> {
  const folder = join(await temporaryFolder(), 'out');
  await mkdir(folder);
  expect(spawnSync('tar', ['-xzf', to, '-C', folder]).status).toBe(0);
  const inside = join(folder, 'roadwatch-support');
  return Object.fromEntries(
    readdirSync(inside).map((name) => [name, readFileSync(join(inside, name), 'utf8')]),
  );
}

test('a bundle says how the box is, and holds no secret, wherever one was planted', async () => {
  const folder = await temporaryFolder();
  const config = join(folder, 'agent.yaml');
  await writeFile(join(folder, 'camera-password'), `${PLANTED.inFile}\n`);
  await writeFile(join(folder, 'agent.env'), `SERVICE_PASSWORD=${PLANTED.inServiceFile}\n`);
  await writeFile(
    config,
    `# ${PLANTED.inComment}
site: site
agent: box
dataDir: ./data
model: ${JSON.stringify(await potholeModel())}
mqtt: { url: "mqtt://127.0.0.1:1", username: box, password: ${JSON.stringify(PLANTED.inPassword)} }
health: { port: ${await talkativeAgent()} }
cameras:
  - id: north
    name: { en: North, zh: 北 }
    url: "rtsp://admin:${encodeURIComponent(PLANTED.inUrl)}@127.0.0.1:1/live?x=${PLANTED.inQuery}"
  - { id: south, name: { en: South, zh: 南 }, url: "rtsp://127.0.0.1:1/", username: a, passwordFile: camera-password }
  - { id: east, name: { en: East, zh: 东 }, url: "rtsp://127.0.0.1:1/", username: a, password: "\${SERVICE_PASSWORD}" }
  - { id: west, name: { en: West, zh: 西 }, url: "rtsp://127.0.0.1:1/", username: a, password: "\${PLANTED_SECRET}" }
pasword: ${PLANTED.inUnknownKey}
`,
  );
  const log = join(folder, 'agent.log');
  const known = Object.values(PLANTED).slice(0, 6);
  const lines = [
    ...known.map((secret, index) => JSON.stringify({ msg: `line ${index}`, secret, base: btoa(secret) })),
    `authorization: Bearer ${PLANTED.inBearer}`,
    `GET https://example.org/a?token=${PLANTED.inStrangerUrl}`,
    '{"msg":"the last line"}',
  ];
  // More than is kept of it: the end is what counts.
  await writeFile(log, `${'{"msg":"an old line"}\n'.repeat(250_000)}${lines.join('\n')}\n`);
  process.env.PLANTED_SECRET = PLANTED.inEnvironment;
  onTestFinished(() => void delete process.env.PLANTED_SECRET);

  const { code, to, said } = await bundle(config, '--log', log);
  expect([code, said]).toEqual([0, expect.stringContaining('is made, without secrets')]);
  const { mode, size } = await stat(to);
  expect(mode & 0o777).toBe(0o600);
  expect(size).toBeLessThan(2 ** 20);
  const files = await unpacked(to);
  const whole = Object.values(files).join('\n');
  for (const [place, secret] of Object.entries(PLANTED)) {
    const spellings = [secret, encodeURIComponent(secret), btoa(secret), JSON.stringify(secret).slice(1, -1)];
    for (const spelling of spellings) expect([place, whole.includes(spelling)]).toEqual([place, false]);
  }
  expect(whole).not.toContain('Pl4nted');

  expect(files['agent.yaml']).toMatch(/rtsp:\/\/127\.0\.0\.1:1\/live/);
  expect(files['agent.yaml.problems']).toMatch(/pasword: unknown key.*\(line \d+\)/);
  expect(files['status.json']).toContain('"version": "9.9.9"');
  expect(files['metrics.txt']).toContain('roadwatch_frames_total');
  expect(files['doctor.txt']).toMatch(/pasword: unknown key/);
  expect(files['log.txt']).toContain('the last line');
  expect(Buffer.byteLength(files['log.txt'] as string)).toBeLessThanOrEqual(2 * 2 ** 20);
  expect(JSON.parse(files['versions.json'] as string)).toMatchObject({ node: process.version });

  const again = await bundle(config, '--log', log, '--to', to);
  expect([again.code, again.said]).toEqual([1, expect.stringContaining('cannot be made (EEXIST)')]);
}, 120_000);

test('settings that are no YAML are told, and not packed; a log that is empty is told, too', async () => {
  const folder = await temporaryFolder();
  const config = join(folder, 'agent.yaml');
  await writeFile(config, 'site: site\nmqtt: { password: @Pl4nted }\n');
  const { code, to, said } = await bundle(config, '--log', '/dev/null', '--lang', 'zh');
  expect([code, said]).toEqual([0, expect.stringContaining('其中日志为空')]);
  const files = await unpacked(to);
  expect(files['log.txt']).toMatch(/^\(Empty: /);
  expect(files['agent.yaml.problems']).toMatch(/line 2: a value cannot begin with this character/);
  expect(Object.values(files).join('\n')).not.toContain('Pl4nted');
}, 120_000);
