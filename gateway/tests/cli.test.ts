import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { TestAgent } from '../testing/agent.ts';
import { call, TestOperator } from '../testing/operator.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

function configFile(extra: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, JSON.stringify({ dataDir: 'data', http: { port: 0 }, broker: { port: 0 }, ...extra }));
  return file;
}

function run(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...parameters], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

async function started(file: string): Promise<{ child: ChildProcess; lines: string[] }> {
  const child = spawn(process.execPath, [CLI, '--config', file], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    lines.push(line);
    if (line.startsWith('MQTT: ')) break;
  }
  return { child, lines };
}

test('what it writes is for its own user alone, whatever the umask it was started with', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const file = configFile();
  const { child } = await started(file);
  expect(run('backup', '--config', file, '--to', join(dirname(file), 'kept')).status).toBe(0);
  expect(
    run('export', 'tickets', '--config', file, '--to', join(dirname(file), 'kept', 'tickets.csv')).status,
  ).toBe(0);
  child.kill('SIGKILL');
  for (const folder of ['data', 'kept']) {
    const names = readdirSync(join(dirname(file), folder), { recursive: true, encoding: 'utf8' });
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      expect([name, statSync(join(dirname(file), folder, name)).mode & 0o077]).toEqual([name, 0]);
  }
});

test('a configuration is checked without starting anything, and what is wrong is named', () => {
  expect(run('--config', configFile(), '--check-config')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/: valid\n$/),
  });
  const wrong = run('--config', configFile({ clocks: { responseMinutes: 'soon' } }), '--check-config');
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/clocks\.responseMinutes: .*"soon"/);
  expect(run('--check-config')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/--config FILE is needed/),
  });
});

test('an agent and a user registered before the first run, and others while it runs, can log in; it ends with 0', async () => {
  const file = configFile();
  const early = /^Password: (\S+)\n$/.exec(
    run('agents', 'add', 'binjiang/edge-1', '--config', file).stdout,
  )?.[1];
  const { child, lines } = await started(file);
  const url = (name: string) =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) as string;
  const late = /^Password: (\S+)\n$/.exec(
    run('agents', 'add', 'binjiang/edge-2', '--config', file).stdout,
  )?.[1];
  await TestAgent.connect(url('MQTT'), { site: 'binjiang', agent: 'edge-1' }, early as string);
  await TestAgent.connect(url('MQTT'), { site: 'binjiang', agent: 'edge-2' }, late as string);
  const added = run('users', 'add', 'ann', '--role', 'operator', '--config', file).stdout;
  const password = /^Login: ann {2}Password: (\S+)\n$/.exec(added)?.[1] as string;
  const ann = await TestOperator.login(url('Console'), 'ann', password);
  expect((await ann.get('/api/me')).body.user.role).toBe('operator');
  const made = run('tokens', 'add', 'map', '--scope', 'alerts:read', '--days', '30', '--config', file).stdout;
  const headers = { authorization: `Bearer ${/^Token: (\S+)\n$/.exec(made)?.[1]}` };
  expect((await call(url('Console'), 'GET', '/api/alerts', { headers })).status).toBe(200);
  expect(run('tokens', 'list', '--config', file).stdout).toMatch(/^map {2}valid {2}alerts:read {2}until 20/);
  run('tokens', 'revoke', 'map', '--config', file);
  expect((await call(url('Console'), 'GET', '/api/alerts', { headers })).status).toBe(401);
  run('users', 'disable', 'ann', '--config', file);
  expect((await ann.get('/api/me')).status).toBe(401);
  // Or nobody could let people in at the console.
  for (const locksOut of [
    ['disable', 'admin'],
    ['add', 'admin', '--role', 'viewer'],
  ])
    expect(run('users', ...locksOut, '--config', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('admin is the last admin'),
    });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(run('audit', 'verify', '--config', file)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('unbroken'),
  });
  // A dozen programs, one after the other.
}, 240_000);

test.each([
  [['agents', 'add', 'Edge 1'], /expected SITE\/AGENT/],
  [['agents', 'revoke', 'binjiang/none'], /there is no agent/],
  [['users', 'add', 'bo', '--role', 'king'], /--role: king is not allowed/],
  [
    ['users', 'add', 'bo', '--role', 'unit', '--unit', 'none'],
    /there is no unit none; the configuration has road-maintenance/,
  ],
  [['users', 'add', 'bo', '--role', 'unit'], /--unit: goes with --role unit/],
  [['users', 'disable', 'nobody'], /there is no user nobody/],
  [['tokens', 'add', 'map', '--scope', 'all'], /'all' is invalid. Allowed choices are alerts:read,/],
  [['tokens', 'add', 'A Map', '--scope', 'alerts:read'], /^roadwatch-gateway: A Map: expected lower-case/],
  [['tokens', 'add', 'map', '--scope', 'alerts:read', '--days', 'x'], /expiresAt: expected an instant/],
  [['tokens', 'revoke', 'nothing'], /there is no token nothing/],
])('%j is refused in one line', (parameters, reason) => {
  const { status, stderr } = run(...parameters, '--config', configFile());
  expect(status).toBe(1);
  expect(
    stderr
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('{')),
  ).toEqual([expect.stringMatching(reason)]);
});
