/** Programs that nobody here wrote play the simulator's cameras: ffmpeg and GStreamer, inside the connection and by UDP. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LoginScheme, type RunningCamera, startCamera } from '@roadwatch/simulator';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { HAS_PYTHON, runPython } from '../support/python.ts';

const run = promisify(execFile);
let folder: string;
let camera: RunningCamera;

/** Of a decoded picture, in 4:2:0. */
function pictureBytes(width: number, height: number): number {
  return width * height * 1.5;
}

/**
 * Lets GStreamer decode so much, and returns what it has complained of until then. It is ended from outside: a pipeline that ends
 * by itself pauses a connection that rtspsrc may have closed already, and calls that an error.
 */
async function playInGStreamer(elements: readonly string[], bytes: number): Promise<string> {
  const player = spawn('gst-launch-1.0', ['-q', ...elements, '!', 'fdsink', 'fd=1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  player.stderr.on('data', (text) => {
    complaints += text;
  });
  let decoded = 0;
  for await (const part of player.stdout) {
    decoded += (part as Buffer).length;
    if (decoded >= bytes) break;
  }
  player.kill('SIGKILL');
  if (player.exitCode === null && player.signalCode === null) await once(player, 'exit');
  expect(decoded, complaints).toBeGreaterThanOrEqual(bytes);
  return complaints;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'players-'));
  const video = join(folder, 'road.mp4');
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25', '-t', '3',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-bf', '2', video]);
  camera = await startCamera({ source: video });
});

afterAll(async () => {
  await camera?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['tcp', 'udp'])('over %s', (transport) => {
  test('ffprobe sees the stream as the file has it', async () => {
    // biome-ignore format: one option with its value at a time
    const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', transport, '-show_entries',
      'stream=codec_name,width,height,r_frame_rate', '-of', 'json', camera.url]);
    expect(JSON.parse(stdout).streams).toMatchObject([
      { codec_name: 'h264', width: 640, height: 360, r_frame_rate: '25/1' },
    ]);
  });

  test('ffmpeg decodes past the loop without a complaint, every picture, in even steps', async () => {
    // biome-ignore format: one option with its value at a time
    const { stdout, stderr } = await run('ffmpeg', ['-v', 'warning', '-rtsp_transport', transport, '-i', camera.url,
      '-frames:v', '100', '-copyts', '-f', 'framecrc', '-']);
    expect(stderr).toBe('');
    const times = [...stdout.matchAll(/^0,\s*(-?\d+)/gm)].map((match) => Number(match[1]));
    expect(times).toHaveLength(100);
    const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(new Set(steps)).toEqual(new Set([1]));
  });

  test('GStreamer plays it to decoded pictures', async () => {
    const complaints = await playInGStreamer(
      ['rtspsrc', `location=${camera.url}`, `protocols=${transport}`, '!', 'rtph264depay', '!', 'avdec_h264'],
      60 * pictureBytes(640, 360),
    );
    expect(complaints).not.toMatch(/ERROR|WARN/);
  });
});

test('H.265 is played too, by ffmpeg and GStreamer', async () => {
  const encoder = { codec: 'h265', gopSeconds: 1 } as const;
  const size = { width: 320, height: 180 };
  const h265 = await startCamera({ source: join(folder, 'road.mp4'), encoder, size });
  try {
    // biome-ignore format: one option with its value at a time
    const { stderr } = await run('ffmpeg', ['-v', 'error', '-rtsp_transport', 'tcp', '-i', h265.url, '-frames:v', '50',
      '-f', 'null', '-']);
    expect(stderr).toBe('');
    const complaints = await playInGStreamer(
      ['rtspsrc', `location=${h265.url}`, 'protocols=udp', '!', 'rtph265depay', '!', 'avdec_h265'],
      40 * pictureBytes(size.width, size.height),
    );
    expect(complaints).not.toMatch(/ERROR|WARN/);
  } finally {
    await h265.stop();
  }
});

test.each(['tcp', 'udp'])(
  'over IPv6, by %s, to another camera to which the first one sends on',
  async (transport) => {
    const to = await startCamera({ source: join(folder, 'road.mp4'), host: '::1' });
    onTestFinished(() => to.stop());
    const from = await startCamera({ source: join(folder, 'road.mp4'), host: '::1' });
    onTestFinished(() => from.stop());
    await from.fault({ kind: 'redirect', to: to.url });
    expect(from.url).toMatch(/^rtsp:\/\/\[::1\]:\d+\/road$/);
    const played: RunningCamera[] = [];
    for (const camera of [from, to]) camera.events.on('playing', () => played.push(camera));
    // biome-ignore format: one option with its value at a time
    const { stderr } = await run('ffmpeg', ['-v', 'warning', '-rtsp_transport', transport, '-i', from.url, '-frames:v', '30',
    '-f', 'null', '-']);
    expect(stderr).toBe('');
    const complaints = await playInGStreamer(
      ['rtspsrc', `location=${from.url}`, `protocols=${transport}`, '!', 'rtph264depay', '!', 'avdec_h264'],
      20 * pictureBytes(640, 360),
    );
    expect(complaints).not.toMatch(/ERROR|WARN/);
    expect(played).toEqual([to, to]);
  },
);

describe.each(['tcp', 'udp'])('sound beside the pictures, over %s', (transport) => {
  test.each([
    { audio: 'aac', name: 'aac', rate: '16000', decoder: ['rtpmp4gdepay', '!', 'avdec_aac'] },
    { audio: 'pcma', name: 'pcm_alaw', rate: '8000', decoder: ['rtppcmadepay', '!', 'alawdec'] },
    { audio: 'pcmu', name: 'pcm_mulaw', rate: '8000', decoder: ['rtppcmudepay', '!', 'mulawdec'] },
  ] as const)('$audio is decoded by ffmpeg and GStreamer', async ({ audio, name, rate, decoder }) => {
    const loud = await startCamera({ source: join(folder, 'road.mp4'), audio });
    onTestFinished(() => loud.stop());
    // biome-ignore format: one option with its value at a time
    const probed = await run('ffprobe', ['-v', 'error', '-rtsp_transport', transport, '-show_entries',
      'stream=codec_name,sample_rate', '-of', 'json', loud.url]);
    expect(JSON.parse(probed.stdout).streams).toMatchObject([
      { codec_name: 'h264' },
      { codec_name: name, sample_rate: rate },
    ]);
    // biome-ignore format: one option with its value at a time
    const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostats', '-rtsp_transport', transport, '-i', loud.url,
      '-map', '0:a', '-t', '2', '-af', 'volumedetect', '-f', 'null', '-']);
    expect(Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1])).toBeGreaterThan(-60);
    // One second of it, in 16 bits.
    const complaints = await playInGStreamer(
      [
        'rtspsrc',
        `location=${loud.url}`,
        `protocols=${transport}`,
        '!',
        'application/x-rtp,media=audio',
        '!',
        ...decoder,
        '!',
        'audioconvert',
        '!',
        'audio/x-raw,format=S16LE',
      ],
      2 * Number(rate),
    );
    expect(complaints).not.toMatch(/ERROR|WARN/);
  });
});

describe('where TLS or HTTP stands between', () => {
  const probe = async (url: string, ...args: string[]): Promise<string> => {
    const entries = ['-show_entries', 'stream=codec_name', '-of', 'csv=p=0'];
    return (await run('ffprobe', ['-v', 'error', ...args, ...entries, url])).stdout.trim();
  };
  let secure: RunningCamera;
  let ca: string;

  beforeAll(async () => {
    secure = await startCamera({ source: join(folder, 'road.mp4'), tls: true });
    ca = join(folder, 'camera.pem');
    await writeFile(ca, secure.certificate ?? '');
  });

  afterAll(() => secure?.stop());

  test('ffmpeg plays rtsps://', async () => {
    expect(await probe(secure.secureUrl ?? '')).toBe('h264');
  });

  test('openssl takes the camera’s own certificate, for its address, and no other camera’s; it is answered in RTSP', async () => {
    const other = await startCamera({ source: join(folder, 'road.mp4'), tls: true });
    onTestFinished(() => other.stop());
    const answer = async (camera: RunningCamera): Promise<string> => {
      const { port } = new URL((camera.secureUrl ?? '').replace('rtsps:', 'https:'));
      // biome-ignore format: one option with its value at a time
      const args = ['-quiet', '-ign_eof', '-connect', `127.0.0.1:${port}`, '-CAfile', ca, '-verify_ip', '127.0.0.1',
        '-verify_return_error'];
      const client = spawn('openssl', ['s_client', ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
      onTestFinished(() => void client.kill('SIGKILL'));
      client.stdin.on('error', () => {});
      client.stdin.write('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n');
      for await (const text of client.stdout) return String(text);
      return 'ended without an answer';
    };
    expect(await answer(secure)).toMatch(/^RTSP\/1\.0 200 OK\r\nCSeq: 1\r\n/);
    expect(await answer(other)).toBe('ended without an answer');
  });

  test('ffmpeg and GStreamer play through HTTP, and ffmpeg through HTTPS', async () => {
    expect(await probe(secure.url, '-rtsp_transport', 'http')).toBe('h264');
    expect(await probe((secure.secureUrl ?? '').replace('rtsps:', 'rtsp:'), '-rtsp_transport', 'https')).toBe(
      'h264',
    );
    const tunnelled = secure.url.replace('rtsp:', 'rtsph:');
    const complaints = await playInGStreamer(
      ['rtspsrc', `location=${tunnelled}`, '!', 'rtph264depay', '!', 'avdec_h264'],
      20 * pictureBytes(640, 360),
    );
    expect(complaints).not.toMatch(/ERROR|WARN/);
  });
});

const credentials = { user: 'operator', password: 'a secret/with:signs' };
const LOGIN = `${credentials.user}:${encodeURIComponent(credentials.password)}@`;

describe.each([
  { schemes: ['digest-md5'] as const },
  { schemes: ['basic'] as const },
  // Both clients know MD5 only; ffmpeg takes the last Digest that it reads.
  { schemes: ['digest-sha256', 'digest-md5', 'basic'] as const },
])('a login by $schemes', ({ schemes }) => {
  test('is asked for and taken, by ffmpeg and GStreamer', async () => {
    const login = { schemes: [...schemes] };
    const guarded = await startCamera({ source: join(folder, 'road.mp4'), credentials, login });
    onTestFinished(() => guarded.stop());
    const probe = (url: string): Promise<unknown> =>
      run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', url]);
    await expect(probe(guarded.url)).rejects.toThrow('401');
    const url = guarded.url.replace('rtsp://', `rtsp://${LOGIN}`);
    await probe(url);
    const complaints = await playInGStreamer(
      ['rtspsrc', `location=${url}`, 'protocols=tcp', '!', 'rtph264depay', '!', 'avdec_h264'],
      5 * pictureBytes(640, 360),
    );
    expect(complaints).not.toMatch(/ERROR|WARN/);
  });
});

test.skipIf(!HAS_PYTHON)('a login by SHA-256 is taken from another program of the web', async () => {
  const login = { schemes: ['digest-md5', 'digest-sha256'] as LoginScheme[] };
  const guarded = await startCamera({ source: join(folder, 'road.mp4'), credentials, login });
  onTestFinished(() => guarded.stop());
  const answers = await runPython('rtsp_login.py', {
    url: guarded.url,
    algorithm: 'SHA-256',
    ...credentials,
  });
  expect(answers).toEqual({ offered: 2, right: 200, wrong: 401 });
});

test('ffmpeg goes on by a new nonce when the camera says that its own has grown old', async () => {
  const guarded = await startCamera({
    source: join(folder, 'road.mp4'),
    credentials,
    login: { nonceSeconds: 1 },
    sessionSeconds: 2,
  });
  onTestFinished(() => guarded.stop());
  let refused = 0;
  guarded.events.on('refused', () => refused++);
  const expired = guarded.next('nonce-expired');
  const player = spawn(
    'ffmpeg',
    // biome-ignore format: one option with its value at a time
    ['-v', 'error', '-nostdin', '-rtsp_transport', 'tcp', '-i', guarded.url.replace('rtsp://', `rtsp://${LOGIN}`),
      '-c', 'copy', '-f', 'null', '-'],
    { stdio: 'ignore' },
  );
  onTestFinished(() => void player.kill('SIGKILL'));
  await expired;
  await guarded.next('keyframe');
  await guarded.next('keyframe');
  expect([guarded.viewerCount, refused]).toEqual([1, 0]);
});
