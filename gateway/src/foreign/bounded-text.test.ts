import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { beginningOf, boundedFetch } from './bounded-text.ts';

async function serverOf(body: Buffer, headers = {}): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('of a long answer the beginning is read', async () => {
  const url = await serverOf(Buffer.alloc(10_000_000, 'a'));
  expect(await beginningOf(await fetch(url), 100)).toBe('a'.repeat(100));
});

test('what is small over the wire and large behind it is bounded, too', async () => {
  const url = await serverOf(gzipSync(Buffer.alloc(10_000_000, 'a')), { 'content-encoding': 'gzip' });
  expect(await beginningOf(await fetch(url), 100)).toBe('a'.repeat(100));
});

test('a document that is too long is none', async () => {
  const url = await serverOf(Buffer.from('{"issuer":"x"}'));
  expect(await (await boundedFetch(14)(url)).json()).toEqual({ issuer: 'x' });
  await expect(boundedFetch(13)(url)).rejects.toThrow('the answer is longer than 13 bytes');
});
