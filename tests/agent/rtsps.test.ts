/** Cameras by TLS: their certificate is vouched for, or pinned, or they are told nothing. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../gateway/testing/certificate.ts';
import { temporaryFolder } from '../support/temp.ts';
import { type AgentBox, potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

/** A camera behind TLS, with a certificate that it made itself. */
async function secureCamera(): Promise<{
  readonly url: string;
  readonly cert: string;
  readonly heard: string[];
}> {
  const camera = await streetCamera();
  const { port: plainPort } = new URL(camera.url);
  const { cert, key } = makeCertificate(await temporaryFolder());
  const heard: string[] = [];
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
    const inner = connect(Number(plainPort), '127.0.0.1');
    for (const end of [socket, inner]) end.on('error', () => {});
    socket.on('data', (chunk) => heard.push(chunk.toString('latin1')));
    socket.pipe(inner).pipe(socket);
    socket.on('close', () => inner.destroy());
    inner.on('close', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => {});
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `rtsps://127.0.0.1:${port}${new URL(camera.url).pathname}`, cert, heard };
}

async function watching(camera: object): Promise<AgentBox> {
  const gateway = await GatewayStandIn.start();
  return startBox(await temporaryFolder(), gateway.url, camera, { model: await potholeModel() });
}

test('a certificate that nobody vouches for is refused before a word is said, and the reason names its fingerprint', async () => {
  const { url, heard } = await secureCamera();
  const { reason } = await (await watching({ url })).line('camera refused');
  expect(heard).toEqual([]);
  const [, fingerprint] = /fingerprint: "([0-9A-F:]{95})"/.exec(String(reason)) ?? [];
  await (await watching({ url, fingerprint })).line('camera streaming');
});

test('a camera whose certificate an authority vouches for streams; another fingerprint than the one named does not', async () => {
  const { url, cert } = await secureCamera();
  await (await watching({ url, caFile: cert })).line('camera streaming');
  const other = Array.from({ length: 32 }, () => 'AB').join(':');
  const { reason } = await (await watching({ url, fingerprint: other })).line('camera refused');
  expect(reason).toContain('is not the one of fingerprint');
});
