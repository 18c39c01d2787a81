/** What `doctor` and `status` say at a box: of what is well, of what is not, and beside the running agent. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createSilent } from 'node:net';
import { join } from 'node:path';
import { newId } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { examine, examinedText } from '../../agent/src/doctor/doctor.ts';
import { checkGateway } from '../../agent/src/doctor/lines.ts';
import { askRunning } from '../../agent/src/doctor/running-agent.ts';
import { statusText } from '../../agent/src/support/status-text.ts';
import { makeCertificate } from '../../gateway/testing/certificate.ts';
import { temporaryFolder } from '../support/temp.ts';
import { boxSettings, potholeModel, startBox, startBoxOfFile, streetCamera } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const { signal } = new AbortController();
const credentials = { user: 'admin', password: 'p@ss:/w#rd' };

async function configured(change: object): Promise<string> {
  const file = join(await temporaryFolder(), 'agent.yaml');
  const named = { id: 'north', name: { en: 'North', zh: '北' } };
  const config = {
    site: 'site',
    agent: 'box',
    dataDir: 'data',
    model: await potholeModel(),
    health: { port: 1 },
  };
  const { camera, ...rest } = change as { camera: object };
  await writeFile(file, JSON.stringify({ ...config, cameras: [{ ...named, ...camera }], ...rest }));
  return file;
}

test('a box on which all is well, and one with a wrong password and no broker: each line says what to mend', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera({ credentials });
  const login = { url: camera.url, username: 'admin', password: credentials.password };
  const well = await examine(await configured({ camera: login, mqtt: { url: gateway.url } }), signal);
  expect(well.filter(({ level }) => level === 'fail')).toEqual([]);
  const said = examinedText(well, 'en');
  expect(said).toMatch(/\[ ok ] north: H264, 800 x 448/);
  expect(said).toMatch(/\[ ok ] north: a keyframe every 0\.\d s/);
  expect(said).toMatch(/test-model-1 looks at a picture in \d+ ms/);
  expect(said).toMatch(/road-users-nano-1 looks for vehicles and people in \d+ ms/);
  expect(said).toMatch(/lets this box in/);

  let refusals = 0;
  camera.events.on('refused', () => refusals++);
  const wrong = { ...login, password: 'guessed-S3cret' };
  const off = { roadUsers: false };
  const ill = await examine(
    await configured({ camera: wrong, mqtt: { url: 'mqtt://127.0.0.1:1' }, verify: off }),
    signal,
  );
  expect(ill.map(({ id }) => id)).not.toContain('road-users');
  const failed = ill.filter(({ level }) => level === 'fail');
  expect(failed.map(({ id }) => id)).toEqual(['camera.north', 'broker']);
  expect(failed.map(({ mend }) => mend?.en)).toEqual([
    expect.stringMatching(/^mend username and password/),
    expect.stringMatching(/^see to the line, mqtt\.url/),
  ]);
  expect(examinedText(ill, 'zh')).toMatch(/\[故障] north：摄像机拒绝登录/);
  expect(examinedText(ill, 'en') + JSON.stringify(ill)).not.toContain('S3cret');
  // One password is tried once, so that the camera does not lock.
  expect(refusals).toBe(1);
}, 120_000);

test('whoever no longer waits for it is not kept by a broker that says nothing', async () => {
  const silent = createSilent().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  const stopping = new AbortController();
  silent.once('connection', (socket) => {
    socket.on('error', () => {});
    stopping.abort();
  });
  const mqtt = { url: `mqtt://127.0.0.1:${(silent.address() as AddressInfo).port}` };
  const config = await configured({ camera: { url: 'rtsp://127.0.0.1:1/' }, mqtt });
  await expect(examine(config, stopping.signal)).rejects.toThrow(/aborted/);
}, 120_000);

/** As somebody at the box runs it. */
function doctor(...args: string[]) {
  const { status, stdout } = spawnSync(process.execPath, ['agent/src/cli.ts', 'doctor', ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'zh_CN.UTF-8' },
  });
  return { status, stdout };
}

test('the command speaks the language of who sits there, also of causes, and ends with 1 where something fails', async () => {
  const away = { camera: { url: 'rtsp://127.0.0.1:1/' }, mqtt: { url: 'mqtt://127.0.0.1:1' } };
  const config = await configured(away);
  const chinese = doctor('--config', config);
  expect(chinese.status).toBe(1);
  expect(chinese.stdout).toMatch(/\[故障] mqtt:\/\/127\.0\.0\.1:1\S*：无法连接（连接被拒绝/);
  expect(chinese.stdout).not.toMatch(/ECONNREFUSED/);
  const english = doctor('--config', config, '--lang', 'en', '--json');
  expect(english.status).toBe(1);
  const { findings } = JSON.parse(english.stdout) as { findings: { id: string; level: string }[] };
  expect(findings.filter(({ level }) => level === 'fail').map(({ id }) => id)).toEqual([
    'camera.north',
    'broker',
  ]);
  const wrong = await configured({ ...away, colour: 'blue' });
  expect(doctor('--config', wrong).stdout).toMatch(/\[故障] 配置文件（第 1 行 colour 项）有误/);
}, 120_000);

test('beside the running agent its session is left alone, and status tells its cameras in words', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const measuredAtStart = { inference: {}, model: await potholeModel() };
  const box = await startBox(folder, gateway.url, { url: camera.url }, measuredAtStart);
  await box.line('camera streaming');
  await gateway.until(() => gateway.statuses.at(-1) === 'online');
  await box.line('inference measured');
  const { hostname: host, port } = new URL(box.agent.healthUrl);
  const health = { host, port: Number(port) };
  const running = await askRunning(health);
  expect(running && statusText(running, 'en')).toMatch(
    /^site\/box \S+: 1 of 1 cameras stream; broker connected/,
  );
  expect(running && statusText(running, 'en')).toMatch(/load \S+, .*GB free for data, .*GB free for video/);
  expect(running && statusText(running, 'en')).toMatch(/^ {2}(line not measured yet|the line carries)/m);
  expect(running && statusText(running, 'en')).toMatch(
    /the model runs by cpu, 1 thread\(s\): \S+ ms of processor time a picture, done in \S+ ms/,
  );
  expect(running && statusText(running, 'zh')).toMatch(/模型推理：cpu，1 线程；每帧占用处理器 \S+ 毫秒/);
  expect(running && statusText(running, 'zh')).toMatch(/负载 \S+，.*数据盘可用 \S+ \/ \S+ GB/);
  expect(running && statusText(running, 'zh')).toMatch(/camera-1 \(摄像机1\): 正常/);
  const findings = await examine(
    await configured({ camera: { url: camera.url }, mqtt: { url: gateway.url }, health }),
    signal,
  );
  expect(examinedText(findings, 'en')).toMatch(/the running agent is connected to mqtt:/);
  // Its will would have told, though it were back by now.
  expect(gateway.statuses).not.toContain('offline');
}, 120_000);

test('where nobody can tell whether the agent runs, its session at the broker is not tried', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: await potholeModel() },
  );
  await box.line('camera streaming');
  await gateway.until(() => gateway.statuses.at(-1) === 'online');
  const config = { camera: { url: camera.url }, mqtt: { url: gateway.url }, health: { port: 0 } };
  const findings = await examine(await configured(config), signal);
  expect(examinedText(findings, 'en')).toMatch(/\[warn] mqtt:\S+: not tried; with health\.port: 0/);
  expect(examinedText(findings, 'zh')).toMatch(/\[注意] mqtt:\S+：未检测；health\.port 为 0/);
  expect(gateway.statuses).toEqual(['online']);
}, 120_000);

test('a camera that was added from the console is looked at, one that is paused is not, and what does not fit is said', async () => {
  const gateway = await GatewayStandIn.start();
  const [one, other] = [await streetCamera(), await streetCamera()];
  const added = await streetCamera({ credentials });
  const section = (id: string, url: string) => ({ id, name: { en: id, zh: id }, url });
  const cameras = [section('one', one.url), section('other', other.url)];
  const { user: username, password } = credentials;
  const logins = [{ name: 'street', username, password, hosts: ['127.0.0.0/8'] }];
  const settings = { model: await potholeModel(), cameras, logins };
  const folder = await temporaryFolder();
  const box = await startBoxOfFile(folder, boxSettings(gateway.url, {}, settings));
  const file = join(folder, 'agent.yaml');
  await box.line('camera streaming', 2);
  await gateway.until(() => gateway.statuses.at(-1) === 'online');
  const id = newId();
  const values = {
    cameras: [{ id: 'other', enabled: false }],
    added: [{ ...section('added', added.url), login: 'street' }],
  };
  const set = (settings: object) => ask(gateway, { kind: 'box.configure', settings });
  expect(await set({ id, values })).toMatchObject({ outcome: 'done' });
  expect(await ask(gateway, { kind: 'box.confirm', settings: id })).toMatchObject({ outcome: 'done' });
  const trial = newId();
  expect(await set({ id: trial, values: { ring: { seconds: 40 } } })).toMatchObject({ outcome: 'done' });
  await box.agent.stop();

  let visits = 0;
  other.events.on('connected', () => visits++);
  const found = await examine(file, signal);
  const said = examinedText(found, 'en');
  expect(said).toContain(`[ ok ] set by the gateway over the file (${id}): 1 more camera(s)`);
  expect(said).toMatch(/\[ ok ] one: H264, 800 x 448/);
  expect(said).toMatch(/\[ ok ] added: H264, 800 x 448/);
  expect(said).toContain('[ ok ] other: paused, and left alone');
  expect(examinedText(found, 'zh')).toMatch(/\[正常] other：已暂停/);
  expect(said).toContain(`[warn] other settings of the gateway are on trial (${trial})`);
  expect(visits).toBe(0);
  expect(said + JSON.stringify(found)).not.toContain(password);

  // Somebody has taken the login out of the file, and the disk has lost the rest.
  box.write(boxSettings(gateway.url, {}, { ...settings, logins: [] }));
  const without = await examine(file, signal);
  expect(examinedText(without, 'zh')).toMatch(/\[注意] 网关下发但未生效：added\[0]\.login：.*street/);
  expect(without.map((finding) => finding.id)).not.toContain('camera.added');
  await writeFile(join(folder, 'data', 'box-settings.json'), 'lost');
  const damaged = await examine(file, signal);
  expect(examinedText(damaged, 'en')).toMatch(/\[warn] what the gateway has set of this box cannot be read/);
}, 180_000);

test('a gateway for which a private authority vouches is asked by gateway.caFile', async () => {
  const { cert: caFile, key } = makeCertificate(await temporaryFolder());
  const server = createServer({ cert: readFileSync(caFile), key: readFileSync(key) }, (_, response) => {
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await checkGateway({ gateway: { url, caFile } }, signal)).toMatchObject([
    { id: 'gateway', level: 'ok' },
  ]);
  const [unknown] = await checkGateway({ gateway: { url } }, signal);
  expect(unknown).toMatchObject({ level: 'warn', said: { zh: expect.stringContaining('证书不受信任') } });
});
