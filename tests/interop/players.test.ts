/** Programs that nobody here wrote play the simulator's cameras: ffmpeg and GStreamer, inside the connection and by UDP. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type RunningCamera, startCamera } from '@roadwatch/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
let folder: string;
let camera: RunningCamera;

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

  test('GStreamer plays it to a decoded picture', async () => {
    // biome-ignore format: one element with its properties at a time
    const { stderr } = await run('gst-launch-1.0', ['-q', 'rtspsrc', `location=${camera.url}`, `protocols=${transport}`, '!',
      'rtph264depay', '!', 'avdec_h264', '!', 'fakesink', 'num-buffers=60']);
    expect(stderr).not.toMatch(/ERROR|WARN/);
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
    // biome-ignore format: one element with its properties at a time
    const gst = await run('gst-launch-1.0', ['-q', 'rtspsrc', `location=${h265.url}`, 'protocols=udp', '!', 'rtph265depay', '!',
      'avdec_h265', '!', 'fakesink', 'num-buffers=40']);
    expect(gst.stderr).not.toMatch(/ERROR|WARN/);
  } finally {
    await h265.stop();
  }
});

test('a login is asked for and taken', async () => {
  const credentials = { user: 'operator', password: 'a secret/with:signs' };
  const guarded = await startCamera({ source: join(folder, 'road.mp4'), credentials });
  try {
    const probe = (url: string): Promise<unknown> =>
      run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', url]);
    await expect(probe(guarded.url)).rejects.toThrow('401');
    const login = `${credentials.user}:${encodeURIComponent(credentials.password)}@`;
    await probe(guarded.url.replace('rtsp://', `rtsp://${login}`));
  } finally {
    await guarded.stop();
  }
});
