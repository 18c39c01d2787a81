/** The first minutes of a box: `init` with a camera that speaks ONVIF, then the agent, until the console shows its picture. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  chown,
  copyFile,
  mkdir,
  readdir,
  readFile,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { writePairingCode } from '@roadwatch/contract';
import { type RunningOnvif, startOnvif } from '@roadwatch/simulator';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { testGateway } from '../../gateway/testing/gateway.ts';
import { Child, type LogLine } from '../../scripts/demo/child.ts';
import { codeFor, pairedBox } from '../interop/support/paired-box.ts';
import { temporaryFolder } from '../support/temp.ts';
import { streetCamera } from './support/agent-box.ts';

/** As a careful person chooses one, and as no address takes it without encoding. */
const PASSWORD = 'p@ss:/w#rd %"';
const credentials = { user: 'admin', password: PASSWORD };

async function onvifCamera(): Promise<{ readonly onvif: RunningOnvif; readonly url: string }> {
  const camera = await streetCamera({ credentials, subStream: { width: 640, height: 360 } });
  const at = { fps: 10 };
  const onvif = await startOnvif({
    name: '滨盛路 1',
    credentials,
    // A clock that is minutes off makes a token of ours look old, unless it is made by that clock.
    clockOffsetMs: -20 * 60_000,
    profiles: [
      { token: 'main', width: 800, height: 448, url: camera.url, ...at },
      { token: 'sub', width: 640, height: 360, url: camera.subUrl as string, ...at },
    ],
  });
  onTestFinished(() => onvif.stop());
  return { onvif, url: camera.url };
}

interface Box {
  readonly folder: string;
  readonly config: string;
  /** Begins it; `init` waits for its end, too. */
  start(...args: string[]): Child;
  init(...args: string[]): Promise<{ code: number | null; said: string }>;
}

async function bareBox(code: string, login = `admin:${PASSWORD}\n`, given?: string): Promise<Box> {
  const folder = given ?? (await temporaryFolder());
  const files = await temporaryFolder();
  await writeFile(join(files, 'code'), code);
  await writeFile(join(files, 'login'), login);
  const config = join(folder, 'agent.yaml');
  const logFile = join(files, 'said.log');
  const start = (...args: string[]): Child => {
    const given = [
      '--config',
      config,
      '--code-file',
      join(files, 'code'),
      '--login-file',
      join(files, 'login'),
    ];
    return new Child('init', 'agent/src/cli.ts', ['init', ...given, '--no-discover', ...args], { logFile });
  };
  const init = async (...args: string[]) => {
    const exit = await start(...args).exited;
    return { code: exit, said: await readFile(logFile, 'utf8') };
  };
  return { folder, config, start, init };
}

test('from a bare box to a picture on the console: a code, init, the agent', async () => {
  const gateway = await testGateway();
  const { onvif, url } = await onvifCamera();
  const box = await bareBox(await codeFor(gateway));

  const { code, said } = await box.init('--camera', `127.0.0.1:${onvif.port}`);
  expect(said).toContain('site/box is paired with');
  expect(code).toBe(0);
  expect(onvif.refusedLogins).toBe(0);
  const text = await readFile(box.config, 'utf8');
  expect(text).toContain(`url: ${JSON.stringify(url)}`);
  expect(text + said).not.toContain(PASSWORD);
  for (const name of await readdir(box.folder, { recursive: true })) {
    const { mode } = await stat(join(box.folder, name));
    expect([name, mode & 0o077]).toEqual([name, 0]);
  }
  const picture = await sharp(join(box.folder, 'camera-pictures/cam-127-0-0-1.jpg')).metadata();
  expect([picture.width, picture.height]).toEqual([800, 448]);

  const again = await box.init('--camera', `127.0.0.1:${onvif.port}`);
  expect([again.code, again.said]).toEqual([
    1,
    expect.stringMatching(/is there already, and is not written over/),
  ]);
  expect(await readFile(box.config, 'utf8')).toBe(text);

  const streaming = Promise.withResolvers<LogLine>();
  const agent = new Child('agent', 'agent/src/cli.ts', ['--config', box.config], {
    logFile: join(await temporaryFolder(), 'agent.log'),
    onLog: (line) => {
      if (line.msg === 'camera streaming') streaming.resolve(line);
    },
  });
  onTestFinished(async () => void (await agent.stop()));
  await Promise.race([streaming.promise, agent.exited]);
  const operator = await gateway.operator();
  const camera = '/api/cameras/site/box/cam-127-0-0-1';
  await operator.until('/api/cameras', ({ items }) => items[0]?.state === 'streaming');
  const opened = await operator.post(`${camera}/live`);
  expect(opened.status).toBe(200);
  const live = new URL(opened.body.path, gateway.url).href.replace(/^http/, 'ws');
  const viewer = new WebSocket(live, { headers: { cookie: operator.cookie } });
  onTestFinished(() => viewer.terminate());
  const [packets] = (await once(viewer, 'message')) as [Buffer];
  expect(packets.length).toBeGreaterThan(0);
}, 120_000);

test('nothing is written when the pairing fails, or the camera refuses the login, and each is told', async () => {
  const gateway = await testGateway();
  const { onvif } = await onvifCamera();
  const camera = `127.0.0.1:${onvif.port}`;
  const code = await codeFor(gateway);
  const used = await bareBox(code);
  expect((await used.init('--camera', camera)).code).toBe(0);

  const late = await bareBox(code);
  const { code: exit, said } = await late.init('--camera', camera);
  expect([exit, said]).toEqual([1, expect.stringMatching(/the code has been used for another box/)]);
  expect(await readdir(late.folder)).toEqual(['data']);

  const again = await late.init('--camera', camera, '--lang', 'zh');
  expect(again.said).toContain('该配对码已用于另一台设备');

  const wrong = await bareBox(await codeFor(gateway, 'site', 'other'), 'admin:guess\n');
  const refused = await wrong.init('--camera', camera, '--lang', 'zh');
  expect([refused.code, refused.said]).toEqual([1, expect.stringMatching(/设备拒绝 ONVIF 登录/)]);
  expect(await readdir(wrong.folder)).toEqual([]);
  // One password is tried once: no camera locks because of it.
  expect(onvif.refusedLogins).toBe(1);
}, 120_000);

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s while the gateway is asked leaves nothing of it',
  async (name) => {
    const asked = Promise.withResolvers<void>();
    const silent = createServer(() => asked.resolve()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const { onvif } = await onvifCamera();
    const gateway = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const secret = 'x'.repeat(32);
    const code = { site: 'site', agent: 'box', gateway, secret, authority: 'a'.repeat(64) };
    const box = await bareBox(writePairingCode(code));
    const child = box.start('--camera', `127.0.0.1:${onvif.port}`);
    await Promise.race([asked.promise, child.exited]);
    expect(existsSync(box.config)).toBe(true);
    // Ended by the signal, as a shell expects it.
    expect(await child.stop(name)).toBeNull();
    // The key is kept: should the gateway have taken it, the same code pairs the box yet.
    expect((await readdir(box.folder, { recursive: true })).sort()).toEqual([
      'data',
      'data/identity',
      'data/identity/new-key.pem',
    ]);
  },
  120_000,
);

test('a box that was paired under another name is set up anew', async () => {
  const gateway = await testGateway();
  const { onvif } = await onvifCamera();
  const before = await pairedBox(gateway, 'site', 'before');
  const box = await bareBox(await codeFor(gateway));
  const { code, said } = await box.init(
    ...['--camera', `127.0.0.1:${onvif.port}`, '--data-dir', before.dataDir],
  );
  expect([code, said]).toEqual([0, expect.stringContaining('site/box is paired with')]);
}, 120_000);

test('a dry run says what would be written, and writes and pairs nothing', async () => {
  const gateway = await testGateway();
  const { onvif, url } = await onvifCamera();
  const box = await bareBox(await codeFor(gateway));
  const { code, said } = await box.init('--dry-run', '--camera', `127.0.0.1:${onvif.port}`, '--camera', url);
  expect([code, said]).toEqual([0, expect.stringContaining('nothing was written')]);
  expect(existsSync(box.config)).toBe(false);
  expect(await readdir(box.folder)).toEqual([]);
}, 120_000);

/** As a package leaves it: the example in /etc for the service to read, its data in a folder of its own, all of it by root. */
async function installedBox(user: number): Promise<{ readonly etc: string; readonly data: string }> {
  const root = await temporaryFolder();
  const etc = join(root, 'etc/roadwatch');
  const data = join(root, 'var/lib/roadwatch-agent');
  await mkdir(etc, { recursive: true });
  await mkdir(data, { recursive: true });
  for (const folder of [root, join(root, 'etc'), etc, join(root, 'var'), join(root, 'var/lib')])
    await chmod(folder, 0o755);
  await copyFile('agent/agent.example.yaml', join(etc, 'agent.yaml'));
  await chmod(join(etc, 'agent.yaml'), 0o640);
  await chown(join(etc, 'agent.yaml'), 0, user);
  await chmod(data, 0o700);
  await chown(data, user, user);
  return { etc, data };
}

/** Whether somebody else may read a file. */
function mayRead(user: number, file: string): boolean {
  const who = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  return spawnSync('setpriv', [...who, 'cat', file]).status === 0;
}

test.skipIf(process.getuid?.() !== 0)(
  'on an installed box root puts its settings in place of the example, and the service alone can read them',
  async () => {
    const [service, other] = [61_234, 61_235];
    const gateway = await testGateway();
    const { onvif } = await onvifCamera();
    const { etc, data } = await installedBox(service);
    const box = await bareBox(await codeFor(gateway), undefined, etc);
    const at = ['--camera', `127.0.0.1:${onvif.port}`, '--data-dir', data];
    process.env.ROADWATCH_SERVICE = 'roadwatch-agent';
    onTestFinished(() => void delete process.env.ROADWATCH_SERVICE);

    await appendFile(box.config, '# filled in by hand\n');
    const changed = await box.init(...at);
    expect([changed.code, changed.said]).toEqual([1, expect.stringMatching(/agent\.yaml: is there already/)]);
    await copyFile('agent/agent.example.yaml', box.config);

    const { code, said } = await box.init(...at);
    expect([code, said]).toEqual([0, expect.stringContaining('sudo systemctl start roadwatch-agent')]);
    expect(await readFile(box.config, 'utf8')).toContain(`dataDir: ${JSON.stringify(data)}`);
    expect((await readdir(etc)).sort()).toEqual(['agent.yaml', 'camera-password', 'camera-pictures']);
    for (const name of ['agent.yaml', 'camera-password', 'camera-pictures/cam-127-0-0-1.jpg']) {
      const { uid, gid, mode } = await stat(join(etc, name));
      expect([name, uid, gid, mode & 0o777]).toEqual([name, 0, service, 0o640]);
      expect([name, mayRead(service, join(etc, name))]).toEqual([name, true]);
      expect([name, mayRead(other, join(etc, name))]).toEqual([name, false]);
    }
    for (const name of ['identity', 'identity/box.pem', 'identity/pairing.json']) {
      const { uid, mode } = await stat(join(data, name));
      expect([name, uid, mode & 0o077]).toEqual([name, service, 0]);
    }
    const asService = ['--reuid=61234', '--regid=61234', '--clear-groups', process.execPath];
    const valid = [resolve('agent/src/cli.ts'), '--config', box.config, '--check-config'];
    const { stdout, stderr } = spawnSync('setpriv', [...asService, ...valid], { encoding: 'utf8' });
    expect(stdout + stderr).toContain('valid; 1 camera(s)');
  },
  120_000,
);

test.skipIf(process.getuid?.() !== 0)(
  'a pairing that fails leaves the example as it was',
  async () => {
    const gateway = await testGateway();
    const { onvif } = await onvifCamera();
    const code = await codeFor(gateway);
    const at = ['--camera', `127.0.0.1:${onvif.port}`];
    expect((await (await bareBox(code)).init(...at)).code).toBe(0);
    const { etc, data } = await installedBox(61_234);
    const late = await bareBox(code, undefined, etc);
    expect((await late.init(...at, '--data-dir', data)).code).toBe(1);
    expect(await readdir(etc)).toEqual(['agent.yaml']);
    expect(await readFile(late.config)).toEqual(await readFile('agent/agent.example.yaml'));
  },
  120_000,
);
