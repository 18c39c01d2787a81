/**
 * Servers that nobody here wrote: the agent pulls from GStreamer's, and from MediaMTX, which in turn plays one of our cameras.
 * VLC is not among them: Debian builds it without the library (live555) by which it plays RTSP.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { startCamera } from '@roadwatch/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { potholeModel, startBox, streetCamera, streetPicture } from '../agent/support/agent-box.ts';
import { GatewayStandIn } from '../agent/support/gateway-stand-in.ts';
import { temporaryFolder } from '../support/temp.ts';

const run = promisify(execFile);
const MEDIAMTX = 'github.com/bluenviron/mediamtx@v1.12.3';

/** Debian's Go (1.19) is too old to fetch the newer one that MediaMTX asks for, so that setup does not install it. */
const NO_GO =
  'MediaMTX is not tested: it is built with Go 1.21 or later (https://go.dev/dl), or given by ROADWATCH_MEDIAMTX';

function hasGo(): boolean {
  const { stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(stdout ?? '') ?? []).map(Number);
  return major > 1 || minor >= 21;
}

const GST_SERVER = `
import sys, gi
gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_service('0')
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch('( filesrc location=%s ! pngdec ! imagefreeze ! videoconvert ! video/x-raw,format=I420,framerate=10/1'
  ' ! x264enc tune=zerolatency key-int-max=5 ! rtph264pay name=pay0 pt=96 )' % sys.argv[1])
factory.set_shared(True)
server.get_mount_points().add_factory('/street', factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
`;

function child(command: string, ...args: string[]): ChildProcess {
  const started = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(async () => {
    if (started.exitCode !== null || started.signalCode !== null) return;
    const ended = once(started, 'exit');
    started.kill('SIGKILL');
    await ended;
  });
  return started;
}

/** The agent watches the address until it has published a detection with its clip. */
async function agentFindsThePothole(url: string, transport: 'tcp' | 'udp'): Promise<void> {
  const gateway = await GatewayStandIn.start();
  const model = await potholeModel();
  await startBox(await temporaryFolder(), gateway.url, { url, transport }, { model });
  await gateway.until(() => gateway.evidence('clip.mp4') !== undefined);
  expect(gateway.detections[0]).toMatchObject({ damageClass: 'pothole', event: 'opened' });
  const clip = join(await temporaryFolder(), 'clip.mp4');
  await writeFile(clip, gateway.evidence('clip.mp4') as Buffer);
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-i', clip, '-f', 'null', '-']);
  expect(stderr).toBe('');
}

/** Debian's own Python: the bindings are packaged for no other. */
const PYTHON = '/usr/bin/python3';
describe("the agent pulls from GStreamer's RTSP server", () => {
  test.each(['tcp', 'udp'] as const)('over %s', async (transport) => {
    const script = join(await temporaryFolder(), 'server.py');
    await writeFile(script, GST_SERVER);
    const server = child(PYTHON, script, await streetPicture());
    const [port] = await once(server.stdout as NonNullable<typeof server.stdout>, 'data');
    await agentFindsThePothole(`rtsp://127.0.0.1:${String(port).trim()}/street`, transport);
  });
});

describe('MediaMTX, built from its Go module', () => {
  test('is a proxy of cameras, also of a sub-stream behind a login, for ffmpeg and for the agent, over TCP and UDP', {
    timeout: 1_200_000,
  }, async ({ skip }) => {
    if (process.env.ROADWATCH_MEDIAMTX === undefined && !hasGo()) {
      process.stderr.write(`${NO_GO}\n`);
      skip(NO_GO);
    }
    const folder = await temporaryFolder();
    const mediamtx = await buildMediaMtx(folder);
    const camera = await streetCamera();
    const credentials = { user: 'operator', password: 'proxy' };
    const guarded = await startCamera({
      source: await streetPicture(),
      credentials,
      encoder: { codec: 'h265' },
      subStream: { width: 320, height: 180 },
    });
    onTestFinished(() => guarded.stop());
    const guardedSub = String(guarded.subUrl).replace('://', '://operator:proxy@');
    for (const transport of ['tcp', 'udp'] as const) {
      const [port, rtp] = [await freePort(), await freeEvenPort()];
      const config = join(folder, `${transport}.yml`);
      const off = ['rtmp', 'hls', 'webrtc', 'srt'].map((name) => `${name}: no`).join('\n');
      await writeFile(
        config,
        `${off}\nrtspAddress: 127.0.0.1:${port}\nrtpAddress: 127.0.0.1:${rtp}\nrtcpAddress: 127.0.0.1:${rtp + 1}
paths:\n  street:\n    source: ${camera.url}\n    rtspTransport: ${transport}\n  yard:
    source: ${guardedSub}
    rtspTransport: ${transport}\n`,
      );
      const proxy = child(mediamtx, config);
      const url = `rtsp://127.0.0.1:${port}/street`;
      await lineOf(proxy, /\[RTSP source\] ready.*\[RTSP source\] ready/s);
      const entries = ['-show_entries', 'stream=codec_name,width,height', '-of', 'json'];
      const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', transport, ...entries, url]);
      expect(JSON.parse(stdout).streams).toMatchObject([{ codec_name: 'h264', width: 800, height: 448 }]);
      const yard = `rtsp://127.0.0.1:${port}/yard`;
      const sub = await run('ffprobe', ['-v', 'error', '-rtsp_transport', transport, ...entries, yard]);
      expect(JSON.parse(sub.stdout).streams).toMatchObject([{ codec_name: 'hevc', width: 320, height: 180 }]);
      await agentFindsThePothole(url, transport);
      proxy.kill('SIGTERM');
    }
  });
});

/** The module leaves out two files that its own build generates: its version, and a script of its web page. */
async function buildMediaMtx(folder: string): Promise<string> {
  const built = process.env.ROADWATCH_MEDIAMTX;
  if (built !== undefined) return built;
  const { stdout } = await run('go', ['mod', 'download', '-json', MEDIAMTX], { cwd: folder });
  const source = join(folder, 'source');
  await cp((JSON.parse(stdout) as { Dir: string }).Dir, source, { recursive: true });
  await run('chmod', ['-R', 'u+w', source]);
  await mkdir(join(source, 'internal/servers/hls'), { recursive: true });
  await writeFile(join(source, 'internal/servers/hls/hls.min.js'), '');
  await writeFile(join(source, 'internal/core/VERSION'), MEDIAMTX.split('@')[1] as string);
  const binary = join(folder, 'mediamtx');
  const env = { ...process.env, CGO_ENABLED: '0' };
  await run('go', ['build', '-o', binary, '.'], { cwd: source, env, maxBuffer: 16 * 1024 * 1024 });
  return binary;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** RTP takes an even port and RTCP the next (RFC 3550, 11); Linux hands out odd ones first. */
async function freeEvenPort(): Promise<number> {
  const port = await freePort();
  return port + (port % 2);
}

async function lineOf({ stdout }: ChildProcess, wanted: RegExp): Promise<void> {
  let text = '';
  for await (const chunk of (stdout as Readable).iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (wanted.test(text)) return;
  }
  throw new Error(`ended without ${wanted}: ${text.slice(-500)}`);
}
