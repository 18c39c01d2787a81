/** Pairing a box with its gateway: by the code, once, in time, and with nobody else, whoever listens or answers. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type PairingCode, readPairingCode, writePairingCode } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../agent/src/config/config.ts';
import { pairBox } from '../../agent/src/identity/pair.ts';
import { revokeAgent } from '../../gateway/src/agents/registry.ts';
import { testGateway } from '../../gateway/testing/gateway.ts';
import { temporaryFolder } from '../support/temp.ts';
import { codeFor, pairedBox } from './support/paired-box.ts';

const NAME = { site: 'site', agent: 'box' };

async function freshBox(name = NAME) {
  return { ...name, dataDir: join(await temporaryFolder(), 'data') };
}

function altered(code: string, change: object): string {
  return writePairingCode({ ...(readPairingCode(code) as PairingCode), ...change });
}

/** Whoever sits in between: what was said to it, and its answer. */
async function between(answer: (request: IncomingMessage, body: Buffer) => Promise<string>) {
  const said: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    said.push(body.toString());
    response.setHeader('content-type', 'application/json');
    response.end(await answer(request, body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, said };
}

test('a code pairs one box, once; the same box may ask again when the answer was lost', async () => {
  const gateway = await testGateway();
  const code = await codeFor(gateway);
  const box = await freshBox();
  const lost = await between(async () => '{}');
  await expect(pairBox(box, altered(code, { gateway: lost.url }))).rejects.toThrow(/does not know the code/);
  expect(existsSync(join(box.dataDir, 'identity', 'pairing.json'))).toBe(false);
  const { password, brokerUrl } = await pairBox(box, code);
  expect({ password, brokerUrl }).toEqual({ password: expect.any(String), brokerUrl: gateway.mqttUrl });
  await expect(pairBox(await freshBox(), code)).rejects.toThrow(/the code has been used for another box/);
});

test('an admin has a code made at the console, once, for an hour; nobody else may, and it is in the audit', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  const made = await admin.post('/api/agents/pairings', NAME);
  expect(made.status).toBe(201);
  expect(made.headers.get('cache-control')).toBe('no-store');
  const { code, expiresAt } = made.body;
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(59 * 60_000);
  expect(readPairingCode(code)).toMatchObject({ ...NAME, gateway: gateway.url.replace(/\/$/, '') });
  await pairBox(await freshBox(), code);
  const { items } = (await admin.get('/api/audit')).body;
  expect(items).toContainEqual(
    expect.objectContaining({
      action: 'agent.pairing_opened',
      actor: 'user:admin',
      subject: 'agent:site/box',
    }),
  );
  expect(JSON.stringify(items)).not.toContain(readPairingCode(code)?.secret);

  const wrong = await admin.post('/api/agents/pairings', { site: 'Bin Jiang', agent: 'box' });
  expect([wrong.status, wrong.body.detail]).toEqual([422, expect.stringMatching(/site.*lower-case letters/)]);
  const lead = await gateway.operator('shift_lead');
  expect((await lead.post('/api/agents/pairings', NAME)).status).toBe(403);
});

test('a code that is too old, withdrawn, made up or of another box is refused', async () => {
  const gateway = await testGateway();
  const store = await gateway.store();
  const refused = async (code: string, reason: RegExp, name = NAME) =>
    expect(pairBox(await freshBox(name), code)).rejects.toThrow(reason);
  const old = await codeFor(gateway);
  await store.transaction(async (tx) => {
    await tx.db
      .updateTable('agent_pairings')
      .set({ expires_at: Date.now() - 1 })
      .execute();
  });
  await refused(old, /there is no such code/);
  const first = await codeFor(gateway);
  await codeFor(gateway);
  await refused(first, /there is no such code/);
  const withdrawn = await codeFor(gateway);
  await revokeAgent(store, NAME);
  await refused(withdrawn, /there is no such code/);
  await refused(altered(withdrawn, { secret: 'x'.repeat(32) }), /there is no such code/);
  await refused(
    await codeFor(gateway, 'site', 'other'),
    /the code is for site\/other; this box is site\/box/,
  );
  await refused('hello', /not a pairing code/);
});

test('another authority than the one in the code is not believed, and nothing is kept', async () => {
  const gateway = await testGateway();
  const box = await freshBox();
  const code = altered(await codeFor(gateway), { authority: 'a'.repeat(64) });
  await expect(pairBox(box, code)).rejects.toThrow(/its authority is not the one that the code names/);
  expect(existsSync(join(box.dataDir, 'identity', 'box.pem'))).toBe(false);
});

test('whoever listens in between learns no secret, no password and no key, and can alter nothing', async () => {
  const gateway = await testGateway();
  const code = await codeFor(gateway);
  let change = (text: string): string => text.replace(/.{10}"}$/, 'AAAAAAAAAA"}');
  const answers: string[] = [];
  const middle = await between(async (request, body) => {
    const url = new URL(request.url as string, gateway.url);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(body),
    });
    answers.push(await answer.text());
    return change(answers.at(-1) as string);
  });
  const box = await freshBox();
  const through = altered(code, { gateway: middle.url });
  await expect(pairBox(box, through)).rejects.toThrow(/does not know the code's secret/);
  change = (text) => text;
  const { password } = await pairBox(box, through);
  const heard = [...middle.said, ...answers].join('\n');
  expect(heard).not.toContain(readPairingCode(code)?.secret);
  expect(heard).not.toContain(password);
  expect(heard).not.toContain('PRIVATE KEY');
  const replay = await fetch(new URL('/api/agents/pair', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: (middle.said.at(-1) as string).replace('"box"', '"other"'),
  });
  expect(replay.status).toBe(403);
});

test('pairing again gives the box a new key, and ends the old one', async () => {
  const gateway = await testGateway({ broker: { port: 0, tls: {}, requireCertificates: true } });
  const folder = await temporaryFolder();
  const before = await pairedBox(gateway, 'site', 'box', folder);
  const after = await pairedBox(gateway, 'site', 'box', folder);
  expect(after.identity.key).not.toBe(before.identity.key);
  const rows = await (await gateway.store()).db
    .selectFrom('agent_keys')
    .selectAll()
    .orderBy('valid_from')
    .execute();
  expect(rows.map(({ key_id, valid_to }) => [key_id, valid_to === null])).toEqual([
    [before.identity.key, false],
    [after.identity.key, true],
  ]);
});

test('a folder that was half written or is of another box is told, not guessed at', async () => {
  const gateway = await testGateway();
  const folder = await temporaryFolder();
  const box = await pairedBox(gateway, 'site', 'box', folder);
  const load = (agent: string) =>
    parseConfig(
      JSON.stringify({
        site: 'site',
        agent,
        dataDir: 'data',
        cameras: [{ id: 'a', name: { en: 'A', zh: '一' }, url: 'rtsp://127.0.0.1/a' }],
      }),
      join(folder, 'agent.yaml'),
    );
  const { mqtt } = load('box');
  expect(mqtt.url.reveal()).toBe(gateway.mqttUrl);
  expect(mqtt.password?.reveal()).toBe(box.identity.password);
  expect(load('box').gateway.url).toBe(box.identity.gatewayUrl);
  expect(() => load('other')).toThrow(/agent: this box was paired as site\/box; pair it again/);
  await writeFile(box.pem, 'nothing');
  expect(() => load('box')).toThrow(/is damaged or half written; pair the box again/);
});
