import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RunningCamera, startCamera } from './index.ts';
import { RtspClient } from './testing/rtsp-client.ts';

const run = promisify(execFile);
let folder: string;
let video: string;
let camera: RunningCamera;
const clients: RtspClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults-'));
  video = join(folder, 'bars.mp4');
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-t', '2',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '12', video]);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await camera?.stop();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function viewer(): Promise<RtspClient> {
  const client = await RtspClient.open(camera.url);
  clients.push(client);
  return client;
}

/** Mean brightness (0 to 255) and size of one picture that ffmpeg decodes from the stream now. */
async function look(): Promise<{ brightness: number; width: number; height: number; codec: string }> {
  // biome-ignore format: one option with its value at a time
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-rtsp_transport', 'tcp', '-i', camera.url, '-frames:v', '1',
    '-vf', 'signalstats,metadata=print', '-f', 'null', '-']);
  const [, codec = '', width, height] = /Video: (\w+).*?, (\d+)x(\d+)/.exec(stderr) ?? [];
  const brightness = Number(/YAVG=([\d.]+)/.exec(stderr)?.[1]);
  return { brightness, width: Number(width), height: Number(height), codec };
}

test('refuse: the camera answers that it cannot, and serves again afterwards', async () => {
  camera = await startCamera({ source: video, faults: [{ kind: 'refuse' }] });
  expect((await (await viewer()).ask('DESCRIBE')).status).toBe(503);
  camera.endFault('refuse');
  expect((await (await viewer()).ask('DESCRIBE')).status).toBe(200);
});

test('wrong-auth: nobody gets in', async () => {
  camera = await startCamera({ source: video, faults: [{ kind: 'wrong-auth' }] });
  const { status, headers } = await (await viewer()).ask('DESCRIBE');
  expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Digest realm=')]);
});

test('drop: open connections are closed, new ones served', async () => {
  camera = await startCamera({ source: video });
  const first = await viewer();
  await first.play();
  await camera.fault({ kind: 'drop' });
  await first.closed();
  expect((await (await viewer()).play()).status).toBe(200);
});

test('freeze: nothing comes any more, though requests are answered; then it goes on with a keyframe', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await client.play();
  await client.rtp();
  await camera.fault({ kind: 'freeze' });
  await client.ask('GET_PARAMETER');
  client.packets.length = 0;
  await camera.next('keyframe');
  await client.ask('GET_PARAMETER');
  expect(client.packets).toHaveLength(0);
  camera.endFault('freeze');
  expect((await client.rtp()).payload[0]).toBe(0x67);
});

test('frozen-picture: packets go on, all with one picture', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await camera.fault({ kind: 'frozen-picture' });
  await client.play();
  const pictures = new Map<number, string>();
  while (pictures.size < 4) {
    const { timestamp, payload } = await client.rtp();
    pictures.set(timestamp, `${pictures.get(timestamp) ?? ''}${payload.toString('hex')}`);
  }
  expect(new Set([...pictures.values()].slice(0, 3)).size).toBe(1);
});

test('what happens to the picture: black, covered, moved, smaller, another codec, and whole again', async () => {
  camera = await startCamera({ source: video });
  const whole = await look();
  expect(whole).toMatchObject({ width: 320, height: 180, codec: 'h264' });
  await camera.fault({ kind: 'black' });
  expect((await look()).brightness).toBeLessThan(20);
  camera.endFault('black');
  await camera.fault({ kind: 'covered' });
  expect((await look()).brightness).toBeLessThan(whole.brightness - 20);
  camera.endFault('covered');
  await camera.fault({ kind: 'resolution-change' });
  expect(await look()).toMatchObject({ width: 160, height: 90 });
  camera.endFault('resolution-change');
  await camera.fault({ kind: 'codec-change' });
  expect(await look()).toMatchObject({ codec: 'hevc', width: 320 });
  camera.endFault('codec-change');
  expect((await look()).brightness).toBeCloseTo(whole.brightness, -1);
});

test('endless-gop: after one keyframe no other comes while the clip lasts', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await camera.fault({ kind: 'endless-gop' });
  await client.play();
  let keyframes = 0;
  for (let pictures = 0; pictures < 40; ) {
    const { payload, marker } = await client.rtp();
    if (payload[0] === 0x67) keyframes++;
    if (marker) pictures++;
  }
  expect(keyframes).toBe(1);
});

test('packet-loss: gaps in the numbering; duplicate and reorder: numbers twice and out of turn', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await client.play();
  const steps = async (): Promise<number[]> => {
    client.packets.length = 0;
    const numbers: number[] = [];
    while (numbers.length < 120) numbers.push((await client.rtp()).sequence);
    return numbers.slice(1).map((number, i) => (number - (numbers[i] ?? 0)) & 0xffff);
  };
  await camera.fault({ kind: 'packet-loss', rate: 0.3 });
  expect((await steps()).some((step) => step > 1 && step < 100)).toBe(true);
  camera.endFault('packet-loss');
  await camera.fault({ kind: 'duplicate', rate: 0.3 });
  expect(await steps()).toContain(0);
  camera.endFault('duplicate');
  await camera.fault({ kind: 'reorder', rate: 0.3 });
  expect((await steps()).some((step) => step > 0x8000)).toBe(true);
});

test('no-parameter-sets: neither in the description nor in the stream', async () => {
  camera = await startCamera({ source: video, faults: [{ kind: 'no-parameter-sets' }] });
  const client = await viewer();
  expect((await client.ask('DESCRIBE')).body).not.toContain('sprop');
  await client.ask('SETUP', { Transport: 'RTP/AVP/TCP;interleaved=0-1' });
  await client.ask('PLAY');
  const types = new Set<number>();
  for (let i = 0; i < 60; i++) types.add(((await client.rtp()).payload[0] ?? 0) & 0x1f);
  expect([types.has(7), types.has(8)]).toEqual([false, false]);
});

test('timestamp-jump: the times jump once by what was asked', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await client.play();
  const before = await client.rtp();
  await camera.fault({ kind: 'timestamp-jump', seconds: 100 });
  client.packets.length = 0;
  await camera.next('keyframe');
  const after = await client.rtp();
  const jumped = ((after.timestamp - before.timestamp) >>> 0) / 90_000;
  expect(jumped).toBeGreaterThan(99);
  expect(jumped).toBeLessThan(110);
});

test('slow-start, rtcp-silence and no-teardown-answer do what they are named', async () => {
  camera = await startCamera({
    source: video,
    faults: [{ kind: 'slow-start', seconds: 0.6 }, { kind: 'rtcp-silence' }, { kind: 'no-teardown-answer' }],
  });
  const client = await viewer();
  await client.play();
  const playedAt = performance.now();
  await client.rtp();
  expect(performance.now() - playedAt).toBeGreaterThan(400);
  expect(client.packets.filter(({ channel }) => channel === 1)).toHaveLength(0);
  client.socket.write(`TEARDOWN ${camera.url} RTSP/1.0\r\nCSeq: 90\r\n\r\n`);
  // The next answer is the one to the next request.
  expect((await client.ask('OPTIONS')).headers.get('cseq')).not.toBe('90');
});

test('half-open: no answer, no picture, no end of the connection', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await client.play();
  await client.rtp();
  await camera.fault({ kind: 'half-open' });
  const other = await viewer();
  expect((await other.ask('OPTIONS', {}, '*')).status).toBe(200);
  client.packets.length = 0;
  client.socket.write(`GET_PARAMETER ${camera.url} RTSP/1.0\r\nCSeq: 91\r\n\r\n`);
  await camera.next('keyframe');
  await other.ask('OPTIONS', {}, '*');
  expect([client.packets.length, client.socket.closed]).toEqual([0, false]);
});
