/** The agent as a process: how it starts, ends, is killed, and what it says when it cannot start. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeverityNumber } from '@opentelemetry/api-logs';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { ATTR_SERVICE_INSTANCE_ID } from '@opentelemetry/semantic-conventions/incubating';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { VERSION } from '../../agent/src/version.ts';
import { Child, type LogLine } from '../../scripts/demo/child.ts';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const CAMERA = { id: 'camera-1', name: { en: 'One', zh: '一' }, url: 'rtsp://127.0.0.1:9/none' };

async function configured(folder: string, change: object): Promise<string> {
  const file = join(folder, 'agent.yaml');
  const config = {
    ...{ site: 'site', agent: 'box', dataDir: 'data', mqtt: { url: 'mqtt://127.0.0.1:9' } },
    ...{ health: { port: 0 }, verify: { minSeconds: 1, minLooks: 3 }, cameras: [CAMERA] },
    ...change,
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** Starts it and resolves when this message is in its log. */
async function running(file: string, message: string): Promise<{ child: Child; line: LogLine }> {
  const found = Promise.withResolvers<LogLine>();
  const child = new Child('agent', 'agent/src/cli.ts', ['--config', file], {
    logFile: `${file}.log`,
    onLog: (line) => {
      if (line.msg === message) found.resolve(line);
    },
  });
  onTestFinished(async () => {
    await child.stop();
  });
  return { child, line: await found.promise };
}

/** Starts it to see it end. */
function ending(file: string, ...more: readonly string[]): Child {
  const child = new Child('agent', 'agent/src/cli.ts', ['--config', file, ...more], {
    logFile: `${file}.log`,
  });
  onTestFinished(async () => {
    await child.stop('SIGKILL');
  });
  return child;
}

describe('the log of an agent as OpenTelemetry has it', () => {
  /** Throws where nothing catches, with an address that has a login in it. */
  const THROWS = `
    import { isMainThread } from 'node:worker_threads';
    if (isMainThread)
      process.once('SIGUSR2', () => {
        throw new TypeError('rtsp://admin:hunter2@10.0.0.5/main?token=hunter2: no such stream');
      });
  `;

  async function lines(): Promise<readonly LogLine[]> {
    const found: LogLine[] = [];
    const started = Promise.withResolvers<void>();
    const cameras = [CAMERA, { ...CAMERA, id: 'camera-2', url: 'rtsp://admin:S3#cret@h/' }];
    const folder = await temporaryFolder();
    const throws = join(folder, 'throws.mjs');
    await writeFile(throws, THROWS);
    const file = await configured(folder, { model: await potholeModel(), cameras });
    const child = new Child('agent', 'agent/src/cli.ts', ['--config', file], {
      logFile: `${file}.log`,
      env: { NODE_OPTIONS: `--import=${throws}` },
      onLog: (line) => {
        found.push(line);
        const said = new Set(found.map(({ msg }) => msg));
        if (said.has('agent started') && said.has('broker not connected')) started.resolve();
      },
    });
    onTestFinished(async () => {
      await child.stop('SIGKILL');
    });
    await started.promise;
    process.kill(child.pid as number, 'SIGUSR2');
    expect(await child.exited).toBe(1);
    // And not the text that Node writes of it.
    expect(child.lastWords()).toBe(found.at(-1)?.msg);
    return found;
  }

  test('each line has its severity, its time and who wrote it, and an exception is told without secrets', async () => {
    const said = await lines();
    for (const line of said) {
      const severity = SeverityNumber[line.SeverityText as keyof typeof SeverityNumber];
      expect(line).toMatchObject({
        SeverityNumber: severity,
        level: (severity - 1) * 2.5 + 10,
        time: new Date(String(line.time)).toISOString(),
        [ATTR_SERVICE_NAME]: 'roadwatch-agent',
        [ATTR_SERVICE_VERSION]: VERSION,
        [ATTR_SERVICE_INSTANCE_ID]: 'site/box',
        msg: expect.stringMatching(/./),
      });
    }
    const numbers = new Set(said.map((line) => line.SeverityNumber));
    const { INFO, WARN, ERROR, FATAL } = SeverityNumber;
    expect(numbers).toEqual(new Set([INFO, WARN, ERROR, FATAL]));
    expect(said.at(-1)).toMatchObject({
      SeverityNumber: FATAL,
      [ATTR_EXCEPTION_TYPE]: 'TypeError',
      [ATTR_EXCEPTION_MESSAGE]: 'rtsp://10.0.0.5/main?…: no such stream',
      [ATTR_EXCEPTION_STACKTRACE]: expect.stringMatching(
        /^TypeError: rtsp:\/\/10.*\n +at .*throws\.mjs:5:15/,
      ),
    });
    expect(JSON.stringify(said)).not.toMatch(/hunter2|S3#|cret/);
  }, 60_000);

  test('the collector that is described finds in each line the fields that it moves', async () => {
    const { receivers } = parse(readFileSync('deploy/opentelemetry/collector.example.yaml', 'utf8'));
    const text = JSON.stringify(receivers['filelog/roadwatch'].operators);
    const fields = [...text.matchAll(/attributes(?:\.(\w+)|\[\\"(.+?)\\"\])/g)].map(([, a, b]) => a ?? b);
    expect(new Set(fields).size).toBe(8);
    for (const line of await lines()) expect(Object.keys(line)).toEqual(expect.arrayContaining(fields));
  }, 60_000);
});

test('an agent whose terminal is closed ends in order, though its log goes nowhere', async () => {
  const gateway = await GatewayStandIn.start();
  const mqtt = { url: gateway.url };
  const file = await configured(await temporaryFolder(), { mqtt, model: await potholeModel() });
  const command = `exec ${process.execPath} agent/src/cli.ts --config ${file}`;
  const terminal = spawn('script', ['--quiet', '--command', command, '/dev/null'], { stdio: 'ignore' });
  onTestFinished(() => void terminal.kill('SIGKILL'));
  await gateway.until(() => gateway.statuses.at(-1) === 'online');
  const closedMs = Date.now();
  terminal.kill('SIGKILL');
  await gateway.until(() => gateway.statuses.at(-1) === 'offline');
  const last = gateway.received.findLast(({ topic }) => topic.endsWith('/status'));
  // The last will, which the broker publishes of one that has ended in any other way, was written when it connected.
  const { at } = JSON.parse(last?.payload.toString() ?? '') as { at: string };
  expect(Date.parse(at)).toBeGreaterThanOrEqual(closedMs);
}, 60_000);

test('it keeps little memory for what it has just made, also when it began anew to be told so', async () => {
  const { child } = await running(
    await configured(await temporaryFolder(), { model: await potholeModel() }),
    'agent started',
  );
  const command = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0');
  const settings = readFileSync(`/proc/${child.pid}/environ`, 'utf8').split('\0');
  expect(command).toContain('--max-semi-space-size=2');
  expect(settings).toContain('MALLOC_ARENA_MAX=1');
});

test('a second agent with the same data folder says so, and leaves the first alone', async () => {
  const folder = await temporaryFolder();
  const camera = await streetCamera();
  const cameras = [{ ...CAMERA, url: camera.url }];
  const file = await configured(folder, { cameras, model: await potholeModel() });
  const first = await running(file, 'camera streaming');
  const second = ending(file);
  expect(await second.exited).toBe(1);
  expect(second.lastWords()).toBe(
    `roadwatch-agent: ${join(folder, 'data')}: another agent runs with this data folder; each needs one of its own`,
  );
  expect(isAlive(first.child.pid as number)).toBe(true);
  process.kill(first.child.pid as number, 'SIGKILL');
  await first.child.exited;
  const third = await running(file, 'camera streaming');
  expect(await third.child.stop()).toBe(0);
}, 60_000);

test('what it writes is for its own user alone, whatever the umask it was started with', async () => {
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'data');
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  await mkdir(dataDir);
  // As an earlier version may have left it.
  await writeFile(join(dataDir, 'agent.db'), '');
  const camera = await streetCamera();
  const cameras = [{ ...CAMERA, url: camera.url }];
  const file = await configured(folder, { cameras, model: await potholeModel() });
  const { child } = await running(file, 'camera streaming');
  const made = async (): Promise<string[]> => readdir(dataDir, { recursive: true });
  while (!(await made()).some((name) => name.endsWith('.ts'))) await sleep(50);
  for (const name of await made()) {
    // A segment may have left the ring meanwhile.
    const status = await stat(join(dataDir, name)).catch(() => null);
    if (status !== null) expect([name, status.mode & 0o077]).toEqual([name, 0]);
  }
  await child.stop();
}, 60_000);

/** Process ids of the children of a process. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('after kill -9 it is offline, its ffmpegs end, and the next start knows the pothole; SIGTERM ends it with 0', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const file = await configured(await temporaryFolder(), {
    mqtt: { url: gateway.url },
    model: await potholeModel(),
    cameras: [{ ...CAMERA, url: camera.url }],
  });
  const first = await running(file, 'detection stored');
  const orphans = childrenOf(first.child.pid as number);
  expect(orphans.length).toBeGreaterThan(0);
  const gone = camera.next('disconnected');
  process.kill(first.child.pid as number, 'SIGKILL');
  await gateway.until(() => gateway.statuses.at(-1) === 'offline');
  await gone;
  while (orphans.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 50));

  const second = await running(file, 'known damage seen again');
  expect(second.line.detection).toBe(first.line.detection);
  const children = childrenOf(second.child.pid as number);
  expect(await second.child.stop()).toBe(0);
  expect(children.filter(isAlive)).toEqual([]);
  expect(gateway.statuses.at(-1)).toBe('offline');
  expect(new Set(gateway.detections.map(({ id }) => id)).size).toBe(1);
}, 120_000);

test.each([
  ['cut from what was recorded before', false],
  ['said to be missing where nothing of that is left', true],
])(
  'after kill -9 a clip that was promised is %s',
  async (_, isLost) => {
    const gateway = await GatewayStandIn.start();
    const camera = await streetCamera();
    const folder = await temporaryFolder();
    const file = await configured(folder, {
      mqtt: { url: gateway.url },
      model: await potholeModel(),
      cameras: [{ ...CAMERA, url: camera.url }],
    });
    const first = await running(file, 'detection stored');
    process.kill(first.child.pid as number, 'SIGKILL');
    await first.child.exited;
    expect(gateway.evidence('clip.mp4')).toBeUndefined();
    if (isLost) await rm(join(folder, 'data/ring'), { recursive: true });

    const second = await running(file, 'agent started');
    const last = () => gateway.detections.at(-1);
    await gateway.until(() => (last()?.revision ?? 0) > 1);
    const missing = { name: 'clip.mp4', kind: 'clip', reason: 'not_recorded' };
    expect(last()).toMatchObject({ id: first.line.detection, event: 'updated' });
    expect(last()?.missing).toEqual(isLost ? [missing] : undefined);
    const names = last()?.evidence.map(({ name }) => name);
    expect(names).toEqual(['still.jpg', 'overlay.jpg', ...(isLost ? [] : ['clip.mp4'])]);
    if (isLost) expect(gateway.evidence('clip.mp4')).toBeUndefined();
    else await gateway.until(() => gateway.evidence('clip.mp4') !== undefined);
    expect(await second.child.stop()).toBe(0);
    expect(existsSync(join(folder, 'data/ring/camera-1.owed'))).toBe(false);
  },
  120_000,
);

const refusals: readonly [what: string, change: object, reason: RegExp, code: number][] = [
  ['an invalid value', { site: 'Not A Slug' }, /^\S+agent\.yaml: site: .+\n$/, 2],
  ['an unknown key', { outbox: { size: 3 } }, /^\S+agent\.yaml: outbox\.size: .+\n$/, 2],
  [
    'a model that is not there',
    { model: './nowhere' },
    /^\S+agent\.yaml: model: \S+nowhere is not a folder; .+\n$/,
    2,
  ],
  [
    'a data folder that cannot be made',
    { dataDir: 'agent.yaml/data' },
    /^\S+agent\.yaml: dataDir: .*agent\.yaml\/data.*\n$/,
    2,
  ],
];

test.each(refusals)(
  '%s is named in one line, and the exit code says whose fault it is',
  async (_, change, reason, code) => {
    const folder = await temporaryFolder();
    const file = await configured(folder, { model: await potholeModel(), ...change });
    const child = ending(file);
    expect(await child.exited).toBe(code);
    expect(`${child.lastWords()}\n`).toMatch(reason);
  },
);

test('a port that is taken is named in one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const file = await configured(await temporaryFolder(), { model: await potholeModel(), health: { port } });
  const child = ending(file);
  expect(await child.exited).toBe(1);
  expect(child.lastWords()).toMatch(new RegExp(`^roadwatch-agent: .*127\\.0\\.0\\.1:${port}`));
});

test('--check-config names a camera that is left out, and how many run', async () => {
  const cameras = [
    { ...CAMERA, url: 'rtsp://admin:S3#cret@h/' },
    { ...CAMERA, id: 'camera-2' },
  ];
  const file = await configured(await temporaryFolder(), { model: await potholeModel(), cameras });
  const child = ending(file, '--check-config');
  expect(await child.exited).toBe(1);
  expect(child.lines).toEqual([`${file}: can be used without the cameras named; 1 camera(s)`]);
  expect(child.lastWords()).toMatch(/cameras\[0\]\.url: .*username and password/);
  expect(child.lastWords()).not.toMatch(/S3|cret/);
});

test('--check-config says that a file is valid and starts nothing', async () => {
  const file = await configured(await temporaryFolder(), { model: await potholeModel() });
  const child = ending(file, '--check-config');
  expect(await child.exited).toBe(0);
  expect(child.lines).toEqual([`${file}: valid; 1 camera(s)`]);
});
