import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RtspClient } from '../../testing/rtsp-client.ts';
import { fault as faultOption } from '../commands/options.ts';
import { startControl } from '../control.ts';
import { type RunningCamera, startCamera } from '../index.ts';
import { encodeClip } from '../media/encode.ts';
import { Timeline } from '../media/timeline.ts';
import { parseScenario } from '../scenario/read.ts';
import { Camera } from './camera.ts';
import { FAULT_KINDS, type Fault, type FaultKind, parseFault } from './faults.ts';

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

/** Largest difference of neighbouring pixels that is usual in one picture (blurdetect: the less sharp, the higher). */
async function blur(): Promise<number> {
  // biome-ignore format: one option with its value at a time
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-rtsp_transport', 'tcp', '-i', camera.url, '-frames:v', '1',
    '-vf', 'blurdetect,metadata=print', '-f', 'null', '-']);
  return Number(/lavfi\.blur=([\d.]+)/.exec(stderr)?.[1]);
}

test('dirty-lens: the picture is as bright, and has less detail', async () => {
  camera = await startCamera({ source: video });
  const [before, bright] = [await blur(), (await look()).brightness];
  await camera.fault({ kind: 'dirty-lens' });
  expect(await blur()).toBeGreaterThan(before * 1.2);
  expect(Math.abs((await look()).brightness - bright)).toBeLessThan(15);
});

test('fewer-pictures: a fifth of them comes', async () => {
  camera = await startCamera({ source: video });
  await camera.fault({ kind: 'fewer-pictures' });
  // biome-ignore format: one option with its value at a time
  const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', '-select_streams', 'v:0',
    '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', '-read_intervals', '%+3', camera.url]);
  const times = stdout.trim().split('\n').map(Number.parseFloat).filter(Number.isFinite);
  const apart = times.slice(1).map((at, i) => at - (times[i] as number));
  expect(Math.min(...apart)).toBeCloseTo(1 / 5, 1);
});

test('refuse: the camera answers that it cannot, and serves again afterwards', async () => {
  camera = await startCamera({ source: video, faults: [{ kind: 'refuse' }] });
  expect((await (await viewer()).ask('DESCRIBE')).status).toBe(503);
  camera.endFault('refuse');
  expect((await (await viewer()).ask('DESCRIBE')).status).toBe(200);
});

test('redirect: who asks for the stream is sent on, to another path of the server or elsewhere, and served there', async () => {
  camera = await startCamera({ source: video, subStream: { width: 160, height: 90 } });
  const { origin } = new URL(camera.url.replace('rtsp:', 'http:'));
  const rtsp = origin.replace('http:', 'rtsp:');
  await camera.fault({ kind: 'redirect', to: '/bars/sub' });
  const { status, headers } = await (await viewer()).ask('DESCRIBE');
  expect([status, headers.get('location')]).toEqual([302, `${rtsp}/bars/sub`]);
  expect(await look()).toMatchObject({ width: 160, height: 90 });
  const elsewhere = 'rtsps://[2001:db8::7]:322/live?a=b';
  await camera.fault({ kind: 'redirect', to: elsewhere });
  expect((await (await viewer()).ask('DESCRIBE')).headers.get('location')).toBe(elsewhere);
  camera.endFault('redirect');
  expect((await (await viewer()).ask('DESCRIBE')).status).toBe(200);
});

test.each(['http://10.0.0.1/a', 'elsewhere', 'rtsp://a/b c', ''])(
  'a redirect to %j is refused by name',
  (to) => {
    expect(() => parseFault({ kind: 'redirect', to })).toThrow(/^to: /);
  },
);

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

test('what happens to the picture: black, covered, a placeholder, smaller, another codec, and whole again', async () => {
  camera = await startCamera({ source: video });
  const whole = await look();
  expect(whole).toMatchObject({ width: 320, height: 180, codec: 'h264' });
  await camera.fault({ kind: 'black' });
  expect((await look()).brightness).toBeLessThan(20);
  camera.endFault('black');
  await camera.fault({ kind: 'covered' });
  expect((await look()).brightness).toBeLessThan(whole.brightness - 20);
  camera.endFault('covered');
  await camera.fault({ kind: 'placeholder' });
  expect((await look()).brightness).toBeLessThan(whole.brightness - 20);
  camera.endFault('placeholder');
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

test('corrupt: packets come in full number, some of them with other bytes', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await client.play();
  // The clip repeats every two seconds: whole pictures are the same each time, until bits flip.
  const seen = async (packets: number): Promise<{ numbers: number[]; payloads: Set<string> }> => {
    client.packets.length = 0;
    const numbers: number[] = [];
    const payloads = new Set<string>();
    while (numbers.length < packets) {
      const { sequence, payload } = await client.rtp();
      numbers.push(sequence);
      payloads.add(payload.toString('latin1'));
    }
    return { numbers, payloads };
  };
  const whole = (await seen(400)).payloads;
  await camera.fault({ kind: 'corrupt', rate: 0.5 });
  const { numbers, payloads } = await seen(100);
  expect(new Set(numbers.slice(1).map((number, i) => (number - (numbers[i] ?? 0)) & 0xffff))).toEqual(
    new Set([1]),
  );
  expect([...payloads].filter((payload) => !whole.has(payload)).length).toBeGreaterThan(20);
});

test('delay: every picture comes late by what was asked', async () => {
  camera = await startCamera({ source: video });
  const client = await viewer();
  await client.play();
  const report = await client.rtcp();
  const reportedMs =
    (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) / 2 ** 32) * 1000;
  const age = async (): Promise<number> => {
    client.packets.length = 0;
    const { timestamp } = await client.rtp();
    return Date.now() - reportedMs - ((timestamp - report.readUInt32BE(16)) | 0) / 90;
  };
  await camera.fault({ kind: 'delay', ms: 700, jitterMs: 50 });
  expect(await age()).toBeGreaterThanOrEqual(690);
});

test('moved: the camera shows another part of the scene', async () => {
  camera = await startCamera({ source: video });
  const corner = async (): Promise<string> => {
    // biome-ignore format: one option with its value at a time
    const { stdout } = await run('ffmpeg', ['-v', 'error', '-rtsp_transport', 'tcp', '-i', camera.url, '-frames:v', '1',
      '-vf', 'crop=40:40:0:0,scale=1:1', '-pix_fmt', 'rgb24', '-f', 'framehash', '-hash', 'md5', '-']);
    return /(\w{32})$/m.exec(stdout)?.[1] ?? '';
  };
  const before = await corner();
  expect(before).toHaveLength(32);
  await camera.fault({ kind: 'moved' });
  expect(await corner()).not.toBe(before);
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
  const reset = new Promise((resolve) => client.socket.once('error', resolve));
  camera.endFault('half-open');
  expect(await reset).toMatchObject({ code: 'ECONNRESET' });
});

describe('every fault', () => {
  const FIGURES: Partial<Record<FaultKind, object>> = {
    'slow-start': { seconds: 1 },
    'packet-loss': { rate: 0.1 },
    reorder: { rate: 0.1 },
    duplicate: { rate: 0.1 },
    delay: { ms: 100 },
    corrupt: { rate: 0.1 },
    'timestamp-jump': { seconds: 5 },
    redirect: { to: '/other?a=b' },
  };
  const asked = (kind: FaultKind): Fault => ({ kind, ...FIGURES[kind] }) as Fault;

  test.each(FAULT_KINDS)('%s can be asked for on the command line and in a scenario', (kind) => {
    const figures = Object.entries(FIGURES[kind] ?? {}).map(([name, value]) => `${name}=${value}`);
    expect(faultOption([kind, figures.join(',')].filter(Boolean).join(':'))).toEqual([asked(kind)]);
    const scenario = `name: a\ndescription: a\nseed: 1\nseconds: 9\nfaults: [{at: 1, fault: ${JSON.stringify(asked(kind))}}]`;
    expect(parseScenario(scenario).faults?.[0]?.fault).toEqual(asked(kind));
  });

  test('can be begun and ended through the control API, and is told in events', async () => {
    const clip = await encodeClip(
      ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=5:duration=1'],
      { width: 160, height: 90 },
      { codec: 'h264', fps: 5, gopSeconds: 1 },
      new AbortController().signal,
    );
    const controlled = new Camera({ path: 'gate', timeline: Timeline.looping(clip) });
    const control = await startControl([controlled], () => 'rtsp://127.0.0.1:1/gate', 0);
    const told: string[] = [];
    controlled.on('fault-begun', ({ kind }) => told.push(`+${kind}`));
    controlled.on('fault-ended', (kind) => told.push(`-${kind}`));
    const base = `http://127.0.0.1:${control.port}/cameras/gate/faults`;
    const lasting = FAULT_KINDS.filter((kind) => kind !== 'drop' && kind !== 'timestamp-jump');
    try {
      for (const kind of FAULT_KINDS) {
        const headers = { 'content-type': 'application/json' };
        const begun = await fetch(base, { method: 'POST', headers, body: JSON.stringify(asked(kind)) });
        expect([kind, begun.status]).toEqual([kind, 200]);
        await fetch(`${base}/${kind}`, { method: 'DELETE' });
        expect(controlled.faults.list()).toEqual([]);
      }
    } finally {
      controlled.stop();
      await control.stop();
    }
    expect(told.filter((entry) => entry.startsWith('+'))).toEqual(FAULT_KINDS.map((kind) => `+${kind}`));
    expect(told.filter((entry) => entry.startsWith('-'))).toEqual(lasting.map((kind) => `-${kind}`));
  });
});
