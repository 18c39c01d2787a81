import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { RtspClient } from '../../testing/rtsp-client.ts';
import { parseCameraList } from './list.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '..', 'cli.ts');

async function streamOf(url: string): Promise<unknown> {
  const entries = ['-show_entries', 'stream=codec_name,width,height', '-of', 'json'];
  const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', ...entries, url]);
  return JSON.parse(stdout).streams[0];
}

/** How far the camera's clock (by its sender report) is from this machine's, milliseconds. */
async function clockOffsetOf(url: string): Promise<number> {
  const client = await RtspClient.open(url);
  await client.play();
  const report = await client.rtcp();
  client.close();
  const ntpMs = (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) / 2 ** 32) * 1000;
  return ntpMs - Date.now();
}

test('every camera of a list has its own codec, size, clock, login, sub-stream and faults', async () => {
  const folder = await temporaryFolder();
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10', '-t', '1', '-c:v', 'libx264',
    '-pix_fmt', 'yuv420p', join(folder, 'road.mp4')]);
  await writeFile(join(folder, 'secret'), 'a password\n');
  const list = join(folder, 'cameras.yaml');
  await writeFile(
    list,
    `cameras:
  - { source: road.mp4, path: gate, video: { codec: h265, width: 160, height: 90 }, clockOffsetMs: 90000 }
  - { source: road.mp4, path: yard, user: operator, passwordFile: secret, video: { subStream: { width: 80, height: 64 } } }
  - { source: road.mp4, path: bridge, cameras: 2, faults: [{ kind: refuse }] }
  - { source: road.mp4, path: dome, as: axis }
  - { source: road.mp4, path: mast, as: dahua }
`,
  );
  const child = spawn(process.execPath, [CLI, '--list', list, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const urls: string[] = [];
  for await (const url of createInterface({ input: child.stdout })) if (urls.push(url) === 7) break;
  expect(urls.map((url) => url.replace(/^rtsp:\/\/[^/]*/, ''))).toEqual([
    '/gate',
    '/yard',
    '/yard/sub',
    '/bridge',
    '/bridge-2',
    '/axis-media/media.amp?camera=1',
    '/cam/realmonitor?channel=1&subtype=0',
  ]);
  const [gate = '', yard = '', yardSub = '', bridge = ''] = urls;
  expect(await streamOf(gate)).toEqual({ codec_name: 'hevc', width: 160, height: 90 });
  expect(Math.abs((await clockOffsetOf(gate)) - 90_000)).toBeLessThan(5000);
  const withLogin = (url: string): string => url.replace('://', '://operator:a%20password@');
  await expect(streamOf(yard)).rejects.toThrow(/401/);
  expect(await streamOf(withLogin(yard))).toEqual({ codec_name: 'h264', width: 320, height: 180 });
  expect(await streamOf(withLogin(yardSub))).toEqual({ codec_name: 'h264', width: 80, height: 64 });
  await expect(streamOf(bridge)).rejects.toThrow(/503/);
  for (const url of urls.slice(5)) expect(await streamOf(url)).toMatchObject({ width: 320, height: 180 });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

describe('a list that makes no sense is refused by name', () => {
  test.each([
    ['nothing', '', /expected a mapping/],
    ['no camera', 'cameras: []', /cameras.*at least 1|must not have fewer/i],
    ['a camera of nothing', 'cameras: [{ path: a }]', /cameras\/0.*source/],
    ['an unknown field', 'cameras: [{ source: a.mp4, colour: red }]', /cameras\/0.*colour/],
    [
      'an odd size',
      'cameras: [{ source: a.mp4, video: { width: 321, height: 180 } }]',
      /cameras\/0\/video\/width/,
    ],
    [
      'half a size',
      'cameras: [{ source: a.mp4, video: { width: 320 } }]',
      /cameras\/0\/video: width and height/,
    ],
    [
      'half a login',
      'cameras: [{ source: a.mp4, user: a }]',
      /cameras\/0: user and passwordFile belong together/,
    ],
    [
      'a login by nothing',
      'cameras: [{ source: a.mp4, user: a, passwordFile: b, login: { schemes: [] } }]',
      /cameras\/0\/login\/schemes/,
    ],
    [
      'a login by what is none',
      'cameras: [{ source: a.mp4, user: a, passwordFile: b, login: { schemes: [digest] } }]',
      /cameras\/0\/login\/schemes\/0/,
    ],
    [
      'a nonce that is over at once',
      'cameras: [{ source: a.mp4, user: a, passwordFile: b, login: { nonceSeconds: 0 } }]',
      /cameras\/0\/login\/nonceSeconds/,
    ],
    [
      'an endless session',
      'cameras: [{ source: a.mp4, sessionSeconds: 9999 }]',
      /cameras\/0\/sessionSeconds/,
    ],
    ['a camera of no known maker', 'cameras: [{ source: a.mp4, as: acme }]', /cameras\/0\/as/],
    [
      'a path twice',
      'cameras: [{ source: a.mp4, path: a }, { source: b.mp4, path: a }]',
      /cameras\/1\/path: a is there/,
    ],
    [
      'a fault of no kind',
      'cameras: [{ source: a.mp4, faults: [{ kind: explode }] }]',
      /cameras\/0\/faults\/0\/kind: no fault "explode"/,
    ],
    ['text that is no YAML', 'cameras: [', /not valid YAML/],
  ])('%s', (_, text, reason) => {
    expect(() => parseCameraList(text)).toThrow(reason);
  });
});
