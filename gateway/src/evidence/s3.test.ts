import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Secret } from '@roadwatch/common';
import { sha256 } from '@roadwatch/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { testConfig } from '../../testing/config.ts';
import { s3EvidenceStore } from './s3.ts';

const NAME = sha256('x');

/** A store that answers as the test says, and how often it was asked. */
async function answering(listener: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const time = { now: 0 };
  const s3 = {
    url: `http://127.0.0.1:${port}/bucket/`,
    region: 'r',
    prefix: '',
    accessKeyId: 'k',
    secretAccessKey: new Secret('s'),
  };
  return { store: s3EvidenceStore(s3, { timeoutMs: 1_000, now: () => time.now }), asked, time };
}

test('a store that never answers costs one time limit, not one for each picture, and is asked again later', async () => {
  const { store, asked, time } = await answering(() => {});
  await expect(store.put(NAME, Buffer.from('x'))).rejects.toThrow('HEAD evidence: no answer in time');
  await expect(store.put(NAME, Buffer.from('x'))).rejects.toThrow('did not answer a moment ago');
  expect(asked).toHaveLength(1);
  time.now += 1_000;
  await expect(store.get(NAME)).rejects.toThrow('no answer in time');
  expect(asked).toHaveLength(2);
});

test('a store that stops in the middle of a picture ends the reading', async () => {
  const { store } = await answering((request, response) => {
    response.writeHead(200, { 'content-length': '10' });
    if (request.method === 'GET') response.write('12345');
    else response.end();
  });
  const file = await store.get(NAME);
  expect(file?.bytes).toBe(10);
  await expect(buffer(file?.open() as never)).rejects.toThrow('no answer in time');
});

test('a redirect is not followed: it would carry our signature elsewhere', async () => {
  const { store, asked } = await answering((_request, response) =>
    response.writeHead(307, { location: '/elsewhere' }).end(),
  );
  await expect(store.put(NAME, Buffer.from('x'))).rejects.toThrow('HEAD evidence: 307');
  expect(asked).toEqual([`HEAD /bucket/${NAME.slice(0, 2)}/${NAME}`]);
});

test('an error is told by its code, whatever else the store says, and is not waited for', async () => {
  const { store, asked } = await answering((request, response) => {
    response.statusCode = request.method === 'HEAD' ? 404 : 507;
    response.end(`<Error><Code>QuotaExceeded</Code><Message>${'x'.repeat(100_000)}</Message></Error>`);
  });
  for (let n = 0; n < 2; n++)
    await expect(store.put(NAME, Buffer.from('x'))).rejects.toThrow(/^PUT evidence: 507 QuotaExceeded$/);
  expect(asked).toHaveLength(4);
});

describe('the configuration of the evidence store', () => {
  const s3 = {
    endpoint: 'https://s3.city.test/base',
    bucket: 'road-damage',
    accessKeyId: 'k',
    secretAccessKey: 's',
  };
  test('addresses the bucket by path, or by host', () => {
    expect(testConfig({ evidence: { s3 } }).evidence.s3?.url).toBe('https://s3.city.test/base/road-damage/');
    expect(testConfig({ evidence: { s3: { ...s3, pathStyle: false } } }).evidence.s3?.url).toBe(
      'https://road-damage.s3.city.test/base/',
    );
  });
  test.each([
    ['a folder and a bucket', { dir: 'x', s3 }, /give either dir or s3/],
    ['no key', { s3: { ...s3, accessKeyId: undefined } }, /s3\.accessKeyId: is missing/],
    ['two secrets', { s3: { ...s3, secretAccessKeyFile: 'x' } }, /give one of secretAccessKey/],
    ['a secret in the address', { s3: { ...s3, endpoint: 'https://k:s@s3.city.test' } }, /s3\.endpoint/],
    ['a way out of the bucket', { s3: { ...s3, prefix: '../' } }, /s3\.prefix/],
  ])('is refused with %s', (_name, evidence, problem) => {
    expect(() => testConfig({ evidence })).toThrow(problem);
  });
});
