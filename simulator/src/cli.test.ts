import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RtspClient } from '../testing/rtsp-client.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, 'cli.ts');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulate-'));
  await mkdir(join(folder, 'pictures'));
  await mkdir(join(folder, 'empty'));
  const make = (source: string, ...args: string[]): Promise<unknown> =>
    run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...args]);
  await make(
    'testsrc2=size=321x181:rate=10:duration=1',
    '-frames:v',
    '1',
    join(folder, 'pictures', 'A one.png'),
  );
  await make(
    'smptebars=size=320x180:rate=10:duration=1',
    '-frames:v',
    '1',
    join(folder, 'pictures', 'b.jpg'),
  );
  await make('testsrc2=size=160x90:rate=10:duration=1', '-c:v', 'mpeg4', join(folder, 'old.avi'));
  await make('sine=duration=1', join(folder, 'sound.wav'));
  await writeFile(join(folder, 'nothing.mp4'), '');
  await writeFile(join(folder, 'text.mp4'), 'this is no video');
  const whole = await readFile(join(folder, 'old.avi'));
  await writeFile(join(folder, 'cut.avi'), whole.subarray(0, 600));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Simulator {
  readonly urls: string[];
  readonly child: ChildProcess;
  end(signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]>;
}

/** Starts the program and waits for as many URLs. */
async function simulate(cameras: number, ...args: string[]): Promise<Simulator> {
  const child = spawn(process.execPath, [CLI, '--port', '0', '--no-cache', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  while (stdout.split('\n').length <= cameras) {
    const [chunk] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [null])]);
    if (chunk === null) throw new Error(`ended: ${stderr}`);
    stdout += String(chunk);
  }
  return {
    urls: stdout.trim().split('\n'),
    child,
    end: async (signal) => {
      const ended = once(child, 'exit');
      child.kill(signal);
      return (await ended) as [number | null, NodeJS.Signals | null];
    },
  };
}

async function failure(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return run(process.execPath, [CLI, ...args]).then(
    () => {
      throw new Error('did not fail');
    },
    (error) => error,
  );
}

describe('npm run simulate', () => {
  test('serves a folder as a camera for each picture, prints URLs only, and ends at once when told to', async () => {
    const simulator = await simulate(2, '--source', join(folder, 'pictures'));
    expect(simulator.urls).toEqual([
      expect.stringMatching(/^rtsp:\/\/127\.0\.0\.1:\d+\/a-one$/),
      expect.stringMatching(/^rtsp:\/\/127\.0\.0\.1:\d+\/b$/),
    ]);
    const client = await RtspClient.open(simulator.urls[0] as string);
    await client.play();
    await client.rtp();
    expect(await simulator.end('SIGTERM')).toEqual([0, null]);
    await client.closed();
  });

  test('shows the pictures one after another, at one size', async () => {
    const simulator = await simulate(
      1,
      '--source',
      join(folder, 'pictures'),
      '--dwell',
      '1',
      '--size',
      '320x180',
    );
    const dir = join(folder, 'seen');
    await mkdir(dir);
    // biome-ignore format: one option with its value at a time
    await run('ffmpeg', ['-v', 'error', '-rtsp_transport', 'tcp', '-i', simulator.urls[0] as string, '-t', '2.6',
      '-vf', 'fps=2,scale=1:1', '-f', 'rawvideo', '-pix_fmt', 'gray', join(dir, 'grey')]);
    const greys = new Set([...(await readFile(join(dir, 'grey')))].map((grey) => Math.round(grey / 8)));
    expect(greys.size).toBeGreaterThan(1);
    expect(await simulator.end('SIGINT')).toEqual([0, null]);
  });

  test('encodes what no camera sends, and gives copies of it paths of their own', async () => {
    const simulator = await simulate(2, '--source', join(folder, 'old.avi'), '--cameras', '2');
    expect(simulator.urls.map((url) => new URL(url).pathname)).toEqual(['/old', '/old-2']);
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_name',
      simulator.urls[1] as string,
    ]);
    expect(stdout).toContain('codec_name=h264');
    await simulator.end('SIGTERM');
  });

  test('gives each camera a sub-stream, also a street whose film is still being made', async () => {
    const args = ['--size', '128x72', '--fps', '2', '--sub-stream', '64x64', '--sub-bitrate', '60'];
    const simulator = await simulate(2, '--source', 'scene:quiet', ...args);
    expect(simulator.urls.map((url) => new URL(url).pathname)).toEqual(['/quiet', '/quiet/sub']);
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'stream=width,height',
      simulator.urls[1] as string,
    ]);
    expect(stdout).toContain('width=64\nheight=64');
    await simulator.end('SIGTERM');
  });

  test('shows cameras as those of a maker: each a channel of the same address, with its sub-stream', async () => {
    const args = ['--as', 'hikvision', '--cameras', '2', '--sub-stream', '64x64'];
    const simulator = await simulate(4, '--source', join(folder, 'old.avi'), ...args);
    expect(simulator.urls.map((url) => new URL(url).pathname)).toEqual([
      '/Streaming/Channels/101',
      '/Streaming/Channels/102',
      '/Streaming/Channels/201',
      '/Streaming/Channels/202',
    ]);
    const client = await RtspClient.open(simulator.urls[2] as string);
    const { body } = await client.ask('DESCRIBE');
    expect(body).toContain('s=Media Presentation\r\n');
    expect(body).toContain(`a=control:${simulator.urls[2]}/trackID=1\r\n`);
    await client.ask('SETUP', { Transport: 'RTP/AVP/TCP;interleaved=0-1' }, `${simulator.urls[2]}/trackID=1`);
    expect((await client.ask('PLAY')).status).toBe(200);
    await client.rtp();
    client.close();
    await simulator.end('SIGTERM');
  });

  test('has what is wrong from the beginning', async () => {
    const faults = ['--fault', 'refuse', '--fault', 'packet-loss:rate=0.5'];
    const simulator = await simulate(1, '--source', join(folder, 'old.avi'), ...faults);
    const client = await RtspClient.open(simulator.urls[0] as string);
    expect((await client.ask('DESCRIBE')).status).toBe(503);
    client.close();
    await simulator.end('SIGTERM');
  });

  test('serves in TLS too, with a certificate that is the same at the next start', async () => {
    const args = ['--source', join(folder, 'old.avi'), '--tls-port', '0', '--cache', join(folder, 'kept')];
    const shown: string[] = [];
    for (let start = 0; start < 2; start++) {
      const simulator = await simulate(2, ...args);
      const [plain = '', secure = ''] = simulator.urls;
      expect(plain).toMatch(/^rtsp:\/\/127\.0\.0\.1:\d+\/old$/);
      const [, port] = /^rtsps:\/\/127\.0\.0\.1:(\d+)\/old$/.exec(secure) ?? [];
      const socket = connectTls({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      shown.push(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
      await simulator.end('SIGTERM');
    }
    expect(shown[1]).toBe(shown[0]);
  });

  test('plays a generated street', async () => {
    const simulator = await simulate(1, '--source', 'scene:quiet', '--size', '128x72', '--fps', '2');
    const client = await RtspClient.open(simulator.urls[0] as string);
    await client.play();
    expect((await client.rtp()).payload[0]).toBe(0x67);
    client.close();
    await simulator.end('SIGTERM');
  });

  test('told to end while it is still rendering, it ends and leaves no file behind', async () => {
    const cache = join(folder, 'cache');
    const child = spawn(process.execPath, [
      CLI,
      '--source',
      'scene:pothole',
      '--port',
      '0',
      '--cache',
      cache,
    ]);
    const ended = once(child, 'exit');
    // The first picture can be watched; the film takes seconds more.
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await readdir(cache).catch(() => [])).toEqual([]);
  });

  test.each([
    [
      'a file that is not there',
      ['--source', '/nowhere/road.mp4'],
      '/nowhere/road.mp4: no such file or folder',
    ],
    ['an empty file', ['--source', 'nothing.mp4'], 'the file is empty'],
    ['text named as video', ['--source', 'text.mp4'], 'not readable as video'],
    ['a video cut short', ['--source', 'cut.avi'], 'cut.avi'],
    ['sound', ['--source', 'sound.wav'], 'holds no video'],
    ['a folder without pictures', ['--source', 'empty'], 'no pictures in it'],
    ['an unknown scene', ['--source', 'scene:moon'], 'known: scene:pothole'],
    ['no source', [], '--source'],
    ['a port that is none', ['--source', 'old.avi', '--port', '70000'], 'whole number from 0 to 65535'],
    ['an odd size', ['--source', 'old.avi', '--size', '321x180'], 'even'],
    ['a rate of no sub-stream', ['--source', 'old.avi', '--sub-bitrate', '100'], '--sub-stream'],
    [
      'a sub-stream that is larger than the picture',
      ['--source', 'old.avi', '--sub-stream', '320x180'],
      'larger than the main one (160x90)',
    ],
    ['a fault that is none', ['--source', 'old.avi', '--fault', 'explode'], 'no fault "explode"'],
    ['a fault without its figure', ['--source', 'old.avi', '--fault', 'packet-loss'], 'rate'],
    ['a name without a password', ['--source', 'old.avi', '--user', 'operator'], '--password-file'],
    [
      'a login by what is none',
      ['--source', 'old.avi', '--user', 'operator', '--login', 'basic,ntlm'],
      'basic, digest-md5, digest-sha256',
    ],
    [
      'how to ask for a login, and not for which',
      ['--source', 'old.avi', '--login', 'basic'],
      'login: needs a user',
    ],
    [
      'a password that is not there',
      ['--source', 'old.avi', '--user', 'operator', '--password-file', '/nowhere'],
      '--password-file: ENOENT',
    ],
    [
      'half a certificate',
      ['--source', 'old.avi', '--tls-port', '0', '--tls-cert', 'a.pem'],
      'belong together',
    ],
    [
      'a certificate without a port',
      ['--source', 'old.avi', '--tls-cert', 'a.pem', '--tls-key', 'a.key'],
      '--tls-cert needs --tls-port',
    ],
    [
      'a certificate that is none',
      ['--source', 'old.avi', '--tls-port', '0', '--tls-cert', 'text.mp4', '--tls-key', 'text.mp4'],
      'text.mp4 holds no certificate (PEM)',
    ],
    [
      'a maker that is not known',
      ['--source', 'old.avi', '--as', 'acme'],
      'hikvision, dahua, uniview, axis, tplink',
    ],
    [
      'more cameras than a maker has at one address',
      ['--source', 'old.avi', '--as', 'tplink', '--cameras', '2'],
      'as: tplink has at most 1 at one address',
    ],
    ['an option that is none', ['--source', 'old.avi', '--speed', '9'], '--speed'],
  ])('%s is refused with its reason in one line', async (_, args, reason) => {
    const placed = args.map((arg) => (/^(\w+\.\w{3}|empty)$/.test(arg) ? join(folder, arg) : arg));
    const { code, stdout, stderr } = await failure(...placed);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a port that is taken is named', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stderr } = await failure('--source', join(folder, 'old.avi'), '--port', String(port));
    other.close();
    expect([code, stderr]).toEqual([
      1,
      `simulate: port ${port} on 127.0.0.1 is in use; choose another with --port\n`,
    ]);
  });
});

describe('npm run simulate -- render', () => {
  test('writes pictures with boxes inside them, the same for the same seed', async () => {
    const render = async (name: string): Promise<string[]> => {
      const out = join(folder, name);
      await run(process.execPath, [
        CLI,
        'render',
        'scene:mixed',
        '--out',
        out,
        '--frames',
        '4',
        '--size',
        '160x120',
      ]);
      const labels = (await readdir(join(out, 'labels'))).sort();
      expect(await readdir(join(out, 'images'))).toHaveLength(4);
      expect(await readFile(join(out, 'classes.txt'), 'utf8')).toContain('pothole');
      return Promise.all(labels.map((file) => readFile(join(out, 'labels', file), 'utf8')));
    };
    const labels = await render('first');
    expect(await render('second')).toEqual(labels);
    const boxes = labels.flatMap((text) =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' ').map(Number)),
    );
    expect(boxes.length).toBeGreaterThan(0);
    for (const [kind = -1, x = 0, y = 0, width = 0, height = 0] of boxes) {
      expect([0, 1, 2, 3, 4]).toContain(kind);
      for (const edge of [x - width / 2, x + width / 2, y - height / 2, y + height / 2]) {
        expect(edge).toBeGreaterThan(-1e-5);
        expect(edge).toBeLessThan(1 + 1e-5);
      }
    }
  });
});
