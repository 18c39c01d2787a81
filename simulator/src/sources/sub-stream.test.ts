import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RtspClient } from '../../testing/rtsp-client.ts';
import { type RunningCamera, startCamera } from '../index.ts';
import type { Clip } from '../media/clip.ts';
import { openSource } from './open.ts';

const run = promisify(execFile);
const SUB = { width: 160, height: 90 };
let folder: string;
let video: string;
let camera: RunningCamera;
const clients: RtspClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sub-stream-'));
  video = join(folder, 'ramp.mp4');
  // Every picture is brighter than the one before, and B-frames leave in another order than they are shown.
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=black:size=640x360:rate=20:duration=2',
    '-vf', "geq=lum='40+4*N':cb=128:cr=128", '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '20',
    '-bf', '2', video]);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await camera?.stop();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function sizeOf(url: string): Promise<string> {
  const entries = ['-show_entries', 'stream=width,height', '-of', 'csv=p=0:s=x'];
  return (await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', ...entries, url])).stdout.trim();
}

/** Brightness (0 to 255) of each picture of a clip, in the order in which they are shown. */
async function brightnessOf(clip: Clip): Promise<number[]> {
  const file = join(folder, `${clip.width}.h264`);
  const startCode = Buffer.from([0, 0, 0, 1]);
  await writeFile(
    file,
    Buffer.concat(clip.units.flatMap(({ nals }) => nals.flatMap((nal) => [startCode, nal]))),
  );
  // biome-ignore format: one option with its value at a time
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-vf', 'signalstats,metadata=print:file=-', '-f', 'null', '-']);
  return [...stdout.matchAll(/YAVG=(\S+)/g)].map(([, grey]) => Number(grey));
}

/** Wall-clock times (Unix milliseconds) of the next pictures, by the RTCP sender report. */
async function pictureTimes(url: string, count: number): Promise<number[]> {
  const client = await RtspClient.open(url);
  clients.push(client);
  await client.play();
  const report = await client.rtcp();
  const reportedMs =
    (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) / 2 ** 32) * 1000;
  const times = new Set<number>();
  while (times.size < count) {
    const { timestamp } = await client.rtp();
    times.add(reportedMs + ((timestamp - report.readUInt32BE(16)) | 0) / 90);
  }
  return [...times];
}

describe('a sub-stream', () => {
  test('has its own address and size, and the main one keeps its own', async () => {
    camera = await startCamera({ source: video, subStream: SUB });
    expect(camera.subUrl).toBe(`${camera.url}/sub`);
    expect(await sizeOf(camera.url)).toBe('640x360');
    expect(await sizeOf(camera.subUrl as string)).toBe('160x90');
  });

  test('shows the same scene as the main one in every picture, at the same times', async () => {
    const options = { encoder: {}, seed: 1, cacheDir: null, signal: new AbortController().signal };
    const [source] = await openSource(video, { ...options, subStream: SUB });
    const [main, sub] = [source?.timeline.firstClip as Clip, source?.sub?.firstClip as Clip];
    expect(sub.units.map(({ dts }) => dts)).toEqual(main.units.map(({ dts }) => dts));
    const shown = main.units.map(({ pts }) => pts).sort((a, b) => a - b);
    expect(sub.units.map(({ pts }) => pts)).toEqual(shown);
    const [big, small] = [await brightnessOf(main), await brightnessOf(sub)];
    expect(big).toHaveLength(40);
    // A picture apart makes a difference of four.
    for (const [i, grey] of small.entries()) expect(Math.abs(grey - (big[i] ?? 0))).toBeLessThan(1.5);
  });

  test('follows the clock of its camera: both tell the same times for their pictures', async () => {
    camera = await startCamera({ source: video, subStream: SUB, clockOffsetMs: 60_000 });
    const main = await pictureTimes(camera.url, 30);
    const sub = await pictureTimes(camera.subUrl as string, 30);
    const common = sub.filter((time) => main.some((other) => Math.abs(time - other) < 2));
    // It was asked a little later: a part of what one showed, the other showed too.
    expect(common.length).toBeGreaterThan(5);
    for (const time of sub) {
      const steps = (time - (main[0] as number)) / 50;
      expect(Math.abs(steps - Math.round(steps)) * 50).toBeLessThan(2);
    }
  });

  test('has the faults and the login of its camera', async () => {
    const credentials = { user: 'operator', password: 'sub' };
    camera = await startCamera({ source: video, subStream: SUB, credentials });
    const client = await RtspClient.open(camera.subUrl as string);
    clients.push(client);
    expect((await client.ask('DESCRIBE')).status).toBe(401);
    await camera.fault({ kind: 'refuse' });
    expect((await client.ask('DESCRIBE')).status).toBe(503);
    camera.endFault('refuse');
    await camera.fault({ kind: 'resolution-change' });
    const login = 'operator:sub@';
    expect(await sizeOf((camera.subUrl as string).replace('://', `://${login}`))).toBe('80x46');
    expect(await sizeOf(camera.url.replace('://', `://${login}`))).toBe('320x180');
  });

  test('is not there unless it was asked for', async () => {
    camera = await startCamera({ source: video });
    expect(camera.subUrl).toBeNull();
    const client = await RtspClient.open(`${camera.url}/sub`);
    clients.push(client);
    expect((await client.ask('DESCRIBE')).status).toBe(404);
  });

  test('larger than the main one is refused', async () => {
    await expect(startCamera({ source: video, subStream: { width: 1280, height: 720 } })).rejects.toThrow(
      'ramp: a sub-stream of 1280x720 is larger than the main one (640x360)',
    );
  });
});
