/** Streams in all their odd forms, from GStreamer's RTSP server: used, or refused by name, with the others undisturbed. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Fault } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];

/** Options of ffmpeg for a stream of a still street; 10 frames a second, a keyframe each second. */
const ODD: Readonly<Record<string, readonly string[]>> = {
  'b-frames': [...X264, '-bf', '3', '-pix_fmt', 'yuv420p'],
  'open-gop': [...X264, '-bf', '3', '-x264-params', 'open-gop=1', '-pix_fmt', 'yuv420p'],
  'ten-bit': [...X264, '-pix_fmt', 'yuv420p10le'],
  'full-range': [...X264, '-pix_fmt', 'yuvj420p'],
  interlaced: [...X264, '-flags', '+ildct+ilme', '-x264-params', 'interlaced=1', '-pix_fmt', 'yuv420p'],
  'odd-size': [...X264, '-vf', 'scale=641:359', '-pix_fmt', 'yuv444p'],
  '8k': [...X264, '-t', '24', '-r', '1', '-g', '1', '-vf', 'scale=7680:4320', '-pix_fmt', 'yuv420p'],
};

/** Prints its port, then serves each file under its name, and an alarm tone without a picture as `audio-only`. */
const SERVER = `
import sys, gi
gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_service('0')
def mount(name, launch):
  factory = GstRtspServer.RTSPMediaFactory()
  factory.set_launch('( ' + launch + ' )')
  server.get_mount_points().add_factory('/' + name, factory)
for entry in sys.argv[1:]:
  name, file = entry.split('=', 1)
  mount(name, 'filesrc location=%s ! qtdemux ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96' % file)
mount('audio-only', 'audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay0 pt=8')
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
`;

async function video(folder: string, name: string, options: readonly string[]): Promise<string> {
  const file = join(folder, `${name}.mp4`);
  const input = ['-loop', '1', '-framerate', '10', '-i', await streetPicture(), '-t', '60', '-g', '10'];
  await run('ffmpeg', ['-v', 'error', ...input, ...options, file]);
  return file;
}

test('B-frames, ten bits, interlacing, 8K and odd sizes are all seen; sound alone is refused by name, and one pixel shows nothing', async () => {
  const folder = await temporaryFolder();
  const files = [];
  for (const [name, options] of Object.entries(ODD))
    files.push(`${name}=${await video(folder, name, options)}`);
  const pixel = [...X264, '-vf', 'scale=1:1', '-pix_fmt', 'yuv444p'];
  files.push(`one-pixel=${await video(folder, 'one-pixel', pixel)}`);
  await writeFile(join(folder, 'server.py'), SERVER);
  const server = spawn(PYTHON, [join(folder, 'server.py'), ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const [port] = await once(server.stdout as Readable, 'data');
  const cameraOf = (id: string): object => ({
    id,
    name: { en: id, zh: id },
    url: `rtsp://127.0.0.1:${String(port).trim()}/${id}`,
  });
  const seen = Object.keys(ODD);
  const gateway = await GatewayStandIn.start();
  const box = await startBox(
    folder,
    gateway.url,
    {},
    { model: await potholeModel(), cameras: [...seen, 'audio-only', 'one-pixel'].map(cameraOf) },
  );
  await gateway.until(() => seen.every((id) => gateway.detections.some(({ camera }) => camera === id)));
  await gateway.until(() => gateway.states('one-pixel').includes('covered'));
  await gateway.until(() =>
    box.lines.some(
      ({ camera, reason }) =>
        camera === 'audio-only' && String(reason).startsWith('the stream carries no video'),
    ),
  );
  const opened = gateway.detections.filter(({ event }) => event === 'opened');
  expect(opened.map(({ camera }) => camera).sort()).toEqual([...seen].sort());
  // Of a large picture they may follow in a revision.
  const isShown = (id: string): boolean =>
    gateway.detections.some(
      ({ camera, evidence }) =>
        camera === id &&
        ['still.jpg', 'overlay.jpg'].every((file) => evidence.some(({ name }) => name === file)),
    );
  await gateway.until(() => seen.every(isShown));
}, 120_000);

test.each<Fault>([
  { kind: 'timestamp-jump', seconds: -30 },
  { kind: 'timestamp-jump', seconds: 95_443 },
  { kind: 'corrupt', rate: 0.5 },
  { kind: 'endless-gop' },
  { kind: 'packet-loss', rate: 0.1 },
])('after %o the agent looks on, and the pothole is still the same one', async (fault) => {
  const gateway = await GatewayStandIn.start();
  const [camera, other] = await Promise.all([streetCamera(), streetCamera()]);
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    {},
    {
      model: await potholeModel(),
      gate: { maxSkipSeconds: 1 },
      cameras: [
        { id: 'camera-1', name: { en: 'Camera 1', zh: '摄像机1' }, url: camera.url },
        { id: 'other', name: { en: 'Other', zh: '另一' }, url: other.url },
      ],
    },
  );
  await gateway.until(() => new Set(gateway.detections.map(({ camera }) => camera)).size === 2);
  await camera.fault(fault);
  const analysed = (index: number): number => box.agent.figures().cameras[index]?.analysed ?? 0;
  const otherBefore = analysed(1);
  while (analysed(1) < otherBefore + 5) await other.next('keyframe');
  camera.endFault(fault.kind);
  const before = analysed(0);
  while (analysed(0) < before + 3) await camera.next('keyframe');
  expect(gateway.detections.filter(({ event }) => event === 'opened')).toHaveLength(2);
});
