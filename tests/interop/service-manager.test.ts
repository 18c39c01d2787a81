/** What agent and gateway say to the service manager, as one hears it that was written by somebody else. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Liveness, ServiceManager } from '@roadwatch/common';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { Child } from '../../scripts/demo/child.ts';
import { temporaryFolder } from '../support/temp.ts';
import { managerStandIn } from './support/service-manager.ts';

const silent = pino({ enabled: false });
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const isAlive = (words: readonly string[]): boolean => words.includes('WATCHDOG=1');

test.skipIf(!has('systemd-notify'))('says that it is alive only while nothing is stuck', async () => {
  const manager = await managerStandIn();
  const env = { NOTIFY_SOCKET: manager.socket, WATCHDOG_USEC: '300000', WATCHDOG_PID: String(process.pid) };
  const program = ServiceManager.of(env, silent);
  // No child of it may speak in its name.
  expect(env).toEqual({});
  let now: Liveness = { status: '2 of 2 cameras stream', stuck: null };
  program.ready(() => now);
  const first = await manager.heard((words) => words.includes('READY=1'));
  expect(first).toEqual(['READY=1', 'WATCHDOG=1', 'STATUS=2 of 2 cameras stream']);
  now = { ...now, stuck: 'a picture has waited for 61 s to be analysed' };
  const stuck = (words: readonly string[]): boolean =>
    words.includes('STATUS=a picture has waited for 61 s to be analysed');
  expect(await manager.heard(stuck)).toHaveLength(1);
  const from = manager.said.length;
  await manager.heard(stuck, from);
  expect(manager.said.slice(from).some(isAlive)).toBe(false);
  now = { ...now, stuck: null };
  await manager.heard(isAlive, from);
  await program.stopping();
  await manager.heard((words) => words.includes('STOPPING=1'));
});

test.skipIf(!has('systemd-notify'))(
  'a program whose judgement does not come is not said to be alive',
  async () => {
    const manager = await managerStandIn();
    const program = ServiceManager.of({ NOTIFY_SOCKET: manager.socket, WATCHDOG_USEC: '300000' }, silent);
    const hangs = Promise.withResolvers<Liveness>();
    let asked = 0;
    program.ready(() => (asked++ === 0 ? { status: 'well', stuck: null } : hangs.promise));
    await manager.heard(isAlive);
    // Another program on the same socket is the clock.
    const clock = ServiceManager.of({ NOTIFY_SOCKET: manager.socket, WATCHDOG_USEC: '300000' }, silent);
    const from = manager.said.length;
    let ticks = 0;
    clock.ready(() => ({ status: `tick ${++ticks}`, stuck: null }));
    await manager.heard((words) => words.includes('STATUS=tick 4'));
    await clock.stopping();
    const alive = manager.said.slice(from).filter(isAlive);
    expect(alive.every((words) => words.some((word) => word.startsWith('STATUS=tick')))).toBe(true);
    hangs.resolve({ status: 'well again', stuck: null });
    await manager.heard((words) => words.includes('STATUS=well again'));
    expect(manager.said.filter((words) => words.includes('STATUS=well'))).toHaveLength(1);
    await program.stopping();
  },
);

test.skipIf(!has('systemd-notify'))('an agent is ready, says how its cameras are, and ends', async () => {
  const manager = await managerStandIn();
  const folder = await temporaryFolder();
  const file = join(folder, 'agent.yaml');
  const camera = { id: 'camera-1', name: { en: 'One', zh: '一' }, url: 'rtsp://127.0.0.1:9/none' };
  await writeFile(
    file,
    JSON.stringify({
      ...{ site: 'site', agent: 'box', dataDir: 'data', mqtt: { url: 'mqtt://127.0.0.1:9' } },
      ...{ health: { port: 0 }, cameras: [camera] },
    }),
  );
  const agent = program('agent', file, manager.socket);
  await manager.heard((words) => words.includes('READY=1'));
  const alive = await manager.heard(isAlive);
  expect(alive).toContain('STATUS=0 of 1 cameras stream, broker not connected');
  expect(await agent.stop()).toBe(0);
  await manager.heard((words) => words.includes('STOPPING=1'));
});

// It builds the console first, where that has not been done.
test.skipIf(!has('systemd-notify'))(
  'a gateway is ready, says that it works, and ends',
  async () => {
    const manager = await managerStandIn();
    const folder = await temporaryFolder();
    const file = join(folder, 'gateway.yaml');
    await writeFile(file, JSON.stringify({ dataDir: 'data', http: { port: 0 }, broker: { port: 0 } }));
    const gateway = program('gateway', file, manager.socket);
    const ready = await manager.heard((words) => words.includes('READY=1'));
    expect(ready).toContain('STATUS=works');
    expect(await gateway.stop()).toBe(0);
    await manager.heard((words) => words.includes('STOPPING=1'));
  },
  120_000,
);

/** By the exposure that systemd itself computes: 10 is a service that may do everything. */
test.skipIf(!has('systemd-analyze'))('the units give away little of the machine', () => {
  const folder = fileURLToPath(new URL('../../deploy', import.meta.url));
  const units = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.service'),
  );
  // What installs packages has to be root, for as long as that takes.
  const running = units.filter((name) => !name.endsWith('-update.service'));
  expect(running.sort()).toEqual(['agent/roadwatch-agent.service', 'gateway/roadwatch-gateway.service']);
  for (const unit of running) {
    const { status, stdout } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=25', join(folder, unit)],
      { encoding: 'utf8' },
    );
    expect(status, stdout.split('\n').at(-2)).toBe(0);
  }
});

function program(name: 'agent' | 'gateway', file: string, socket: string): Child {
  const child = new Child(name, `${name}/src/cli.ts`, ['--config', file], {
    logFile: `${file}.log`,
    env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '600000' },
  });
  onTestFinished(async () => {
    await child.stop('SIGKILL');
  });
  return child;
}
