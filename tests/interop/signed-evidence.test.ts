/** What a box saw, signed on the box: proven long afterwards, and every alteration found. */
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { agentTopics, type Detection, newId, sha256, signMessage } from '@roadwatch/contract';
import canonicalize from 'canonicalize';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { revokeAgent } from '../../gateway/src/agents/registry.ts';
import { openEvidence } from '../../gateway/src/evidence/open.ts';
import { exportRecords } from '../../gateway/src/exports/records.ts';
import { openAuthority } from '../../gateway/src/pki/authority.ts';
import { isProven } from '../../gateway/src/proof/tell.ts';
import { proveDetections } from '../../gateway/src/proof/verify.ts';
import type { Tx } from '../../gateway/src/store/database.ts';
import { sampleDetection, TestAgent } from '../../gateway/testing/agent.ts';
import { type TestGateway, testGateway } from '../../gateway/testing/gateway.ts';
import { potholeModel, startBox, streetCamera } from '../agent/support/agent-box.ts';
import { temporaryFolder } from '../support/temp.ts';
import { type PairedBox, pairedBox } from './support/paired-box.ts';

interface Signing {
  readonly gateway: TestGateway;
  readonly box: PairedBox;
  readonly agent: TestAgent;
  sign(detection: Detection): Detection;
}

const NAME = { site: 'site', agent: 'box' };
const DETECTIONS = agentTopics('site', 'box').detections('camera');

async function signing(): Promise<Signing> {
  const gateway = await testGateway();
  const box = await pairedBox(gateway);
  const { privateKey, key, password } = box.identity;
  const agent = await TestAgent.connect(gateway.mqttUrl, NAME, password as string);
  return { gateway, box, agent, sign: (detection) => signMessage(detection, privateKey, key) };
}

function detectionOf(change: Partial<Detection> = {}): Detection {
  const publishedAt = new Date().toISOString();
  return sampleDetection({ ...NAME, camera: 'camera', publishedAt, ...change });
}

/** A signed detection with its picture, in the store. */
async function stored({
  agent,
  sign,
}: Signing): Promise<{ readonly detection: Detection; readonly picture: string }> {
  const bytes = await sharp({ create: { width: 64, height: 36, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();
  const at = '2026-11-23T08:15:30.250Z';
  const still = { name: 'still.jpg', kind: 'still', contentType: 'image/jpeg', capturedAt: at } as const;
  const detection = sign(
    detectionOf({
      position: { latitude: 30.2, longitude: 120.2, datum: 'gcj02' },
      evidence: [{ ...still, sha256: sha256(bytes), bytes: bytes.length }],
    }),
  );
  expect(await agent.deliver(DETECTIONS, JSON.stringify(detection))).toEqual({ stored: true });
  const topic = agentTopics('site', 'box').evidence('camera', detection.id, 'still.jpg');
  expect(await agent.deliver(topic, bytes)).toEqual({ stored: true });
  return { detection, picture: sha256(bytes) };
}

async function proofOf(gateway: TestGateway, id: string) {
  const { dataDir, authority } = gateway.config;
  const keeper = await openAuthority(dataDir, authority, Date.now());
  const [proof, ...more] = await proveDetections(
    (await gateway.store()).db,
    openEvidence(gateway.config),
    keeper,
    id,
  );
  expect(more).toEqual([]);
  return proof;
}

test('a pothole that a paired box reports is signed, shown as such, and proven with its pictures by the command', async () => {
  const gateway = await testGateway();
  const operator = await gateway.operator();
  const folder = await temporaryFolder();
  await pairedBox(gateway, 'site', 'box', folder);
  const camera = await streetCamera();
  await startBox(folder, gateway.mqttUrl, { url: camera.url }, { model: await potholeModel(), mqtt: {} });
  const { items } = await operator.until('/api/alerts', ({ items }) =>
    items.some(
      (item: { evidence: { available: boolean }[] }) =>
        item.evidence.filter((entry) => entry.available).length > 1,
    ),
  );
  expect(items[0].pictures[0]).toMatchObject({ signed: true });
  const { dataDir, store } = gateway.config;
  const file = join(dataDir, 'gateway.yaml');
  writeFileSync(file, JSON.stringify({ dataDir, store }));
  const args = ['gateway/src/cli.ts', 'evidence', 'verify', items[0].id, '--config', file];
  const said = execFileSync(process.execPath, args, { encoding: 'utf8' });
  expect(said).toMatch(
    /PROVEN\n {2}signed by site\/box with key [0-9a-f]{64}\n {2}.*still\.jpg: as it was signed/s,
  );
  expect(said).not.toMatch(/NOT PROVEN|ALTERED/);
}, 60_000);

test('one who has only the certificate and the message finds the signature good by RFC 8785 and ES256, and an export names the key', async () => {
  const parts = await signing();
  const { detection } = await stored(parts);
  const { signature, ...rest } = detection;
  const exported = await text(
    Readable.from(exportRecords(await parts.gateway.store(), 'alerts', 'csv', 'Asia/Shanghai')),
  );
  expect(exported).toContain(`${detection.id},${signature?.key}`);
  const publicKey = createPublicKey(
    new X509Certificate(parts.box.identity.certificate).publicKey.export({ type: 'spki', format: 'pem' }),
  );
  const bytes = Buffer.from(canonicalize(rest) as string);
  const value = Buffer.from(signature?.value as string, 'base64url');
  expect(verify('sha256', bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, value)).toBe(true);
});

test('a message that is not what was signed, or is signed by another, is refused with the reason', async () => {
  const parts = await signing();
  const { agent, sign, gateway } = parts;
  const other = await pairedBox(gateway, 'site', 'other');
  const good = sign(detectionOf());
  const altered = { ...good, score: 0.9 };
  const value = good.signature?.value as string;
  const flipped = {
    ...good,
    signature: { ...good.signature, value: (value[0] === 'A' ? 'B' : 'A') + value.slice(1) },
  };
  const foreign = signMessage(detectionOf(), other.identity.privateKey, other.identity.key);
  const borrowed = signMessage(detectionOf(), other.identity.privateKey, parts.box.identity.key);
  const verdicts = [];
  for (const message of [altered, flipped, foreign, borrowed])
    verdicts.push(await agent.deliver(DETECTIONS, JSON.stringify(message)));
  const notSigned = { stored: false, reason: 'signature: the message is not what was signed with this key' };
  const notOurs = { stored: false, reason: 'signature: the key is not one of this agent' };
  expect(verdicts).toEqual([notSigned, notSigned, notOurs, notSigned]);
  expect(await agent.deliver(DETECTIONS, JSON.stringify(good, null, 1))).toEqual({ stored: true });
});

test('an agent without a key is heard as before, and what it says is not proven', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent('site', 'box');
  const detection = detectionOf();
  expect(await agent.deliver(DETECTIONS, JSON.stringify(detection))).toEqual({ stored: true });
  const proof = await proofOf(gateway, detection.id);
  expect(proof).toMatchObject({ signedBy: null, problems: [] });
  expect(isProven(proof as never)).toBe(false);
});

test('what was signed before a box was paired anew or revoked stays proven; what the old key signs later is refused', async () => {
  const parts = await signing();
  const { detection } = await stored(parts);
  const waiting = parts.sign(detectionOf());
  const late = parts.sign(detectionOf({ publishedAt: new Date(Date.now() + 60_000).toISOString() }));
  const { identity } = await pairedBox(parts.gateway);
  const agent = await TestAgent.connect(parts.gateway.mqttUrl, NAME, identity.password as string);
  expect(await agent.deliver(DETECTIONS, JSON.stringify(waiting))).toEqual({ stored: true });
  expect(await agent.deliver(DETECTIONS, JSON.stringify(late))).toEqual({
    stored: false,
    reason: 'signature: the key was replaced before this was published',
  });
  await revokeAgent(await parts.gateway.store(), NAME);
  expect(await proofOf(parts.gateway, detection.id)).toMatchObject({
    signedBy: 'site/box',
    proven: ['still.jpg'],
    problems: [],
  });
});

type Alter = (tx: Tx, id: string) => Promise<unknown>;
const row =
  (change: object): Alter =>
  (tx, id) =>
    tx.db.updateTable('detections').set(change).where('id', '=', id).execute();
const message =
  (change: (text: string) => string): Alter =>
  async (tx, id) => {
    const { payload } = await tx.db
      .selectFrom('detection_messages')
      .selectAll()
      .where('detection_id', '=', id)
      .executeTakeFirstOrThrow();
    const changed = change(payload);
    await tx.db
      .updateTable('detection_messages')
      .set({ payload: changed, sha256: sha256(changed) })
      .where('detection_id', '=', id)
      .execute();
  };
const picture =
  (change: object): Alter =>
  (tx, id) =>
    tx.db.updateTable('detection_evidence').set(change).where('detection_id', '=', id).execute();

/** The last one is felt by all. */
const ALTERATIONS: readonly (readonly [string, Alter])[] = [
  ['the class of the row', row({ damage_class: 'repair' })],
  ['the camera of the row', row({ camera: 'elsewhere' })],
  ['the score of the row', row({ score: 0.81 })],
  ['the box of the row', row({ box_x: 0.41 })],
  ['the place of the row', row({ latitude: 30.21 })],
  ['the time of the row', row({ first_seen_at: 1 })],
  ['a number in the message', message((said) => said.replace('"score":0.8', '"score":0.9'))],
  ['one letter of the message', message((said) => said.replace('"camera":"camera"', '"camera":"camerb"'))],
  ['the signature', message((said) => said.replace(/"value":"./, '"value":"_'))],
  ['the message: its signature taken off', message((said) => said.replace(/,"signature":\{[^}]*\}/, ''))],
  ['the picture that is named', picture({ sha256: 'a'.repeat(64) })],
  ['the time of the picture', picture({ captured_at: 1 })],
  [
    'the picture: left out',
    (tx, id) => tx.db.deleteFrom('detection_evidence').where('detection_id', '=', id).execute(),
  ],
  ['the key', (tx) => tx.db.updateTable('agent_keys').set({ agent: 'other' }).execute()],
];

test('whatever is altered in the store is found', async () => {
  const parts = await signing();
  const store = await parts.gateway.store();
  const provenAfter: Record<string, [before: boolean, after: boolean]> = {};
  for (const [name, alter] of ALTERATIONS) {
    const { detection } = await stored(parts);
    const before = isProven((await proofOf(parts.gateway, detection.id)) as never);
    await store.transaction(async (tx) => void (await alter(tx, detection.id)));
    provenAfter[name] = [before, isProven((await proofOf(parts.gateway, detection.id)) as never)];
  }
  expect(provenAfter).toEqual(Object.fromEntries(ALTERATIONS.map(([name]) => [name, [true, false]])));
}, 30_000);

test('an insider who signs anew with a key of his own is found, since the authority does not vouch for it', async () => {
  const parts = await signing();
  const { detection } = await stored(parts);
  const mallory = await testGateway();
  const { identity } = await pairedBox(mallory);
  const forged = JSON.stringify(signMessage({ ...detection, score: 0.1 }, identity.privateKey, identity.key));
  const store = await parts.gateway.store();
  await store.transaction(async (tx) => {
    const { certificate, key } = identity;
    const fresh = { key_id: key, certificate, ...NAME, valid_from: 0, valid_to: null, revoked_at: null };
    await tx.db.insertInto('agent_keys').values(fresh).execute();
    await tx.db
      .updateTable('detection_messages')
      .set({ payload: forged, sha256: sha256(forged), key_id: key })
      .execute();
    await tx.db.updateTable('detections').set({ score: 0.1 }).execute();
  });
  expect((await proofOf(parts.gateway, detection.id))?.problems).toEqual([
    'message 1: the key that signed it is not one that the authority gave a box of this name',
  ]);
});

test('one altered byte of a picture in the store is found', async () => {
  const parts = await signing();
  const { detection, picture: name } = await stored(parts);
  const path = join(parts.gateway.config.evidence.dir, name.slice(0, 2), name);
  const bytes = readFileSync(path);
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
  writeFileSync(path, bytes);
  expect(await proofOf(parts.gateway, detection.id)).toMatchObject({
    proven: [],
    problems: ['still.jpg: its bytes were altered'],
  });
  expect(await proofOf(parts.gateway, newId())).toBeUndefined();
});
