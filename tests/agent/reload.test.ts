/** Other settings for an agent that runs: applied as a whole or refused with every reason, and no camera pays for another. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentStatus, CameraState, Detection } from '@roadwatch/contract';
import type { RunningCamera } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { Child, type LogLine } from '../../scripts/demo/child.ts';
import { temporaryFolder } from '../support/temp.ts';
import { boxSettings, potholeModel, startBoxOfFile, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

interface Counted {
  readonly camera: RunningCamera;
  /** Connections since it was started. */
  connections(): number;
}

async function counted(): Promise<Counted> {
  const camera = await streetCamera();
  let count = 0;
  camera.events.on('connected', () => {
    count++;
  });
  return { camera, connections: () => count };
}

function section(id: string, { camera }: Counted, change: object = {}): object {
  return { id, name: { en: `Camera ${id}`, zh: `摄像机${id}` }, url: camera.url, ...change };
}

function said(gateway: GatewayStandIn, camera: string): CameraState | undefined {
  const found = gateway.received.findLast(({ topic }) => topic.endsWith(`/cameras/${camera}/state`));
  return found && (JSON.parse(found.payload.toString()) as CameraState);
}

function status(gateway: GatewayStandIn): AgentStatus {
  const { payload } = gateway.received.findLast(({ topic }) => topic.endsWith('/status')) as {
    payload: Buffer;
  };
  return JSON.parse(payload.toString()) as AgentStatus;
}

const of = (gateway: GatewayStandIn, camera: string): readonly Detection[] =>
  gateway.detections.filter((detection) => detection.camera === camera);

/** Nothing becomes damage. */
const NEVER = { minSeconds: 600, minLooks: 3 };
const SOON = { minSeconds: 1, minLooks: 3 };

test('a file that is saved anew adds, changes and takes away cameras, and the others go on as if nothing had happened', async () => {
  const gateway = await GatewayStandIn.start();
  const [stays, changes, leaves, comes] = [
    await counted(),
    await counted(),
    await counted(),
    await counted(),
  ];
  const model = await potholeModel();
  const settings = (cameras: readonly object[], change: object): object =>
    boxSettings(gateway.url, {}, { model, cameras, ...change });
  const first = [section('stays', stays), section('changes', changes), section('leaves', leaves)];
  const box = await startBoxOfFile(await temporaryFolder(), settings(first, { verify: NEVER }));
  await box.line('camera streaming', 3);
  await expect.poll(() => box.lines.filter(({ msg }) => msg === 'candidate').length).toBeGreaterThan(2);
  const before = status(gateway).configuration;

  const gone = leaves.camera.next('disconnected');
  const thinner = section('changes', changes, { transport: 'udp' });
  const renamed = section('stays', stays, { name: { en: 'Renamed', zh: '改名' } });
  const second = [renamed, thinner, section('comes', comes)];
  const beforeMs = Date.now();
  box.write(settings(second, { verify: SOON }));
  await gone;
  await box.line('configuration applied');
  await box.line('camera streaming', 3 + 2);
  await gateway.until(() => of(gateway, 'stays').length > 0 && of(gateway, 'comes').length > 0);

  expect(stays.connections()).toBe(1);
  expect(changes.connections()).toBe(2);
  expect(leaves.connections()).toBe(1);
  expect(box.agent.figures().cameras.map(({ camera }) => camera)).not.toContain('leaves');
  expect(box.agent.figures().cameras.find(({ camera }) => camera === 'stays')?.restarts).toBe(0);
  // What was followed before is verified by the rules of now.
  const [opened] = of(gateway, 'stays');
  expect(Date.parse(opened?.firstSeenAt ?? '')).toBeLessThan(beforeMs);
  await gateway.until(() => said(gateway, 'stays')?.name.en === 'Renamed');
  await gateway.until(() => status(gateway).configuration?.version !== before?.version);
  expect(status(gateway)).toMatchObject({ cameras: 3, configuration: { refused: [] } });
}, 120_000);

test('a file with mistakes is refused with every one of them, nothing of it is applied, and one that is right again ends it', async () => {
  const gateway = await GatewayStandIn.start();
  const [one, other] = [await counted(), await counted()];
  const model = await potholeModel();
  const right = boxSettings(gateway.url, {}, { model, cameras: [section('one', one)] });
  const box = await startBoxOfFile(await temporaryFolder(), right);
  await box.line('camera streaming');
  const metrics = async (): Promise<string> => (await fetch(`${box.agent.healthUrl}/metrics`)).text();

  const cameras = [section('one', one, { url: 'rtsp://admin:pa#ss@h/' }), section('other', other)];
  box.write({ ...right, cameras, verify: { minLooks: 1 }, colour: 'red' });
  const { refused } = await box.line('configuration refused, the former one stays');
  expect(refused).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/verify\.minLooks.* 1 is not allowed/),
      expect.stringMatching(/colour.*unknown key/),
    ]),
  );
  expect(JSON.stringify(refused)).not.toContain('pa#ss');
  await gateway.until(() => status(gateway).configuration?.refused.length === (refused as string[]).length);
  expect(status(gateway).troubles).toMatchObject([{ code: 'configuration_refused' }]);
  expect(await metrics()).toMatch(/^roadwatch_configuration_last_reload_successful 0$/m);
  // It does what it did, so nobody is to begin it anew.
  for (const path of ['healthz', 'readyz'])
    expect((await fetch(`${box.agent.healthUrl}/${path}`)).status).toBe(200);
  const told = (await (await fetch(`${box.agent.healthUrl}/status`)).json()) as object;
  expect(told).toMatchObject({ configuration: { refused } });

  // A camera that a start would leave out is no reason to lose it while the agent runs.
  box.write({ ...right, cameras: [section('other', other), section('one', one, { colour: 'red' })] });
  const again = await box.line('configuration refused, the former one stays', 2);
  expect(again.refused).toEqual([expect.stringMatching(/cameras\[1\]\.colour.*unknown key/)]);

  box.write(right);
  await box.line('configuration is as it was again');
  await gateway.until(() => status(gateway).configuration?.refused.length === 0);
  expect(status(gateway).troubles).toEqual([]);
  expect(await metrics()).toMatch(/^roadwatch_configuration_last_reload_successful 1$/m);
  expect(await metrics()).toMatch(/^roadwatch_configuration_refused_total 2$/m);
  expect([one.connections(), other.connections()]).toEqual([1, 0]);
}, 180_000);

test('what counts at the next start only is named, and what came with it waits for that start', async () => {
  const gateway = await GatewayStandIn.start();
  const [one, other] = [await counted(), await counted()];
  const model = await potholeModel();
  const before = boxSettings(gateway.url, {}, { model, cameras: [section('one', one)] });
  const box = await startBoxOfFile(await temporaryFolder(), before);
  await box.line('camera streaming');
  box.write({
    ...before,
    cameras: [section('one', one), section('other', other)],
    mqtt: { url: gateway.url, password: 'another' },
    health: { port: 0, host: '127.0.0.2' },
    ring: { dir: 'elsewhere' },
  });
  const { refused } = await box.line('configuration refused, the former one stays');
  const restart = 'cannot be changed while the agent runs; restart it, or put the former value back';
  expect(refused).toEqual(['mqtt.password', 'health.host', 'ring.dir'].map((key) => `${key}: ${restart}`));
  expect([one.connections(), other.connections()]).toEqual([1, 0]);
}, 180_000);

test.each(['taken away', 'begun anew'])(
  'the clip of a camera that is %s is still cut',
  async (what) => {
    const gateway = await GatewayStandIn.start();
    const [one, other] = [await counted(), await counted()];
    const model = await potholeModel();
    const cameras = [section('one', one), section('other', other)];
    const settings = boxSettings(gateway.url, {}, { model, cameras });
    const box = await startBoxOfFile(await temporaryFolder(), settings);
    await gateway.until(() => of(gateway, 'one').length > 0);
    const rest = [section('other', other)];
    const anew = section('one', one, { transport: 'udp' });
    box.write({ ...settings, cameras: what === 'taken away' ? rest : [...rest, anew] });
    await box.line(what === 'taken away' ? 'camera removed' : 'camera changed, begun anew');
    await gateway.until(() => (of(gateway, 'one').at(-1)?.evidence.length ?? 0) > 2);
    const last = of(gateway, 'one').at(-1) as Detection;
    expect(last.evidence.map(({ name }) => name)).toEqual(['still.jpg', 'overlay.jpg', 'clip.mp4']);
    expect(last.missing ?? []).toEqual([]);
    // It is the same damage to the one that is begun anew.
    if (what === 'begun anew') await box.line('known damage seen again');
    expect(new Set(of(gateway, 'one').map(({ id }) => id)).size).toBe(1);
    expect(other.connections()).toBe(1);
  },
  180_000,
);

test('a road, and a mask that the file adds, hold without a new connection; a mask that it takes away is gone', async () => {
  const gateway = await GatewayStandIn.start();
  const one = await counted();
  const model = await potholeModel();
  const mask = [
    [0, 0],
    [0.2, 0],
    [0.2, 0.2],
  ];
  const road = [
    [0, 0],
    [1, 0],
    [1, 1],
  ];
  const settings = (camera: object): object =>
    boxSettings(gateway.url, {}, { model, cameras: [section('one', one, camera)] });
  const box = await startBoxOfFile(await temporaryFolder(), settings({}));
  await box.line('camera streaming');
  box.write(settings({ masks: [mask], road }));
  await box.line('camera changed');
  await gateway.until(() => said(gateway, 'one')?.masks?.length === 1);
  expect(said(gateway, 'one')).toMatchObject({ road, masks: [mask] });
  expect(one.connections()).toBe(1);
  box.write(settings({ road }));
  await box.line('camera changed, begun anew');
  await box.line('camera streaming', 2);
  await gateway.until(() => said(gateway, 'one')?.masks === undefined);
}, 180_000);

/** Whether a handler is there; without one SIGHUP ends a process. */
function hearsHangUp(pid: number): boolean {
  const [, caught = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}

test('SIGHUP reads the file anew; to an agent that starts or stops it does no harm', async () => {
  const [one, other] = [await counted(), await counted()];
  const file = join(await temporaryFolder(), 'agent.yaml');
  const model = await potholeModel();
  const settings = (cameras: readonly object[]): string =>
    JSON.stringify(boxSettings('mqtt://127.0.0.1:9', {}, { model, cameras, reload: { watch: false } }));
  await writeFile(file, settings([section('one', one)]));
  const lines: LogLine[] = [];
  const child = new Child('agent', 'agent/src/cli.ts', ['--config', file], {
    logFile: `${file}.log`,
    onLog: (line) => {
      lines.push(line);
    },
  });
  onTestFinished(async () => {
    await child.stop();
  });
  const pid = child.pid as number;
  const heard = (msg: string) =>
    expect.poll(() => lines.map((line) => line.msg), { timeout: 150_000 }).toContain(msg);
  while (!hearsHangUp(pid)) await sleep(5);
  process.kill(pid, 'SIGHUP');
  await heard('agent started');
  await heard('camera streaming');

  await writeFile(file, settings([section('one', one), section('other', other)]));
  const connected = other.camera.next('connected');
  for (let i = 0; i < 5; i++) process.kill(pid, 'SIGHUP');
  await heard('configuration applied');
  await connected;
  expect(one.connections()).toBe(1);

  const ended = child.stop();
  process.kill(pid, 'SIGHUP');
  expect(await ended).toBe(0);
}, 180_000);
