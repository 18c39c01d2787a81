/** What the gateway sets of a box: on trial at once, kept once it is confirmed, taken back by itself when it is not, secrets never told. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentStatus, type BoxSettings, type CameraState, newId, type Reply } from '@roadwatch/contract';
import type { RunningCamera } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { Child } from '../../scripts/demo/child.ts';
import { temporaryFolder } from '../support/temp.ts';
import {
  type AgentBox,
  boxSettings,
  potholeModel,
  startBoxOfFile,
  streetCamera,
} from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const SECRET = 'not-for-anybody';
const LOGIN = { name: 'street', username: 'admin', password: SECRET, hosts: ['127.0.0.0/8'] };

function counted(camera: RunningCamera): () => number {
  let count = 0;
  camera.events.on('connected', () => {
    count++;
  });
  return () => count;
}

function configuration(gateway: GatewayStandIn): NonNullable<AgentStatus['configuration']> {
  const found = gateway.received.findLast(({ topic }) => topic.endsWith('/status'));
  return (JSON.parse(String(found?.payload)) as AgentStatus).configuration as NonNullable<
    AgentStatus['configuration']
  >;
}

function said(gateway: GatewayStandIn, camera: string): CameraState | undefined {
  const found = gateway.received.findLast(({ topic }) => topic.endsWith(`/cameras/${camera}/state`));
  return found && (JSON.parse(found.payload.toString()) as CameraState);
}

const section = (id: string, { url }: RunningCamera): object => ({
  id,
  name: { en: `Camera ${id}`, zh: `摄像机${id}` },
  url,
});

async function twoCameras(change: object = {}) {
  const gateway = await GatewayStandIn.start();
  const [one, other] = [await streetCamera(), await streetCamera()];
  const connections = { one: counted(one), other: counted(other) };
  const cameras = [section('one', one), section('other', other)];
  const settings = boxSettings(gateway.url, {}, { model: await potholeModel(), cameras, ...change });
  const folder = await temporaryFolder();
  return { gateway, connections, settings, folder };
}

const configure = (
  gateway: GatewayStandIn,
  id: string,
  values: object,
  confirmSeconds = 60,
): Promise<Reply> => ask(gateway, { kind: 'box.configure', settings: { id, values, confirmSeconds } });
const confirm = (gateway: GatewayStandIn, id: string): Promise<Reply> =>
  ask(gateway, { kind: 'box.confirm', settings: id });

/** Nothing of it is ever on the wire, in the log or in what the box says of itself. */
async function keepsSecret(gateway: GatewayStandIn, box: AgentBox): Promise<void> {
  const told = await (await fetch(`${box.agent.healthUrl}/status`)).text();
  const all = [told, JSON.stringify(box.lines), ...gateway.received.map(({ payload }) => payload.toString())];
  expect(all.filter((text) => text.includes(SECRET))).toEqual([]);
}

test('settings are on trial at once, confirmed they outlast a restart, and no camera pays for another', async () => {
  const { gateway, connections, settings, folder } = await twoCameras({
    logins: [LOGIN],
    look: { share: 1 },
  });
  const added = await streetCamera({ credentials: { user: 'admin', password: SECRET } });
  const box = await startBoxOfFile(folder, settings);
  await box.line('camera streaming', 2);
  await gateway.until(() => configuration(gateway)?.own !== undefined);
  expect(configuration(gateway)).toMatchObject({
    settings: null,
    own: { verify: { roadUsers: false }, ring: { seconds: 30 }, takeSettings: true, logins: ['street'] },
  });

  const id = newId();
  const values: BoxSettings = {
    verify: { minSeconds: 600, roadUsers: true },
    look: { share: 0.01, maxSeconds: 60 },
    ring: { seconds: 60 },
    log: { level: 'debug' },
    updates: { kilobytesPerSecond: 50 },
    cameras: [{ id: 'other', enabled: false, name: { en: 'Renamed', zh: '改名' } }],
    added: [{ id: 'added', name: { en: 'Added', zh: '新增' }, url: added.url, login: 'street' }],
  };
  const often = box.agent.figures().lookEverySeconds;
  const reply = await configure(gateway, id, values);
  expect(reply).toMatchObject({ outcome: 'done', settings: id });
  await gateway.until(
    () => configuration(gateway).trial?.id === id && said(gateway, 'added')?.state === 'streaming',
  );
  expect(configuration(gateway)).toMatchObject({ settings: id, own: { ring: { seconds: 30 } } });
  // A hundredth of the processors for it is a hundredth of the looks, whatever one costs.
  expect(box.agent.figures().lookEverySeconds).toBeGreaterThan(5 * often);
  expect(said(gateway, 'other')).toMatchObject({
    state: 'paused',
    name: { en: 'Renamed' },
    own: { enabled: true, transport: 'tcp', farPass: false, name: { en: 'Camera other' } },
  });
  expect(said(gateway, 'added')?.own).toBeUndefined();
  expect([connections.one(), connections.other()]).toEqual([1, 1]);
  // Asked of a camera that is paused, the box says so.
  expect(await ask(gateway, { kind: 'snapshot', camera: 'other' })).toMatchObject({
    code: 'camera_not_streaming',
  });
  expect(await confirm(gateway, newId())).toMatchObject({ code: 'box_settings_not_on_trial' });
  expect(await confirm(gateway, id)).toMatchObject({ outcome: 'done', settings: id });
  await gateway.until(() => configuration(gateway).trial === undefined);
  // Said again, it is done already.
  expect(await confirm(gateway, id)).toMatchObject({ outcome: 'done' });
  expect(await configure(gateway, id, values)).toMatchObject({ outcome: 'done' });
  expect(configuration(gateway).trial).toBeUndefined();
  await keepsSecret(gateway, box);

  const [before, of] = [configuration(gateway).version, gateway.received.length];
  await box.agent.stop();
  const again = await startBoxOfFile(folder, settings);
  await again.line('camera streaming', 2);
  await gateway.until(() => gateway.received.slice(of).some(({ topic }) => topic.endsWith('/added/state')));
  expect(configuration(gateway)).toMatchObject({ settings: id, version: before });
  expect(said(gateway, 'other')?.state).toBe('paused');
  expect([connections.one(), connections.other()]).toEqual([2, 1]);
}, 120_000);

test('what nobody confirms in time is taken back by itself, without touching the camera that it left alone', async () => {
  const { gateway, connections, settings, folder } = await twoCameras();
  const box = await startBoxOfFile(folder, settings);
  await box.line('camera streaming', 2);
  const first = newId();
  await configure(gateway, first, { ring: { seconds: 40 } });
  expect(await confirm(gateway, first)).toMatchObject({ outcome: 'done' });
  await gateway.until(
    () => configuration(gateway).trial === undefined && configuration(gateway).settings === first,
  );
  const { version } = configuration(gateway);

  const id = newId();
  const values = { cameras: [{ id: 'other', transport: 'udp' }], ring: { seconds: 50 } };
  expect(await configure(gateway, id, values, 0)).toMatchObject({ outcome: 'done', settings: id });
  await box.line('settings of the box not confirmed, the former ones count again');
  await gateway.until(() => configuration(gateway).refusedSettings?.id === id);
  expect(configuration(gateway)).toMatchObject({
    ...{ settings: first, version },
    refusedSettings: { id, code: 'box_settings_not_confirmed', problems: [] },
  });
  expect(configuration(gateway).trial).toBeUndefined();
  expect(await confirm(gateway, id)).toMatchObject({ code: 'box_settings_not_on_trial' });
  // As long as it takes to be there by TCP again.
  await gateway.until(() => said(gateway, 'other')?.state === 'streaming');
  expect(connections.other()).toBeGreaterThan(1);
  expect(connections.one()).toBe(1);
}, 120_000);

test('settings that do not fit are refused with every problem, and nothing of them counts', async () => {
  const { gateway, connections, settings, folder } = await twoCameras({
    logins: [{ ...LOGIN, hosts: ['10.0.0.0/24', 'gate.example'] }],
  });
  const box = await startBoxOfFile(folder, settings);
  await box.line('camera streaming', 2);
  const name = { en: 'Added', zh: '新增' };
  const at = (url: string, more: object = {}): object => ({ id: newId(), name, url, ...more });
  const thief = (url: string): object => at(url, { login: 'street' });
  const reply = await configure(gateway, newId(), {
    ring: { seconds: 50 },
    cameras: [{ id: 'nowhere', enabled: false }],
    added: [
      { ...at('rtsp://10.0.0.9/1'), id: 'one' },
      at('rtsp://10.0.0.9/1', { login: 'unknown' }),
      ...['rtsp://10.0.1.9/1', 'rtsp://127.0.0.1/1', 'rtsp://gate.example.org/1'].map(thief),
      { ...thief('rtsp://10.0.0.9/1'), detectUrl: 'rtsp://[::1]/2' },
    ],
  });
  expect(reply).toMatchObject({ outcome: 'failed', code: 'box_settings_invalid' });
  expect(reply.problems?.map(({ path }) => path)).toEqual([
    ...['cameras[0].id', 'added[0].id', 'added[1].login', 'added[2].url', 'added[3].url', 'added[4].url'],
    'added[5].detectUrl',
  ]);
  for (const { en, zh } of reply.problems ?? []) expect([en, zh]).not.toContain('');

  const shapes = await configure(gateway, newId(), {
    ...{ ring: { seconds: 5, colour: 'red' }, verify: { minLooks: 2.5 }, later: {} },
    added: [at(`rtsp://admin:${SECRET}@10.0.0.9/1`)],
  });
  expect(shapes.problems?.map(({ path }) => path).sort()).toEqual([
    ...['later', 'ring.colour', 'ring.seconds', 'verify.minLooks'],
  ]);
  const login = await configure(gateway, newId(), { added: [at(`rtsp://admin:${SECRET}@10.0.0.9/1`)] });
  expect(login.problems?.map(({ path }) => path)).toEqual(['added[0].url']);
  await gateway.until(() => configuration(gateway).refusedSettings?.problems[0]?.path === 'added[0].url');
  expect(configuration(gateway)).toMatchObject({ settings: null });
  expect([connections.one(), connections.other()]).toEqual([1, 1]);
  await keepsSecret(gateway, box);
}, 120_000);

test('a file that changes keeps what is laid over it, names what no longer fits, and has the last word', async () => {
  const { gateway, connections, settings, folder } = await twoCameras();
  const box = await startBoxOfFile(folder, settings);
  await box.line('camera streaming', 2);
  const id = newId();
  const values = {
    cameras: [
      { id: 'one', name: { en: 'Renamed', zh: '改名' } },
      { id: 'other', farPass: false },
    ],
  };
  await configure(gateway, id, values);
  await confirm(gateway, id);

  const { cameras } = settings as { cameras: object[] };
  box.write({ ...settings, ring: { seconds: 20 } });
  await box.line('configuration applied');
  await gateway.until(() => configuration(gateway).own?.ring?.seconds === 20);
  expect(configuration(gateway)).toMatchObject({ settings: id });
  expect(said(gateway, 'one')?.name.en).toBe('Renamed');

  box.write({ ...settings, cameras: cameras.slice(0, 1) });
  await box.line('configuration applied', 2);
  await gateway.until(() => configuration(gateway).refusedSettings?.code === 'box_settings_in_part');
  expect(configuration(gateway)).toMatchObject({
    settings: id,
    refusedSettings: { id, problems: [{ path: 'cameras[1].id' }] },
  });
  expect(said(gateway, 'one')?.name.en).toBe('Renamed');
  box.write(settings);
  await gateway.until(() => configuration(gateway).refusedSettings === undefined);

  box.write({ ...settings, takeSettings: false });
  await gateway.until(
    () => configuration(gateway).settings === null && said(gateway, 'one')?.name.en === 'Camera one',
  );
  expect(configuration(gateway)).toMatchObject({
    own: { takeSettings: false },
    refusedSettings: { id, code: 'box_settings_not_taken' },
  });
  expect(await configure(gateway, newId(), {})).toMatchObject({ code: 'box_settings_not_taken' });
  expect(connections.one()).toBe(1);
}, 120_000);

test('killed on trial, a box starts with what it had before; killed once it is confirmed, with what counts', async () => {
  const { gateway, settings, folder } = await twoCameras();
  const file = join(folder, 'agent.yaml');
  await writeFile(file, JSON.stringify(settings));
  const start = (): Child => {
    const child = new Child('agent', 'agent/src/cli.ts', ['--config', file], { logFile: `${file}.log` });
    onTestFinished(async () => {
      await child.stop();
    });
    return child;
  };
  const kill = async (child: Child): Promise<number> => {
    process.kill(child.pid as number, 'SIGKILL');
    await child.exited;
    return gateway.received.length;
  };
  /** The first status of an agent that was started after so much was received. */
  const after = async (count: number) => {
    const fresh = () => gateway.received.slice(count).filter(({ topic }) => topic.endsWith('/status'));
    const online = () =>
      fresh().find(({ payload }) => (JSON.parse(payload.toString()) as AgentStatus).state === 'online');
    await gateway.until(() => online() !== undefined);
    return (JSON.parse(String(online()?.payload)) as AgentStatus).configuration;
  };
  let child = start();
  expect(await after(0)).toMatchObject({ settings: null });

  const [kept, tried] = [newId(), newId()];
  await configure(gateway, kept, { ring: { seconds: 40 } });
  let count = await kill(child);
  child = start();
  expect(await after(count)).toMatchObject({
    settings: null,
    refusedSettings: { id: kept, code: 'box_settings_not_confirmed' },
  });

  await configure(gateway, kept, { ring: { seconds: 40 } });
  expect(await confirm(gateway, kept)).toMatchObject({ outcome: 'done' });
  count = await kill(child);
  child = start();
  const confirmed = await after(count);
  expect(confirmed).toMatchObject({ settings: kept });
  expect(confirmed?.refusedSettings).toBeUndefined();

  await configure(gateway, tried, { ring: { seconds: 50 } });
  count = await kill(child);
  child = start();
  expect(await after(count)).toMatchObject({ settings: kept, refusedSettings: { id: tried } });
}, 180_000);
