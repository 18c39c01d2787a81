import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { newId, sha256 } from '@roadwatch/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { backUp } from '../../src/archive/backup.ts';
import { restore } from '../../src/archive/restore.ts';
import { resolveS3 } from '../../src/config/evidence.ts';
import { openEvidence } from '../../src/evidence/open.ts';
import { s3EvidenceStore } from '../../src/evidence/s3.ts';
import { exportTraining } from '../../src/exports/training.ts';
import { purgeEvidence } from '../../src/retention/purge.ts';
import { testConfig } from '../../testing/config.ts';
import { testGateway } from '../../testing/gateway.ts';
import { buildS3Server, NO_S3_SERVER, S3Server } from '../../testing/s3-server.ts';
import { testStore } from '../../testing/store.ts';
import { QUIET } from '../../testing/ticket.ts';

let program = '';
const built = mkdtempSync(join(tmpdir(), 'roadwatch-s3-program-'));
beforeAll(async () => {
  if (NO_S3_SERVER === null) program = await buildS3Server(built);
}, 900_000);
afterAll(() => rmSync(built, { recursive: true }));

if (NO_S3_SERVER !== null) console.warn(NO_S3_SERVER);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-s3-test-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function started(change: object = {}) {
  const server = await S3Server.start(program);
  const config = testConfig({ evidence: { s3: { ...server.section, ...change } } });
  return { server, config, evidence: openEvidence(config) };
}

/** Passes everything on as it is, the signed Host included, but for the last byte of what is stored. */
async function changingProxy(target: string): Promise<string> {
  const proxy = createServer(async (incoming, answer) => {
    const body = await buffer(incoming);
    if (body.length > 0) body[body.length - 1] = (body.at(-1) as number) ^ 1;
    const { method = 'GET', headers, url = '/' } = incoming;
    request(new URL(url, target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    }).end(body);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

function picture(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: 640, height: 360, channels: 3, background: 'grey', noise } })
    .jpeg()
    .toBuffer();
}

describe.skipIf(NO_S3_SERVER !== null)('an S3-compatible evidence store', () => {
  test('keeps bytes under their digest, once, and gives them back whole or in part', async () => {
    const { server, evidence } = await started();
    const bytes = randomBytes(3_000_000);
    const name = sha256(bytes);
    expect(await evidence.get(name)).toBeNull();
    for (let n = 0; n < 2; n++) await evidence.put(name, bytes);
    expect(existsSync(server.pathOf(`evidence/${name.slice(0, 2)}/${name}`))).toBe(true);
    const file = await evidence.get(name);
    expect(file?.bytes).toBe(bytes.length);
    expect((await buffer(file?.open() as never)).equals(bytes)).toBe(true);
    const part = await buffer(file?.open({ start: 1_000_000, end: 1_999_999 }) as never);
    expect(part.equals(bytes.subarray(1_000_000, 2_000_000))).toBe(true);
    for (let n = 0; n < 2; n++) await evidence.delete(name);
    expect(await evidence.get(name)).toBeNull();
  });

  test('bytes that were changed on the way are refused, and nothing is kept of them', async () => {
    const { server } = await started();
    const endpoint = await changingProxy(server.section.endpoint);
    const evidence = openEvidence(testConfig({ evidence: { s3: { ...server.section, endpoint } } }));
    const bytes = Buffer.from('what was meant');
    await expect(evidence.put(sha256(bytes), bytes)).rejects.toThrow(/SHA256Mismatch|Digest/);
    expect(await evidence.get(sha256(bytes))).toBeNull();
  });

  test.each([
    ['a wrong secret', { secretAccessKey: 'a guess at the secret' }, /403/],
    ['a bucket that is not there', { bucket: 'nowhere' }, /404 NoSuchBucket/],
  ])('with %s says what is wrong, without the secret', async (_name, change, reason) => {
    const { evidence } = await started(change);
    const failed = await evidence.put(sha256('x'), Buffer.from('x')).catch((error: Error) => error);
    expect(String(failed)).toMatch(reason);
    expect(String(failed)).not.toMatch(/secret/i);
  });

  test('serves a gateway: what it took is shown to who is logged in; while it is down nothing is lost', async () => {
    const { server } = await started();
    const gateway = await testGateway({ evidence: { s3: server.section } });
    const agent = await gateway.agent();
    const operator = await gateway.operator();
    const [first, second] = [await picture(), await picture()];
    const reference = (bytes: Buffer) => ({
      name: 'still.jpg',
      kind: 'still' as const,
      contentType: 'image/jpeg' as const,
      bytes: bytes.length,
      sha256: sha256(bytes),
      capturedAt: '2026-11-23T08:15:30.250Z',
    });
    const send = (camera: string, id: string, bytes: Buffer) =>
      agent.deliver(agent.topics.evidence(camera, id, 'still.jpg'), bytes);
    const seen = await agent.report({ evidence: [reference(first)] });
    expect(await send(seen.camera, seen.id, first)).toEqual({ stored: true });
    const address = new URL(`/api/evidence/${sha256(first)}`, gateway.url);
    expect((await fetch(address)).status).toBe(401);
    const part = await fetch(address, { headers: { ...operator.headers, range: 'bytes=0-99' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(first.subarray(0, 100))).toBe(true);

    await server.down();
    const later = await agent.report({ camera: 'other', evidence: [reference(second)] });
    const name = await agent.send(agent.topics.evidence('other', later.id, 'still.jpg'), second);
    await agent.report({ camera: 'third' });
    expect(JSON.stringify(agent.acks)).not.toContain(name);
    const gone = await operator.get(`/api/evidence/${sha256(first)}`);
    expect(gone).toMatchObject({ status: 503, body: { status: 503 } });
    expect(JSON.stringify(gone.body)).not.toContain('127.0.0.1');

    await server.up();
    while (!agent.acks.some(({ stored }) => stored.includes(name))) {
      await agent.send(agent.topics.evidence('other', later.id, 'still.jpg'), second);
      await agent.report({ camera: 'third' });
    }
    rmSync(server.pathOf(`evidence/${sha256(first).slice(0, 2)}/${sha256(first)}`));
    expect(await operator.get(`/api/evidence/${sha256(first)}`)).toMatchObject({
      status: 404,
      body: { detail: 'there is no such evidence' },
    });
  }, 60_000);

  test('is backed up, restored from a backup of a folder, read for training and purged', async () => {
    const { server, evidence, config } = await started();
    const gateway = await testGateway({ evidence: { s3: server.section } });
    const agent = await gateway.agent();
    const operator = await gateway.operator();
    const bytes = await picture();
    const id = newId();
    const still = {
      name: 'still.jpg',
      kind: 'still' as const,
      contentType: 'image/jpeg' as const,
      bytes: bytes.length,
      sha256: sha256(bytes),
      capturedAt: '2026-11-23T08:15:30.250Z',
    };
    await agent.report({ id, evidence: [still] });
    await agent.deliver(agent.topics.evidence('binsheng-road', id, 'still.jpg'), bytes);
    const [alert] = (await operator.get('/api/alerts')).body.items;
    await operator.post(`/api/alerts/${alert.id}/reject`, { reason: 'shadow_or_water' });
    const store = await gateway.store();
    expect(await exportTraining(store, evidence, folder())).toMatchObject({ pictures: 1 });
    const backup = folder();
    expect(await backUp(store, evidence, backup)).toMatchObject({ evidence: 1 });

    const other = await S3Server.start(program);
    const elsewhere = s3EvidenceStore(
      resolveS3(
        { ...config.evidence, ...other.section, region: 'us-east-1', prefix: '', pathStyle: true },
        () => undefined,
        [],
      ),
    );
    const { store: empty, time } = await testStore();
    expect(await restore(empty, elsewhere, backup)).toMatchObject({ evidence: 1 });
    expect((await elsewhere.get(still.sha256))?.bytes).toBe(bytes.length);
    time.now = Date.now() + 400 * 86_400_000;
    const retention = { evidenceDays: 365, rejectedDays: 180, refusedDays: 30 };
    expect(await purgeEvidence(empty, elsewhere, retention, QUIET)).toBe(1);
    expect(await elsewhere.get(still.sha256)).toBeNull();
  }, 60_000);
});
