/** The broker as deploy/mosquitto sets it up: its very files, with only the folder, the ports and the user changed. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { agentTopics, newId } from '@roadwatch/contract';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { endedCertificates } from '../../gateway/src/agents/keys.ts';
import { revokeAgent } from '../../gateway/src/agents/registry.ts';
import { openAuthority } from '../../gateway/src/pki/authority.ts';
import { sampleDetection } from '../../gateway/testing/agent.ts';
import { makeCertificate } from '../../gateway/testing/certificate.ts';
import { testGateway } from '../../gateway/testing/gateway.ts';
import { sampleCameraState, sampleStatus } from '../../gateway/testing/status.ts';
import { potholeModel, startBox, streetCamera } from '../agent/support/agent-box.ts';
import { temporaryFolder } from '../support/temp.ts';
import { certificateLogin, mosquittoPub, type PairedBox, pairedBox } from './support/paired-box.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy/mosquitto', import.meta.url));
const PATH = `${process.env.PATH}:/usr/sbin`;
const GATEWAY = 'roadwatch-gateway';
const [MINE, OTHER] = ['site/box', 'site/other'];

interface Broker {
  readonly agents: string;
  readonly gateways: string;
  /** For agents by certificate; only where `paired` was given. */
  readonly certificates: string;
  readonly caFile: string;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

interface Paired {
  /** PEM. */
  readonly authority: string;
  readonly revoked: string;
}

/** The password of each is its name. */
async function startBroker(paired?: Paired): Promise<Broker> {
  const folder = await temporaryFolder();
  const at = (name: string): string => join(folder, name);
  for (const name of ['agents.acl', 'gateways.acl']) await copyFile(join(DEPLOY, name), at(name));
  const names = { 'agents.passwd': [MINE, OTHER], 'gateways.passwd': [GATEWAY] };
  for (const [file, users] of Object.entries(names)) {
    await writeFile(at(file), '', { mode: 0o600 });
    for (const user of users)
      execFileSync('mosquitto_passwd', ['-b', at(file), user as string, user as string]);
  }
  makeCertificate(folder);
  const [agents, gateways, certificates] = [await freePort(), await freePort(), await freePort()];
  const files = ['roadwatch.conf', ...(paired === undefined ? [] : ['roadwatch-certificates.conf'])];
  if (paired !== undefined) {
    await writeFile(at('ca.pem'), paired.authority);
    await writeFile(at('revoked.pem'), paired.revoked);
  }
  const text = (await Promise.all(files.map((file) => readFile(join(DEPLOY, file), 'utf8'))))
    .join('\n')
    .replace('listener 8885', `listener ${certificates} 127.0.0.1`)
    .replaceAll('/etc/mosquitto/roadwatch/', `${folder}/`)
    .replace('listener 8883', `listener ${agents} 127.0.0.1`)
    .replace('listener 8884', `listener ${gateways} 127.0.0.1`);
  await writeFile(at('roadwatch.conf'), `user ${userInfo().username}\n${text}`);
  const child = spawn('mosquitto', ['-c', at('roadwatch.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  while (!/mosquitto version \S+ running/.test(said)) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended: ${said}`);
    await delay(20);
  }
  const address = (port: number): string => `mqtts://127.0.0.1:${port}`;
  return {
    agents: address(agents),
    gateways: address(gateways),
    certificates: address(certificates),
    caFile: at('broker.pem'),
  };
}

async function client(broker: Broker, url: string, user: string, more: IClientOptions = {}) {
  const connected = await connectAsync(url, {
    username: user,
    password: user,
    ca: await readFile(broker.caFile),
    reconnectPeriod: 0,
    ...more,
  });
  onTestFinished(() => connected.endAsync(true));
  return connected;
}

/** What comes to it, as topics. */
async function listening(mqtt: MqttClient, filter: string): Promise<string[]> {
  const topics: string[] = [];
  mqtt.on('message', (topic) => topics.push(topic));
  await mqtt.subscribeAsync(filter, { qos: 1 }).catch(() => {});
  return topics;
}

test('an agent speaks under its own name only, and hears nothing that is meant for another', async () => {
  const broker = await startBroker();
  const gateway = await client(broker, broker.gateways, GATEWAY);
  const agent = await client(broker, broker.agents, MINE as string);
  const [own, foreign] = [agentTopics('site', 'box'), agentTopics('site', 'other')];
  const heard = await listening(gateway, 'roadwatch/v1/#');
  const told = await listening(agent, '#');
  await agent.subscribeAsync([own.ack, own.commands], { qos: 1 });
  await agent
    .subscribeAsync([foreign.ack, foreign.commands, foreign.detections('+')], { qos: 1 })
    .catch(() => {});
  const [id, command] = [newId(), newId()];
  const allowed = [
    own.status,
    own.cameraState('a'),
    own.detections('a'),
    own.evidence('a', id, 'still.jpg'),
    own.reply(id),
  ];
  const refused = [
    foreign.status,
    foreign.cameraState('a'),
    foreign.detections('a'),
    foreign.evidence('a', id, 'still.jpg'),
    foreign.reply(id),
    own.ack,
    own.command(id),
    foreign.command(id),
    `${own.detections('a')}/b`,
    'roadwatch/v1/site/box',
  ];
  for (const topic of [...refused, ...allowed]) await agent.publishAsync(topic, 'x', { qos: 1 });
  for (const topic of [foreign.ack, foreign.command(command), own.ack, own.command(command)])
    await gateway.publishAsync(topic, 'x', { qos: 1 });
  while (told.length < 2 || heard.length < allowed.length) await delay(10);
  expect(heard).toEqual(allowed);
  expect(told).toEqual([own.ack, own.command(command)]);
}, 30_000);

test('nobody gets in without a password, on the listener of the others, or by the client id of another', async () => {
  const broker = await startBroker();
  const { agents, gateways } = broker;
  const refuses = (url: string, user: string, more: IClientOptions = {}) =>
    expect(client(broker, url, user, more)).rejects.toThrow(/Not authorized|Bad User Name/i);
  await refuses(agents, MINE as string, { password: 'guessed' });
  await refuses(agents, GATEWAY);
  await refuses(gateways, MINE as string);
  await refuses(gateways, '', {});
  const other = await client(broker, agents, OTHER as string, { clientId: OTHER as string });
  await client(broker, agents, MINE as string, { clientId: OTHER as string });
  await other.publishAsync(agentTopics('site', 'other').status, 'x', { qos: 1 });
  expect(other.connected).toBe(true);
}, 30_000);

test('what comes in the name of a revoked agent is not taken, though mosquitto lets it in, and limits hold', async () => {
  const broker = await startBroker();
  const { caFile } = broker;
  const gateway = await testGateway({
    broker: { url: broker.gateways, username: GATEWAY, password: GATEWAY, caFile },
    agents: { limits: { cameras: 2 } },
  });
  const operator = await gateway.operator('admin');
  const [mine, other] = await Promise.all(
    [MINE, OTHER].map((name) => client(broker, broker.agents, name as string)),
  );
  const send = async (mqtt: MqttClient | undefined, agent: string, camera: string): Promise<void> => {
    const detection = sampleDetection({ site: 'site', agent, camera });
    const topic = agentTopics('site', agent).detections(camera);
    await mqtt?.publishAsync(topic, JSON.stringify(detection), { qos: 1 });
  };
  type Items = { items: { camera: string; limit: string; count: number }[] };
  const cameras = async (): Promise<string[]> =>
    (await operator.get('/api/alerts')).body.items.map(({ camera }: { camera: string }) => camera);
  await operator.until('/healthz', ({ broker: connected }) => connected);
  for (const camera of ['a', 'b', 'c']) await send(mine, 'box', camera);
  const refused = '/api/refused-messages';
  await operator.until(refused, ({ items }: Items) => items.some(({ limit }) => limit === 'cameras'));
  expect(await cameras()).toEqual(['b', 'a']);
  expect(await revokeAgent(await gateway.store(), { site: 'site', agent: 'box' })).toBe(true);
  await send(mine, 'box', 'a');
  await operator.until(refused, ({ items }: Items) => items.some(({ limit }) => limit === 'revoked'));
  await send(other, 'other', 'd');
  await operator.until('/api/alerts', ({ items }: Items) => items.length === 3);
  expect(await cameras()).toEqual(['d', 'b', 'a']);
}, 30_000);

test('gateways that share the messages learn what was retained while all of them were away', async () => {
  const broker = await startBroker();
  const agent = await client(broker, broker.agents, MINE as string);
  const { status, cameraState } = agentTopics('site', 'box');
  const from = { site: 'site', agent: 'box' };
  const retain = { qos: 1, retain: true } as const;
  await agent.publishAsync(status, JSON.stringify(sampleStatus(from)), retain);
  const covered = sampleCameraState({ ...from, camera: 'a', state: 'covered' });
  await agent.publishAsync(cameraState('a'), JSON.stringify(covered), retain);
  await agent.endAsync();
  const gateway = await testGateway({
    broker: {
      ...{ url: broker.gateways, username: GATEWAY, password: GATEWAY, caFile: broker.caFile },
      shareGroup: 'gateways',
    },
  });
  const operator = await gateway.operator();
  type Cameras = { items: { camera: string; lastState: string }[] };
  const { items } = await operator.until('/api/cameras', ({ items: cameras }: Cameras) => cameras.length > 0);
  expect(items).toMatchObject([{ camera: 'a', lastState: 'covered' }]);
}, 30_000);

test('a pothole goes from the agent to an alert with its pictures, and a command goes back', async () => {
  const broker = await startBroker();
  const { caFile } = broker;
  const gateway = await testGateway({
    broker: { url: broker.gateways, username: GATEWAY, password: GATEWAY, caFile },
    inspection: { afterMinutes: 0 },
  });
  const operator = await gateway.operator();
  const camera = await streetCamera();
  const mqtt = { url: broker.agents, password: MINE, caFile };
  await startBox(
    await temporaryFolder(),
    broker.agents,
    { url: camera.url },
    { model: await potholeModel(), mqtt },
  );
  type Alerts = { items: { evidence: { available: boolean }[] }[] };
  const { items } = await operator.until('/api/alerts', ({ items }: Alerts) =>
    items.some(({ evidence }) => evidence.length > 2 && evidence.every(({ available }) => available)),
  );
  expect(items).toMatchObject([{ site: 'site', agent: 'box', damageClass: 'pothole' }]);
  const { ticketId } = (await operator.post(`/api/alerts/${items[0].id}/confirm`)).body;
  await operator.until(`/api/tickets/${ticketId}`, ({ state }) => state === 'dispatched');
  const crew = await gateway.operator('unit', 'crew', 'road-maintenance');
  for (const command of ['accept', 'arrive', 'repair'])
    expect((await crew.post(`/api/tickets/${ticketId}/transitions`, { command })).status).toBe(200);
  // The camera still sees it: the agent was asked, and has answered.
  await operator.until(`/api/tickets/${ticketId}`, ({ inspections }) => inspections[0]?.result === 'fail');
}, 60_000);

test('agents that were paired come in by their certificates under their own names, unless they were revoked', async () => {
  const gateway = await testGateway({ broker: { url: 'mqtts://127.0.0.1:1' } });
  const [box, other, revoked] = [
    await pairedBox(gateway, 'site', 'box'),
    await pairedBox(gateway, 'site', 'other'),
    await pairedBox(gateway, 'site', 'revoked'),
  ];
  expect(box.identity.password).toBeUndefined();
  const store = await gateway.store();
  await revokeAgent(store, { site: 'site', agent: 'revoked' });
  const authority = await openAuthority(gateway.config.dataDir, null, Date.now());
  const list = await authority.revocationList(await endedCertificates(store), Date.now());
  const broker = await startBroker({ authority: authority.certificate, revoked: list });
  const hearing = await client(broker, broker.gateways, GATEWAY);
  const heard = await listening(hearing, 'roadwatch/v1/#');
  const pub = (topic: string, id: string, login: readonly string[]) =>
    mosquittoPub({ url: broker.certificates, id, topic, login });
  const withCertificate = (paired: PairedBox) =>
    certificateLogin({ ...paired, authorityFile: broker.caFile });
  const [own, foreign] = [agentTopics('site', 'box'), agentTopics('site', 'other')];
  for (const topic of [foreign.status, own.ack]) await pub(topic, 'site/box', withCertificate(box));
  expect((await pub(own.status, 'site/box', withCertificate(box))).code).toBe(0);
  expect((await pub(foreign.status, 'site/box', withCertificate(other))).code).toBe(0);
  while (heard.length < 2) await delay(10);
  expect(heard).toEqual([own.status, foreign.status]);
  const refused = [
    withCertificate(revoked),
    ['--cafile', broker.caFile],
    ['--cafile', broker.caFile, '-u', 'site/box', '-P', 'site/box'],
  ];
  for (const login of refused) expect((await pub(own.status, 'site/box', login)).code).not.toBe(0);
}, 60_000);
