import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { type LineQuality, SlowLink } from './slow-link.ts';

/** Sends everything back. */
async function linkToEcho(quality?: LineQuality): Promise<SlowLink> {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await SlowLink.start((server.address() as AddressInfo).port, quality);
  onTestFinished(async () => {
    await link.stop();
    server.close();
  });
  return link;
}

async function open(link: SlowLink): Promise<Socket> {
  const socket = connect(link.port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

test.each<LineQuality>([{}, { bytesPerSecond: 100_000 }, { loss: 0.3 }])(
  'a line of $0 carries all bytes in their order, and both ends',
  async (quality) => {
    const link = await linkToEcho(quality);
    const socket = await open(link);
    const sent = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
    socket.end(sent);
    expect(Buffer.compare(await buffer(socket), sent)).toBe(0);
    expect(link.bytes).toEqual({ up: sent.length, down: sent.length });
  },
);

test('a half-open connection carries nothing more and is not closed, while a new one is served', async () => {
  const link = await linkToEcho();
  const old = await open(link);
  old.write('a');
  expect(String((await once(old, 'data'))[0])).toBe('a');
  link.halfOpen();
  let heard = '';
  old.on('data', (chunk) => {
    heard += chunk;
  });
  old.write('b');
  const fresh = await open(link);
  fresh.write('c');
  expect(String((await once(fresh, 'data'))[0])).toBe('c');
  expect({ heard, closed: old.closed, connections: link.connections }).toEqual({
    heard: '',
    closed: false,
    connections: 2,
  });
});

test('what waits at an unplugged line comes when it is plugged in again, and a cut one tells both ends', async () => {
  const link = await linkToEcho();
  const socket = await open(link);
  link.unplug();
  socket.write('a');
  link.plug();
  expect(String((await once(socket, 'data'))[0])).toBe('a');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  link.cut();
  await closed;
});
