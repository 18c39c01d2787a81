/** Small copies of pictures for lists, from what agents send, whatever it is. */
import { randomBytes } from 'node:crypto';
import { sha256 } from '@roadwatch/contract';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { deleteForgotten, forgetEvidence } from '../../src/evidence/records.ts';
import { folderEvidenceStore } from '../../src/evidence/store.ts';
import { thumbnailName } from '../../src/evidence/thumbnail.ts';
import { testGateway } from '../../testing/gateway.ts';
import type { TestOperator } from '../../testing/operator.ts';

const AT = '2026-11-23T08:15:30.250Z';

/** Nothing compresses worse. */
function noise(width: number, height: number): Promise<Buffer> {
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

async function city() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  const deliver = async (bytes: Buffer): Promise<string> => {
    const ref = { name: 'still.jpg', kind: 'still', contentType: 'image/jpeg', capturedAt: AT } as const;
    const entry = { ...ref, sha256: sha256(bytes), bytes: bytes.length };
    const detection = await agent.report({ camera: `c-${entry.sha256.slice(0, 8)}`, evidence: [entry] });
    await agent.deliver(agent.topics.evidence(detection.camera, detection.id, ref.name), bytes);
    return entry.sha256;
  };
  return { gateway, operator, deliver };
}

function thumbnail(operator: TestOperator, name: string, headers: Record<string, string> = {}) {
  const url = new URL(`/api/evidence/${name}/thumbnail`, operator.base);
  return fetch(url, { headers: { ...operator.headers, ...headers } });
}

test('a list loads small pictures, each once, and they go with the pictures', async () => {
  const { gateway, operator, deliver } = await city();
  const name = await deliver(await noise(1920, 1080));
  const answer = await thumbnail(operator, name);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(bytes.length).toBeLessThanOrEqual(10_000);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 180 });
  expect(answer.headers.get('cache-control')).toContain('immutable');
  const etag = answer.headers.get('etag') as string;
  expect((await thumbnail(operator, name, { 'if-none-match': etag })).status).toBe(304);
  const files = folderEvidenceStore(gateway.config.evidence.dir);
  expect((await files.get(thumbnailName(name)))?.bytes).toBe(bytes.length);
  // As of a picture from before there were any.
  await files.delete(thumbnailName(name));
  expect((await thumbnail(operator, name)).status).toBe(200);
  const store = await gateway.store();
  await store.transaction((tx) => forgetEvidence(tx, [name]));
  await deleteForgotten(store, files);
  expect(await files.get(thumbnailName(name))).toBe(null);
  expect((await thumbnail(operator, name)).status).toBe(404);
});

test.each<[string, () => Promise<Buffer> | Buffer]>([
  [
    'bytes that only begin as a picture',
    () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), randomBytes(500)]),
  ],
  ['a picture that ends too early', async () => (await noise(640, 480)).subarray(0, 2_000)],
])('%s have no small copy, and harm nothing', async (_name, hostile) => {
  const { operator, deliver } = await city();
  const name = await deliver(await hostile());
  expect((await thumbnail(operator, name)).status).toBe(404);
  expect((await thumbnail(operator, await deliver(await noise(64, 48)))).status).toBe(200);
});

test('what is not there has none, and nor has what is somebody else’s', async () => {
  const { gateway, operator, deliver } = await city();
  expect((await thumbnail(operator, 'a'.repeat(64))).status).toBe(404);
  const unit = await gateway.operator('unit', 'unit', 'road-maintenance');
  expect((await thumbnail(unit, await deliver(await noise(64, 48)))).status).toBe(404);
});
