/**
 * Simulated cameras that show themselves as those of a maker: played by programs that nobody here wrote, at the addresses that the
 * agent has for this maker, and known as its by the agent.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SecretUrl } from '@roadwatch/common';
import { type MakerName, type RunningCamera, startCamera } from '@roadwatch/simulator';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accessTo } from '../../agent/src/camera/rtsp/access.ts';
import { lookAt } from '../../agent/src/setup/look.ts';
import { MAKERS, makersOf, urlsOf } from '../../agent/src/setup/makers.ts';
import { rtspMarks } from '../../agent/src/setup/rtsp-marks.ts';
import { HAS_PYTHON, runPython } from '../support/python.ts';

const run = promisify(execFile);
const { signal } = new AbortController();
const credentials = { user: 'operator', password: 'S3cret' };
const MAIN = { width: 320, height: 180 };
/** As the agent has it unless it is told otherwise. */
const ASKED: Parameters<typeof accessTo>[0] = { allowBasic: false, redirectTo: [], transport: 'tcp' };
const SUB = { width: 160, height: 90 };

let folder: string;
let road: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makers-'));
  road = join(folder, 'road.mp4');
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-t', '4.5',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-bf', '0', road]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function cameraAs(as: MakerName, codec: 'h264' | 'h265' = 'h264'): Promise<RunningCamera> {
  const camera = await startCamera({
    ...{ source: road, as, credentials, audio: 'pcma', startOn: 'launch' },
    ...{ subStream: SUB, cacheDir: null, encoder: { codec }, metadata: as !== 'tplink' },
  });
  onTestFinished(() => camera.stop());
  return camera;
}

/** With the login, as a person types it. */
function typed(url: string): string {
  return url.replace('://', `://${credentials.user}:${credentials.password}@`);
}

describe.each([
  ['hikvision', 'Hikvision', 2],
  ['dahua', 'Dahua', 2],
  ['uniview', 'Uniview', 2],
  ['axis', 'Axis', 1.07],
  ['tplink', 'TP-Link', 4],
] as const)('a camera as %s', (as, name, gopSeconds) => {
  const maker = MAKERS.find((entry) => entry.name === name) as (typeof MAKERS)[number];

  test('is known as its by the agent before any login, and plays at the addresses that the agent tries', async () => {
    const camera = await cameraAs(as);
    const { main, sub } = urlsOf(maker, `127.0.0.1:${camera.port}`);
    expect([camera.url, camera.subUrl]).toEqual([main, sub]);
    expect(makersOf(await rtspMarks('127.0.0.1', camera.port, signal))).toEqual([maker]);
    for (const [url, size] of [
      [main, MAIN],
      [sub, SUB],
    ] as const) {
      const access = accessTo(ASKED, new SecretUrl(typed(url)));
      expect((await lookAt(access, 0, signal)).size).toEqual(size);
    }
  }, 60_000);

  test.each(['tcp', 'udp'])(
    'is decoded by ffmpeg over %s, pictures and sound, without a complaint',
    async (transport) => {
      const camera = await cameraAs(as);
      // biome-ignore format: one option with its value at a time
      const { stdout, stderr } = await run('ffmpeg', ['-v', 'warning', '-rtsp_transport', transport, '-i', typed(camera.url),
      '-map', '0:v', '-map', '0:a', '-t', '1.2', '-f', 'framecrc', '-']);
      expect(stderr).toBe('');
      expect(stdout).toMatch(new RegExp(`#dimensions 0: ${MAIN.width}x${MAIN.height}`));
      expect([...stdout.matchAll(/^0,/gm)].length).toBeGreaterThan(20);
      expect([...stdout.matchAll(/^1,/gm)].length).toBeGreaterThan(10);
    },
    60_000,
  );

  test('is played by GStreamer, the smaller stream in H.265', async () => {
    const camera = await cameraAs(as, 'h265');
    const bytes = 20 * SUB.width * SUB.height * 1.5;
    const player = spawn(
      'gst-launch-1.0',
      // biome-ignore format: one element at a time
      ['-q', 'rtspsrc', `location=${typed(camera.subUrl as string)}`, 'protocols=tcp', '!', 'rtph265depay', '!', 'avdec_h265',
        '!', 'fdsink', 'fd=1'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    onTestFinished(() => void player.kill('SIGKILL'));
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
    expect(complaints).not.toMatch(/ERROR|WARN/);
  }, 60_000);

  test('sends a keyframe as often as its maker’s cameras do', async () => {
    const second = Math.round(gopSeconds * 25);
    const camera = await cameraAs(as);
    // biome-ignore format: one option with its value at a time
    const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', '-select_streams', 'v', '-show_entries',
      'packet=flags', '-of', 'csv=p=0', '-read_intervals', `%+#${second + 2}`, typed(camera.url)]);
    const flags = stdout.split('\n').filter((line) => /^[K_]/.test(line));
    expect(flags.flatMap((text, i) => (text.startsWith('K') ? [i] : []))).toEqual([0, second]);
  }, 60_000);
});

// It gives up on the third medium of TP-Link, as other clients have done.
test.skipIf(!HAS_PYTHON).each(['hikvision', 'dahua', 'uniview', 'axis'] as const)(
  'another client of RTSP, in Python, receives what a camera as %s sends',
  async (as) => {
    const camera = await cameraAs(as);
    for (const url of [camera.url, camera.subUrl as string]) {
      const { packets, payloadTypes } = (await runPython('rtsp_packets.py', {
        ...{ url, count: 50 },
        ...credentials,
      })) as { packets: number; payloadTypes: number[] };
      expect([packets, payloadTypes]).toEqual([50, [as === 'uniview' ? 105 : 96]]);
    }
  },
  60_000,
);
