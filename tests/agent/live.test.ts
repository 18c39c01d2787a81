/** A person watches a camera: the agent pushes playable video to the gateway's socket, and leaves nothing behind. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret } from '@roadwatch/common';
import { LIVE_MESSAGE, newId } from '@roadwatch/contract';
import { startCamera } from '@roadwatch/simulator';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { SOFTWARE } from '../../agent/src/ffmpeg/hardware.ts';
import { ffmpegChildren } from '../../agent/src/ffmpeg/process.ts';
import { LiveSession } from '../../agent/src/live/live-session.ts';
import { paintedFeed } from '../../agent/src/live/painted-feed.ts';
import type { PictureSource } from '../../agent/src/live/picture-stream.ts';
import { temporaryFolder } from '../support/temp.ts';
import { plainAccess } from './support/access.ts';
import { potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const run = promisify(execFile);
const TOKEN = 'a-token-of-this-test';

/** A camera that shows a white picture of 1280 x 720. */
async function whiteCamera(): Promise<{ source: PictureSource; stop(): Promise<void> }> {
  const picture = join(await temporaryFolder(), 'white.png');
  await sharp({ create: { width: 1280, height: 720, channels: 3, background: '#fff' } }).toFile(picture);
  const camera = await startCamera({ source: picture, still: 'plain' });
  onTestFinished(() => camera.stop());
  return {
    source: {
      access: plainAccess(camera.url),
      decoder: SOFTWARE,
      size: { width: 1280, height: 720 },
      masks: [],
    },
    stop: () => camera.stop(),
  };
}

/** The gateway's end: takes one agent that has the token. */
async function relay(): Promise<{ url: string; agent: Promise<WebSocket> }> {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.authorization === `Bearer ${TOKEN}`,
  });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const agent = once(server, 'connection').then(([socket]) => socket as WebSocket);
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`, agent };
}

/** The first bytes that the agent sends, and whether each message was whole packets. */
async function receive(
  agent: Promise<WebSocket>,
  bytes: number,
): Promise<{ data: Buffer; aligned: boolean }> {
  const socket = await agent;
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      chunks.push(data);
      if (chunks.reduce((sum, { length }) => sum + length, 0) >= bytes) resolve();
    });
  });
  return { data: Buffer.concat(chunks), aligned: chunks.every(({ length }) => length % 188 === 0) };
}

/** Codec, width and height. */
async function videoIn(file: string): Promise<string | undefined> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', file],
  ]);
  return stdout.trim().split('\n')[0];
}

test('a live view is of the main stream, in its shape, where the model looks at a squeezed smaller one', async () => {
  const broker = await GatewayStandIn.start();
  const gateway = await relay();
  const [main, small] = await Promise.all([
    streetCamera({ source: await streetPicture(1280, 720) }),
    streetCamera({ source: await streetPicture(640, 480) }),
  ]);
  const folder = await temporaryFolder();
  const camera = { url: main.url, detectUrl: small.url };
  const box = await startBox(folder, broker.url, camera, {
    model: await potholeModel(),
    gateway: { url: gateway.url.replace('ws:', 'http:').replace('/live', '') },
  });
  await box.line('camera streaming');
  const before = [main.viewerCount, small.viewerCount];
  const received = receive(gateway.agent, 40_000);
  const live = { kind: 'live.start', session: newId(), url: gateway.url, token: TOKEN, maxSeconds: 60 };
  expect(await ask(broker, live)).toMatchObject({ outcome: 'done' });
  const file = join(folder, 'live.ts');
  await writeFile(file, (await received).data);
  expect(await videoIn(file)).toBe('mpeg1video,960,540');
  expect([main.viewerCount, small.viewerCount]).toEqual([(before[0] as number) + 1, before[1]]);
});

test('a live view is MPEG-1 in whole transport packets, scaled, with the masks black', async () => {
  const { source } = await whiteCamera();
  const gateway = await relay();
  const received = receive(gateway.agent, 40_000);
  const leftHalf = [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ] as [number, number][];
  const session = await LiveSession.start(paintedFeed({ ...source, masks: [leftHalf] }), {
    url: gateway.url,
    token: TOKEN,
    maxSeconds: 60,
  });
  onTestFinished(() => session.stop('test over'));
  const { data, aligned } = await received;
  expect(aligned).toBe(true);

  const folder = await temporaryFolder();
  const file = join(folder, 'live.ts');
  await writeFile(file, data);
  expect(await videoIn(file)).toBe('mpeg1video,960,540');
  const still = join(folder, 'still.png');
  await run('ffmpeg', ['-v', 'error', '-i', file, '-frames:v', '1', '-update', '1', still]);
  const pixels = await sharp(await readFile(still))
    .greyscale()
    .raw()
    .toBuffer();
  const at = (x: number, y: number): number => pixels[y * 960 + x] as number;
  expect(at(240, 270)).toBeLessThan(24);
  expect(at(720, 270)).toBeGreaterThan(230);
});

const SQUARE = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
];

/** A box with one camera, and a live view of it by somebody who plays H.264. */
async function watchedBox(camera: object = {}) {
  const broker = await GatewayStandIn.start();
  const gateway = await relay();
  const street = await streetCamera({ source: await streetPicture(1280, 720) });
  const folder = await temporaryFolder();
  const box = await startBox(
    folder,
    broker.url,
    { url: street.url, ...camera },
    {
      model: await potholeModel(),
      gateway: { url: gateway.url.replace('ws:', 'http:').replace('/live', '') },
    },
  );
  await box.line('camera streaming');
  const viewers = street.viewerCount;
  const messages: Buffer[] = [];
  void gateway.agent.then((socket) => socket.on('message', (data: Buffer) => messages.push(data)));
  const session = newId();
  const live = {
    kind: 'live.start',
    session,
    url: gateway.url,
    token: TOKEN,
    maxSeconds: 60,
    plays: ['h264'],
  };
  const reply = await ask(broker, live);
  return { broker, box, folder, street, viewers, messages, socket: gateway.agent, reply };
}

test('who plays H.264 gets what the camera sends, from a keyframe that is there already, without a second viewer', async () => {
  const { folder, street, viewers, messages, reply } = await watchedBox();
  expect(reply).toMatchObject({ outcome: 'done', live: { format: 'fmp4', codec: 'h264', masked: false } });
  expect(reply.live?.codecs).toMatch(/^avc1\.[0-9a-f]{6}$/);
  await expect.poll(() => messages.length, { timeout: 20_000 }).toBeGreaterThan(20);
  expect(street.viewerCount).toBe(viewers);
  expect(messages.slice(0, 2).map(([kind]) => kind)).toEqual([LIVE_MESSAGE.init, LIVE_MESSAGE.keyframe]);
  const file = join(folder, 'live.mp4');
  await writeFile(file, Buffer.concat(messages.map((message) => message.subarray(1))));
  expect(await videoIn(file)).toBe('h264,1280,720');
});

test('a camera with privacy masks is never passed on as it is', async () => {
  const { messages, reply } = await watchedBox({ masks: [SQUARE] });
  expect(reply).toMatchObject({ outcome: 'done', live: { format: 'mpeg1', codec: 'h264', masked: true } });
  await expect.poll(() => messages.length, { timeout: 20_000 }).toBeGreaterThan(0);
  // MPEG-TS (ISO/IEC 13818-1, 2.4.3.2).
  expect(messages.every(([first]) => first === 0x47)).toBe(true);
});

test('what is passed on ends as soon as a mask is added', async () => {
  const { broker, box, socket, reply } = await watchedBox();
  expect(reply.live?.format).toBe('fmp4');
  const closed = once(await socket, 'close');
  // Answered once nothing of it is under way any more.
  expect(await ask(broker, { kind: 'config', masks: [SQUARE] })).toMatchObject({ outcome: 'done' });
  await closed;
  await box.line('live view ended');
});

test('it ends, with its processes, when the gateway closes the socket', async () => {
  const { source } = await whiteCamera();
  const gateway = await relay();
  const session = await LiveSession.start(paintedFeed(source), {
    url: gateway.url,
    token: TOKEN,
    maxSeconds: 60,
  });
  expect(ffmpegChildren()).toBe(1);
  (await gateway.agent).close();
  await expect(session.ended).resolves.toBe('the gateway closed it');
  expect(ffmpegChildren()).toBe(0);
});

test('it ends when the agreed time is over', async () => {
  const { source } = await whiteCamera();
  const gateway = await relay();
  const session = await LiveSession.start(paintedFeed(source), {
    url: gateway.url,
    token: TOKEN,
    maxSeconds: 1,
  });
  await expect(session.ended).resolves.toBe('the agreed time is over');
  expect(ffmpegChildren()).toBe(0);
});

test('it ends when the camera goes', async () => {
  const { source, stop } = await whiteCamera();
  const gateway = await relay();
  const session = await LiveSession.start(paintedFeed(source), {
    url: gateway.url,
    token: TOKEN,
    maxSeconds: 60,
  });
  await stop();
  await expect(session.ended).resolves.toMatch(/^the (camera's stream|encoder) ended/);
});

test('a gateway that does not know the token is named as the reason', async () => {
  const { source } = await whiteCamera();
  const gateway = await relay();
  await expect(
    LiveSession.start(paintedFeed(source), { url: gateway.url, token: 'another-token-here', maxSeconds: 60 }),
  ).rejects.toThrow('the gateway does not take the live view: Unexpected server response: 401');
  expect(ffmpegChildren()).toBe(0);
});

test('a camera that is not there is named as the reason, without its password', async () => {
  const { source, stop } = await whiteCamera();
  await stop();
  const gateway = await relay();
  const access = { ...source.access, login: { username: 'user', password: new Secret('secret') } };
  const start = LiveSession.start(paintedFeed({ ...source, access }), {
    url: gateway.url,
    token: TOKEN,
    maxSeconds: 60,
  });
  await expect(start).rejects.toThrow('the camera cannot be watched: the camera refused the connection');
  await expect(start).rejects.not.toThrow(/secret/);
});
