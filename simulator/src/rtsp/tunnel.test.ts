/** RTSP through HTTP and in TLS, byte by byte: players of other people do the same in tests/interop. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { RtspClient } from '../../testing/rtsp-client.ts';
import { Camera } from '../camera/camera.ts';
import type { Clip } from '../media/clip.ts';
import { encodeClip } from '../media/encode.ts';
import { Timeline } from '../media/timeline.ts';
import { selfMadeKeys } from './certificate.ts';
import { RtspServer } from './server.ts';

let clip: Clip;

beforeAll(async () => {
  const settings = { codec: 'h264', fps: 25, gopSeconds: 0.4 } as const;
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1'];
  clip = await encodeClip(input, { width: 160, height: 90 }, settings, new AbortController().signal);
});

async function serve(): Promise<{
  readonly server: RtspServer;
  readonly camera: Camera;
  readonly cert: string;
}> {
  const camera = new Camera({ path: 'cam', timeline: Timeline.looping(clip) });
  const keys = await selfMadeKeys('127.0.0.1');
  const server = new RtspServer([camera], { tls: { ...keys, port: 0 } });
  await server.start();
  onTestFinished(async () => {
    camera.stop();
    await server.stop();
  });
  return { server, camera, cert: keys.cert };
}

async function opened(port: number, ...lines: string[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

const GET = (cookie: string): string[] => ['GET /cam HTTP/1.0', `x-sessioncookie: ${cookie}`];
const POST = (cookie: string): string[] => [
  'POST /cam HTTP/1.0',
  `x-sessioncookie: ${cookie}`,
  'Content-Length: 32767',
];

/** Reads a connection on which answers come after the head of HTTP. */
function reader(socket: Socket): (until: RegExp) => Promise<string> {
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
  });
  return async (until) => {
    while (!until.test(heard)) await once(socket, 'data');
    const said = heard;
    heard = '';
    return said;
  };
}

const encoded = (method: string, cseq: number, ...headers: string[]): string =>
  Buffer.from([`${method} rtsp://h/cam RTSP/1.0`, `CSeq: ${cseq}`, ...headers, '', ''].join('\r\n')).toString(
    'base64',
  );

test('what is posted in base64 is answered on the GET, however it is cut and padded, also on a second POST', async () => {
  const { server, camera } = await serve();
  const get = await opened(server.port, ...GET('abc'));
  const heard = reader(get);
  expect(await heard(/\r\n\r\n/)).toMatch(
    /^HTTP\/1\.0 200 OK\r\n[\s\S]*Content-Type: application\/x-rtsp-tunnelled/,
  );
  const post = await opened(server.port, ...POST('abc'));
  const requests = [encoded('OPTIONS', 1), encoded('OPTIONS', 22), encoded('OPTIONS', 333)];
  expect(requests.map((request) => /=*$/.exec(request)?.[0]?.length)).toEqual([0, 2, 1]);
  for (const byte of requests.join('')) post.write(byte);
  expect(await heard(/CSeq: 333\r\n[\s\S]*\r\n\r\n/)).toMatch(/CSeq: 1\r\n[\s\S]*CSeq: 22\r\n/);
  const over = once(post, 'close');
  post.end();
  await over;

  const again = await opened(server.port, ...POST('abc'));
  again.write(encoded('SETUP', 4, 'Transport: RTP/AVP/TCP;interleaved=0-1'));
  const [, id] = /Session: (\w+)/.exec(await heard(/CSeq: 4\r\n[\s\S]*\r\n\r\n/)) ?? [];
  again.write(encoded('PLAY', 5, `Session: ${id}`));
  await heard(/CSeq: 5\r\n[\s\S]*\r\n\r\n\$/);
  expect(camera.viewerCount).toBe(1);
  const gone = camera.next('disconnected');
  get.destroy();
  await gone;
  expect(camera.viewerCount).toBe(0);
  await once(again, 'close');
});

test('packets that would go beside a tunnel or TLS by UDP are refused', async () => {
  const { server, camera, cert } = await serve();
  const transport = 'Transport: RTP/AVP;unicast;client_port=5000-5001';
  const heard = reader(await opened(server.port, ...GET('abc')));
  await heard(/\r\n\r\n/);
  (await opened(server.port, ...POST('abc'))).write(encoded('SETUP', 1, transport));
  expect(await heard(/CSeq: 1/)).toContain('461 Unsupported Transport');

  const { port } = new URL(server.secureUrlOf(camera.main) ?? '');
  const secure = connectTls({ port: Number(port), host: '127.0.0.1', ca: cert });
  onTestFinished(() => void secure.destroy());
  await once(secure, 'secureConnect');
  const told = reader(secure);
  secure.write(`SETUP rtsp://h/cam RTSP/1.0\r\nCSeq: 2\r\n${transport}\r\n\r\n`);
  expect(await told(/CSeq: 2/)).toContain('461 Unsupported Transport');
});

test.each([
  ['a page', ['GET / HTTP/1.1', 'Host: h'], '404'],
  ['a POST that belongs to no GET', POST('other'), '404'],
  ['a cookie that is taken', GET('taken'), '409'],
  ['a cookie that is none', ['GET / HTTP/1.0', 'x-sessioncookie: a b'], '404'],
  ['a head without end', ['GET / HTTP/1.0', `x: ${'x'.repeat(20_000)}`], '431'],
])('who asks by HTTP for %s is answered by HTTP, and let go', async (_, lines, status) => {
  const { server } = await serve();
  const heard = reader(await opened(server.port, ...GET('taken')));
  await heard(/\r\n\r\n/);
  expect(await text(await opened(server.port, ...lines))).toMatch(new RegExp(`^HTTP/1\\.0 ${status} `));
});

test('a request of RTSP that begins as one of HTTP does is understood, also in pieces', async () => {
  const { server, camera } = await serve();
  const client = await RtspClient.open(server.urlOf(camera.main));
  onTestFinished(() => client.close());
  const [first, ...others] =
    `GET_PARAMETER ${client.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`.match(/[\s\S]{1,2}/g) ?? [];
  client.socket.setNoDelay(true).write(first ?? '');
  for (const piece of others) client.socket.write(piece);
  expect((await client.answer()).status).toBe(200);
});

test('those who have said nothing yet are let go with the server', async () => {
  const { server } = await serve();
  const silent = connect(server.port, '127.0.0.1');
  await once(silent, 'connect');
  const tunnel = await opened(server.port, ...GET('abc'));
  await once(
    tunnel.on('error', () => {}),
    'data',
  );
  const closed = [silent, tunnel].map((socket) => once(socket.on('error', () => {}).resume(), 'close'));
  await server.stop();
  await Promise.all(closed);
});
