/** What a mask hides stays on the box, whatever comes over the wire. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newId } from '@roadwatch/contract';
import { startCamera } from '@roadwatch/simulator';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const run = promisify(execFile);
type Polygon = [number, number][];
const half = (from: number, to: number): Polygon => [
  [from, 0],
  [to, 0],
  [to, 1],
  [from, 1],
];
const LEFT = half(0, 0.5);
const RIGHT = half(0.5, 1);

/** How bright the left and the right half of a picture are, 0 to 255. */
async function halves(picture: Buffer): Promise<[left: number, right: number]> {
  const { width = 0, height = 0 } = await sharp(picture).metadata();
  const brightness = async (left: number): Promise<number> => {
    const part = { left, top: 8, width: Math.floor(width / 2) - 32, height: height - 16 };
    const pixels = await sharp(picture).extract(part).greyscale().toBuffer();
    return Math.round((await sharp(pixels).stats()).channels[0]?.mean ?? 0);
  };
  return [await brightness(8), await brightness(Math.ceil(width / 2) + 16)];
}

async function start(masks: Polygon[], change: object = {}, folder?: string) {
  const gateway = await GatewayStandIn.start();
  const picture = join(await temporaryFolder(), 'white.png');
  await sharp({ create: { width: 1280, height: 720, channels: 3, background: '#eee' } }).toFile(picture);
  const camera = await startCamera({ source: picture, still: 'plain', encoder: { gopSeconds: 0.5 } });
  onTestFinished(() => camera.stop());
  const dir = folder ?? (await temporaryFolder());
  const box = await startBox(
    dir,
    gateway.url,
    { url: camera.url, masks, ...change },
    { model: await potholeModel() },
  );
  await box.line('camera streaming');
  const snapshot = async (): Promise<[number, number]> => {
    let reply = await ask(gateway, { kind: 'snapshot' });
    // The first segment of a connection takes its time to be on disk.
    while (reply.outcome !== 'done') reply = await ask(gateway, { kind: 'snapshot' });
    const still = () =>
      gateway.received.find(({ topic }) => topic.endsWith(`/evidence/${reply.id}/still.jpg`))?.payload;
    await gateway.until(() => still() !== undefined);
    return halves(still() as Buffer);
  };
  return { gateway, box, snapshot, dir };
}

test('a mask of the box is not taken away, moved or made smaller by a command', async () => {
  const { gateway, snapshot } = await start([LEFT]);
  const before = await snapshot();
  expect(before[0]).toBeLessThan(24);
  expect(before[1]).toBeGreaterThan(200);
  for (const masks of [[], [half(0, 0.1)]])
    expect(await ask(gateway, { kind: 'config', masks })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^masks: 1 .* stay; .*configuration of the box/),
    });
  expect(await ask(gateway, { kind: 'config', road: half(0, 1) })).toMatchObject({
    outcome: 'failed',
    reason: 'road: is taken within settings, and not by itself',
  });
  expect((await snapshot())[0]).toBeLessThan(24);
}, 60_000);

test('a mask that is added holds at once, in a live view that is on, and after a restart until the box drops it', async () => {
  const { gateway, box, snapshot, dir } = await start([LEFT]);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
  const connection = once(server, 'connection');
  const live = { kind: 'live.start', url, token: 'a-token-of-this-test', maxSeconds: 60 };
  expect(await ask(gateway, { ...live, session: newId() })).toMatchObject({ outcome: 'done' });
  const [socket] = await connection;
  const closed = once(socket, 'close');

  expect(await ask(gateway, { kind: 'config', masks: [LEFT, RIGHT] })).toMatchObject({ outcome: 'done' });
  await closed;
  const next = once(server, 'connection');
  const session = newId();
  const again = ask(gateway, { ...live, session });
  const [second] = await next;
  const packets: Buffer[] = [];
  second.on('message', (data: Buffer) => packets.push(data));
  expect(await again).toMatchObject({ outcome: 'done' });
  await once(second, 'message');
  await ask(gateway, { kind: 'live.stop', session });
  const file = join(await temporaryFolder(), 'live.ts');
  await writeFile(file, Buffer.concat(packets));
  const still = `${file}.png`;
  await run('ffmpeg', ['-v', 'error', '-i', file, '-frames:v', '1', '-update', '1', still]);
  for (const brightness of [...(await halves(await sharp(still).png().toBuffer())), ...(await snapshot())])
    expect(brightness).toBeLessThan(24);

  await box.agent.stop();
  const restarted = await start([LEFT], {}, dir);
  expect((await restarted.snapshot())[1]).toBeLessThan(24);
  await restarted.box.agent.stop();
  const dropped = await start([LEFT], { keepAddedMasks: false }, dir);
  expect((await dropped.snapshot())[1]).toBeGreaterThan(200);
}, 120_000);
