/** Lists and the console's files go compressed; what has a secret in it, and the stream of events, never. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { precompress } from '../../src/http/compression.ts';
import { testGateway } from '../../testing/gateway.ts';
import type { TestOperator } from '../../testing/operator.ts';

/** `fetch` would unpack it. */
async function get(base: string, path: string, headers: Record<string, string>) {
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
    request(new URL(path, base), { headers }, resolve).on('error', reject).end(),
  );
  return { status: answer.statusCode, headers: answer.headers, bytes: await buffer(answer) };
}

const asking = (operator: TestOperator, encodings: string) => ({
  ...operator.headers,
  'accept-encoding': encodings,
});

test('a list goes in a fraction of its bytes to whoever takes it so', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  for (let n = 0; n < 20; n++) await agent.report({ camera: `camera-${n}` });
  const operator = await gateway.operator();
  const plain = await get(gateway.url, '/api/alerts', asking(operator, 'identity'));
  const brotli = await get(gateway.url, '/api/alerts', asking(operator, 'gzip, deflate, br'));
  const gzip = await get(gateway.url, '/api/alerts', asking(operator, 'gzip'));
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect([brotli.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
  expect(brotliDecompressSync(brotli.bytes)).toEqual(plain.bytes);
  expect(gunzipSync(gzip.bytes)).toEqual(plain.bytes);
  expect(brotli.bytes.length).toBeLessThan(plain.bytes.length / 5);
  expect(brotli.headers.vary).toMatch(/accept-encoding/i);
});

test('a list that has not changed is answered without it, compressed or not', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  for (const path of ['/api/alerts', '/api/tickets', '/api/cameras'])
    for (const encodings of ['identity', 'br']) {
      const { etag = '', ...headers } = (await get(gateway.url, path, asking(operator, encodings))).headers;
      expect(headers['cache-control']).toBe('private, no-cache');
      const again = await get(gateway.url, path, { ...asking(operator, encodings), 'if-none-match': etag });
      expect([path, again.status, again.bytes.length]).toEqual([path, 304, 0]);
    }
  const { etag = '' } = (await get(gateway.url, '/api/alerts', asking(operator, 'br'))).headers;
  await agent.report({ camera: 'another' });
  const changed = await get(gateway.url, '/api/alerts', { ...asking(operator, 'br'), 'if-none-match': etag });
  expect(changed.status).toBe(200);
  expect(changed.headers.etag).not.toBe(etag);
});

test('an answer with a secret in it goes as it is', async () => {
  const gateway = await testGateway();
  const admin = await gateway.operator('admin');
  for (const path of ['/api/me', '/api/tokens', '/api/session/ways'])
    expect((await get(gateway.url, path, asking(admin, 'br'))).headers['content-encoding']).toBeUndefined();
});

test('the console’s files are packed when it is built, and served so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-console-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const gateway = await testGateway({ dataDir: folder });
  const script = 'export const text = "a road, a road, a road";\n'.repeat(200);
  const assets = join(gateway.config.dataDir, 'console', 'assets');
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(assets, 'main-1.js'), script);
  await precompress(join(gateway.config.dataDir, 'console'));
  const packed = await get(gateway.url, '/assets/main-1.js', { 'accept-encoding': 'gzip, br' });
  expect(packed.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': expect.stringContaining('javascript'),
    'cache-control': expect.stringContaining('immutable'),
  });
  expect(brotliDecompressSync(packed.bytes).toString()).toBe(script);
  expect((await get(gateway.url, '/assets/main-1.js', {})).bytes.toString()).toBe(script);
});
