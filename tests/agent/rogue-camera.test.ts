/** A camera that was replaced, or that somebody on its network plays, gains nothing: no other machine, no password, no memory. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCamera } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { type AgentBox, potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';
import { packets, type RogueCamera, type RogueOptions, rogueCamera, units } from './support/rogue-camera.ts';

const run = promisify(execFile);
const LOGIN = { username: 'admin', password: 'S3cretPass' };

async function watching(
  camera: object,
  change: object = {},
): Promise<{ readonly box: AgentBox; readonly folder: string; readonly gateway: GatewayStandIn }> {
  const gateway = await GatewayStandIn.start();
  const folder = await temporaryFolder();
  const box = await startBox(folder, gateway.url, camera, { model: await potholeModel(), ...change });
  return { box, folder, gateway };
}

/** What is said of a camera when it is refused. */
async function refusal(options: RogueOptions, camera: object = {}): Promise<[string, RogueCamera]> {
  const rogue = await rogueCamera(options);
  const { box } = await watching({ url: rogue.url, ...LOGIN, ...camera });
  const { reason } = await Promise.race([box.line('camera refused'), box.line('camera stalled')]);
  return [String(reason), rogue];
}

/** Somebody else's service in the same network: who spoke to it. */
async function bystander(): Promise<{ readonly port: number; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    heard.push('connected');
    socket.on('data', (chunk) => heard.push(chunk.toString('latin1')));
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}

test.each([
  ['another port', (port: number) => `rtsp://127.0.0.1:${port}/inner`, /redirectTo/],
  ['another name of the machine', (port: number) => `rtsp://localhost:${port}/inner`, /redirectTo/],
  ['the web', (port: number) => `http://127.0.0.1:${port}/latest/meta-data`, /not followed/],
  ['a file', () => 'file:///etc/passwd', /not followed/],
])('a camera that sends on to %s is not followed and told no password', async (_, target, expected) => {
  const { port, heard } = await bystander();
  const [reason, rogue] = await refusal({
    answer: ({ method }) =>
      method === 'DESCRIBE' ? { status: '302 Found', headers: [`Location: ${target(port)}`] } : undefined,
  });
  expect(reason).toMatch(expected);
  expect(reason).toMatch(/tried again at \d\d:\d\d UTC$/);
  expect(heard).toEqual([]);
  expect(rogue.requests.map(({ authorization }) => authorization).filter(Boolean)).toEqual([]);
});

test('a camera that sends on to itself is asked once, and again much later', async () => {
  const rogue = await rogueCamera({
    answer: ({ method, uri }) =>
      method === 'DESCRIBE' ? { status: '302 Found', headers: [`Location: ${uri}`] } : undefined,
  });
  const { box } = await watching({ url: rogue.url });
  expect((await box.line('camera refused')).reason).toMatch(/in a circle/);
  expect(rogue.connections()).toBe(1);
});

test('a camera is followed to where the configuration allows it, and plays from there', async () => {
  const real = await startCamera({ source: await streetPicture(), encoder: { gopSeconds: 0.5 } });
  onTestFinished(() => real.stop());
  const rogue = await rogueCamera({
    answer: ({ method }) =>
      method === 'DESCRIBE' ? { status: '302 Found', headers: [`Location: ${real.url}`] } : undefined,
  });
  const { box } = await watching({ url: rogue.url, redirectTo: [new URL(real.url).host] });
  await box.line('camera streaming');
});

test('a camera that asks for the password in the clear is not told it, and the reason names the key that allows it', async () => {
  const [reason, rogue] = await refusal({
    answer: ({ authorization }) =>
      authorization === undefined
        ? { status: '401 Unauthorized', headers: ['WWW-Authenticate: Basic realm="cam"'] }
        : undefined,
  });
  expect(reason).toContain('allowBasic: true');
  expect(rogue.requests.some(({ authorization }) => authorization !== undefined)).toBe(false);
});

test('with allowBasic the password goes in the clear, as was asked for', async () => {
  const rogue = await rogueCamera({
    answer: ({ authorization }) =>
      authorization === undefined
        ? { status: '401 Unauthorized', headers: ['WWW-Authenticate: Basic realm="cam"'] }
        : undefined,
  });
  await watching({ url: rogue.url, ...LOGIN, allowBasic: true });
  const { authorization } = await rogue.asked('PLAY');
  expect(authorization).toBe(`Basic ${Buffer.from('admin:S3cretPass').toString('base64')}`);
});

test('a password that is refused is told once; the next try is minutes away and announced', async () => {
  const challenge = 'WWW-Authenticate: Digest realm="cam", nonce="n", algorithm=SHA-256, qop="auth"';
  const refused = { answer: () => ({ status: '401 Unauthorized', headers: [challenge] }) };
  const sub = await rogueCamera(refused);
  const before = Date.now();
  const [reason, rogue] = await refusal(refused, { detectUrl: sub.url });
  expect(rogue.requests.filter(({ authorization }) => authorization !== undefined)).toHaveLength(1);
  expect(sub.connections(), 'nor is it tried at the sub-stream').toBe(0);
  const [, hour, minute] = /refused the login .+ tried again at (\d\d):(\d\d) UTC$/.exec(reason) ?? [];
  const waitMinutes =
    (Number(hour) * 60 + Number(minute) - Math.floor((before / 60_000) % 1_440) + 1_440) % 1_440;
  expect(waitMinutes).toBeGreaterThanOrEqual(4);
});

test.each([
  ['461 Unsupported Transport', 'SETUP', /transport: udp/],
  ['453 Not Enough Bandwidth', 'SETUP', /no room for one more viewer/],
  ['404 Stream Not Found', 'DESCRIBE', /no stream at this path/],
  ['403 Forbidden', 'DESCRIBE', /does not allow this user/],
])('%s is explained', async (status, method, expected) => {
  const [reason] = await refusal({
    answer: (request) => (request.method === method ? { status } : undefined),
  });
  expect(reason).toMatch(expected);
});

/** One keyframe, and pictures after it that refer to it. */
async function encoded(size: string, frames: number): Promise<Buffer[]> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', `color=gray:s=${size}:r=1`, '-frames:v', String(frames)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-threads', '1', '-bf', '0', '-f', 'h264', '-'],
    ],
    { encoding: 'buffer', maxBuffer: 64 * 2 ** 20 },
  );
  return units(stdout).filter((unit) => ((unit[0] ?? 0) & 0x1f) !== 6);
}

test('a picture larger than any camera sends is refused by name, not decoded', async () => {
  const parts = await encoded('16384x8192', 1);
  const [reason] = await refusal({
    play: (socket) => {
      const sequence = { next: 0 };
      for (let at = 0; at < 5; at++)
        for (const unit of parts) socket.write(packets(unit, at * 90_000, sequence));
    },
  });
  expect(reason).toContain('the picture is larger than is decoded here');
});

/** As many bytes as the other end takes, until it closes. */
function flood(socket: Socket, parts: readonly Buffer[]): void {
  const sequence = { next: 0 };
  let timestamp = 0;
  for (const unit of parts) socket.write(packets(unit, 0, sequence));
  const picture = Buffer.alloc(60_000, 0x5a);
  picture[0] = 0x41;
  const more = (): void => {
    do timestamp += 3_600;
    while (!socket.destroyed && socket.write(packets(picture, timestamp, sequence)));
  };
  socket.on('drain', more);
  more();
}

test('one keyframe and then a flood: the ring never holds more than it may, and the reason is told', async () => {
  const parts = await encoded('320x192', 1);
  const rogue = await rogueCamera({ play: (socket) => flood(socket, parts) });
  const { box, folder } = await watching({ url: rogue.url }, { ring: { seconds: 6, maxMegabytes: 4 } });
  const dir = join(folder, 'data/ring/camera-1');
  let most = 0;
  const look = setInterval(() => {
    try {
      most = Math.max(
        most,
        readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0),
      );
    } catch {
      // Not there yet.
    }
  }, 2);
  const { reason } = await box.line('camera stalled');
  clearInterval(look);
  expect(reason).toContain('raise ring.maxMegabytes');
  expect(most).toBeGreaterThan(1_000_000);
  expect(most).toBeLessThanOrEqual(4 * 2 ** 20);
});

test('a folder for the ring that cannot be had stalls the camera with the reason, and the agent goes on', async () => {
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), 'x');
  const gateway = await GatewayStandIn.start();
  const change = { model: await potholeModel(), ring: { dir: 'file/ring' } };
  const box = await startBox(folder, gateway.url, { url: camera.url }, change);
  const { reason } = await box.line('camera stalled');
  expect(reason).toMatch(
    /the video ring cannot be written: .+file\/ring\/camera-1 \(ENOTDIR\); see ring\.dir/,
  );
  await box.agent.stop();
});

/** Of every child of this process: what others on the machine can read of it, and how it is held. */
function ffmpegs(): { readonly pid: number; readonly arguments: string; readonly environment: string }[] {
  const read = (pid: number, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  return readdirSync(`/proc/${process.pid}/task`)
    .flatMap((task) => read(process.pid, `task/${task}/children`).trim().split(' '))
    .map(Number)
    .filter((pid) => pid > 0 && read(pid, 'comm').trim() === 'ffmpeg')
    .map((pid) => ({ pid, arguments: read(pid, 'cmdline'), environment: read(pid, 'environ') }));
}

test.each([
  // By UDP ffmpeg reads the camera through the relay.
  ['udp', true],
  // Inside the connection it is given single pictures, and knows of no camera.
  ['tcp', false],
] as const)(
  'who looks at ffmpeg from outside sees no password, and cannot take its stream: %s',
  async (transport, hasRelay) => {
    const credentials = { user: 'admin', password: LOGIN.password };
    const camera = await startCamera({
      ...{ source: await streetPicture(), encoder: { gopSeconds: 0.5 }, credentials },
    });
    onTestFinished(() => camera.stop());
    process.env.A_PASSWORD = LOGIN.password;
    onTestFinished(() => {
      delete process.env.A_PASSWORD;
    });
    const others = new Set(ffmpegs().map(({ pid }) => pid));
    const { box } = await watching({ url: camera.url, transport, ...LOGIN });
    await box.line('camera streaming');
    const children = ffmpegs().filter(({ pid }) => !others.has(pid));
    expect(children).not.toHaveLength(0);
    for (const { pid, arguments: line, environment } of children) {
      expect(line).not.toContain(LOGIN.password);
      expect(environment).not.toContain(LOGIN.password);
      expect(environment).toMatch(/PATH=/);
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/NoNewPrivs:\s+1/);
      const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
      for (const limit of ['address space', 'data size', 'file size', 'core file size']) {
        expect(limits).toMatch(new RegExp(`Max ${limit}\\s+\\d+\\s`));
      }
      expect(readlinkSync(`/proc/${pid}/exe`)).toMatch(/ffmpeg$/);
      expect(line.includes('rtsp://')).toBe(hasRelay);
      if (!hasRelay) continue;
      const [, port] = /rtsp:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
      const second = connect(Number(port), '127.0.0.1');
      const [error] = await once(second, 'error');
      expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
    }
  },
);
