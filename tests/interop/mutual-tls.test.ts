/** TLS between boxes and the broker inside the gateway, as OpenSSL and mosquitto's own clients see it. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentTopics } from '@roadwatch/contract';
import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { certificateRequest } from '../../agent/src/identity/certificate-request.ts';
import { type Identity, saveCertificate } from '../../agent/src/identity/identity.ts';
import { Renewal } from '../../agent/src/identity/renewal.ts';
import { registerAgent, revokeAgent } from '../../gateway/src/agents/registry.ts';
import { openAuthority } from '../../gateway/src/pki/authority.ts';
import { type TestGateway, testGateway } from '../../gateway/testing/gateway.ts';
import { potholeModel, startBox, streetCamera } from '../agent/support/agent-box.ts';
import { temporaryFolder } from '../support/temp.ts';
import {
  certificateLogin,
  certificateOf,
  mosquittoPub,
  pairedBox,
  runProgram,
} from './support/paired-box.ts';

const TLS = { broker: { port: 0, tls: {}, requireCertificates: true } };
const topics = agentTopics('site', 'box');
const QUIET = pino({ level: 'silent' });

test('a paired box comes in by its certificate alone, and its pothole becomes an alert', async () => {
  const gateway = await testGateway(TLS);
  expect(gateway.mqttUrl).toMatch(/^mqtts:/);
  const operator = await gateway.operator();
  const folder = await temporaryFolder();
  const box = await pairedBox(gateway, 'site', 'box', folder);
  expect(box.identity.password).toBeUndefined();
  expect(statSync(box.pem).mode & 0o777).toBe(0o600);
  const camera = await streetCamera();
  await startBox(folder, gateway.mqttUrl, { url: camera.url }, { model: await potholeModel(), mqtt: {} });
  const { items } = await operator.until('/api/alerts', ({ items }) => items.length > 0);
  expect(items).toMatchObject([{ site: 'site', agent: 'box', damageClass: 'pothole' }]);
}, 60_000);

test('OpenSSL verifies the broker for its names, and the certificate of the box for its use', async () => {
  const gateway = await testGateway(TLS);
  const box = await pairedBox(gateway);
  const at = new URL(gateway.mqttUrl);
  const connect = [
    's_client',
    '-connect',
    `127.0.0.1:${at.port}`,
    '-CAfile',
    box.authorityFile,
    '-verify_return_error',
  ];
  const login = ['-cert', box.pem, '-key', box.pem];
  for (const name of [
    ['-verify_ip', '127.0.0.1'],
    ['-verify_hostname', 'localhost'],
  ]) {
    const said = await runProgram('openssl', [...connect, ...login, ...name]);
    expect(said.text).toContain('Verify return code: 0 (ok)');
    expect(said.text).toMatch(/TLSv1\.3/);
  }
  const other = await runProgram('openssl', [...connect, ...login, '-verify_hostname', 'elsewhere.example']);
  expect(other.text).toMatch(/hostname mismatch/i);
  const old = await runProgram('openssl', [...connect, ...login, '-tls1_1']);
  expect(old.code).not.toBe(0);

  const verify = (purpose: string) =>
    runProgram('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      purpose,
      '-CAfile',
      box.authorityFile,
      box.pem,
    ]);
  expect((await verify('sslclient')).text).toMatch(/: OK/);
  expect((await verify('sslserver')).code).not.toBe(0);
  const { text } = await runProgram('openssl', ['x509', '-in', box.pem, '-noout', '-subject']);
  expect(text.trim()).toBe('subject=CN = site/box');
}, 30_000);

test("mosquitto's client gets in with the certificate of the box under its own name, and nobody else does", async () => {
  const gateway = await testGateway(TLS);
  const operator = await gateway.operator('admin');
  const box = await pairedBox(gateway);
  const other = await pairedBox(gateway, 'site', 'other');
  const stranger = await strangerFor('site/box');
  const pub = (id: string, topic: string, login: readonly string[]) =>
    mosquittoPub({ url: gateway.mqttUrl, id, topic, message: '{"v":9}', login });
  const own = certificateLogin(box);
  expect(await pub('site/box', topics.status, own)).toEqual({ code: 0, text: '' });
  await operator.until('/api/refused-messages', ({ items }) => items.length > 0);

  const refused = [
    pub('site/other', agentTopics('site', 'other').status, own),
    pub('roadwatch-gateway', topics.ack, own),
    pub('site/box', topics.status, certificateLogin({ ...other, authorityFile: box.authorityFile })),
    pub('site/box', topics.status, ['--cafile', box.authorityFile]),
    pub('site/box', topics.status, ['--cafile', box.authorityFile, '-u', 'site/box', '-P', 'guess']),
    pub('site/box', topics.status, ['--cafile', box.authorityFile, '--cert', stranger, '--key', stranger]),
  ];
  for (const { code } of await Promise.all(refused)) expect(code).not.toBe(0);
  const foreign = await pub('site/box', agentTopics('site', 'other').status, own);
  expect(foreign.code === 0).toBe(false);
  const { body } = await operator.get('/api/refused-messages');
  expect(body.items).toHaveLength(1);
}, 60_000);

test('a revoked box is refused although its certificate is good for months, and is on the list for other brokers', async () => {
  const gateway = await testGateway(TLS);
  const box = await pairedBox(gateway);
  const pub = () =>
    mosquittoPub({
      url: gateway.mqttUrl,
      id: 'site/box',
      topic: topics.status,
      login: certificateLogin(box),
    });
  expect((await pub()).code).toBe(0);
  await revokeAgent(await gateway.store(), { site: 'site', agent: 'box' });
  expect((await pub()).code).not.toBe(0);

  const file = join(gateway.config.dataDir, 'gateway.yaml');
  await writeFile(file, JSON.stringify({ dataDir: gateway.config.dataDir, broker: { tls: {} } }));
  const list = join(gateway.config.dataDir, 'revoked.pem');
  execFileSync(process.execPath, [
    'gateway/src/cli.ts',
    'agents',
    'revocations',
    '--to',
    list,
    '--config',
    file,
  ]);
  const { text } = await runProgram('openssl', [
    ...['verify', '-crl_check', '-CRLfile', list, '-CAfile', box.authorityFile, box.pem],
  ]);
  expect(text).toMatch(/certificate revoked/);
}, 60_000);

test('a certificate is renewed a month before its end, also when it has ended, with no person and no restart', async () => {
  const gateway = await testGateway(TLS);
  const box = await pairedBox(gateway);
  const days = (count: number) => Date.now() + count * 86_400_000;
  const renewed: string[] = [];
  const renewal = (now: number) =>
    new Renewal(
      box.identity,
      {
        dataDir: box.dataDir,
        gateway: { url: box.identity.gatewayUrl },
        now: () => now,
        onRenewed: (certificate) => renewed.push(certificate),
      },
      QUIET,
    );
  await renewal(days(50)).look();
  expect(renewed).toEqual([]);
  for (const later of [65, 400]) await renewal(days(later)).look();
  expect(renewed).toHaveLength(2);
  expect(certificateOf(box)).toBe(renewed[1]);
  const login = certificateLogin(box);
  expect(
    (await mosquittoPub({ url: gateway.mqttUrl, id: 'site/box', topic: topics.status, login })).code,
  ).toBe(0);

  await revokeAgent(await gateway.store(), { site: 'site', agent: 'box' });
  await renewal(days(65)).look();
  expect(renewed).toHaveLength(2);
}, 30_000);

test('a box whose certificate has been renewed shows the new one at once', async () => {
  const gateway = await testGateway(TLS);
  const folder = await temporaryFolder();
  const box = await pairedBox(gateway, 'site', 'box', folder);
  const camera = await streetCamera();
  // It ends in five hours.
  const old = await certificateFrom(gateway, box.identity, Date.now() - 89.8 * 86_400_000);
  saveCertificate(box.dataDir, box.identity, old);
  const mqtt = { model: await potholeModel(), mqtt: {} };
  const running = await startBox(folder, gateway.mqttUrl, { url: camera.url }, mqtt);
  const renewed = running.lines.indexOf(await running.line('certificate renewed'));
  for (let nth = 1, at = -1; at < renewed; nth++)
    at = running.lines.indexOf(await running.line('broker connected', nth));
  expect(certificateOf(box)).not.toBe(box.identity.certificate);
}, 60_000);

test('without a certificate asked for, boxes with passwords come in over TLS beside those with certificates', async () => {
  const gateway = await testGateway({ broker: { port: 0, tls: {} } });
  const box = await pairedBox(gateway);
  const password = await registerAgent(await gateway.store(), { site: 'site', agent: 'old' });
  const old = await connectAsync(gateway.mqttUrl, {
    clientId: 'site/old',
    username: 'site/old',
    password,
    ca: box.identity.authority,
    reconnectPeriod: 0,
  });
  onTestFinished(() => old.endAsync(true));
  expect(old.connected).toBe(true);
  const pub = (login: readonly string[]) =>
    mosquittoPub({ url: gateway.mqttUrl, id: 'site/box', topic: topics.status, login });
  expect((await pub(certificateLogin(box))).code).toBe(0);
  const stranger = await strangerFor('site/old');
  const shown = [
    '--cafile',
    box.authorityFile,
    '--cert',
    stranger,
    '--key',
    stranger,
    '-u',
    'site/old',
    '-P',
    password,
  ];
  const wrong = await mosquittoPub({
    url: gateway.mqttUrl,
    id: 'site/old',
    topic: agentTopics('site', 'old').status,
    login: shown,
  });
  expect(wrong.code).not.toBe(0);
}, 30_000);

/** One that the gateway issued to the box at another time. */
async function certificateFrom(
  gateway: TestGateway,
  { privateKeyPem }: Identity,
  atMs: number,
): Promise<string> {
  const authority = await openAuthority(gateway.config.dataDir, null, atMs);
  const request = await certificateRequest('site/box', privateKeyPem);
  return (await authority.issueBox('site/box', request, atMs)).certificate;
}

/** Key and certificate in one file, in the name of a box, vouched for by nobody. */
async function strangerFor(name: string): Promise<string> {
  const folder = await temporaryFolder();
  const [key, cert, both] = ['key.pem', 'cert.pem', 'both.pem'].map((file) => join(folder, file)) as [
    string,
    string,
    string,
  ];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = `/CN=${name.replace('/', '\\/')}`;
  execFileSync('openssl', ['req', ...kind, '-subj', subject, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  execFileSync('sh', ['-c', `cat ${key} ${cert} > ${both}`]);
  return both;
}
