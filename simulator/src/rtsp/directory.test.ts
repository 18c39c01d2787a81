import { expect, test } from 'vitest';
import { Camera } from '../camera/camera.ts';
import { MAKERS, type MakerName } from '../camera/makers/known.ts';
import type { Clip } from '../media/clip.ts';
import { Timeline } from '../media/timeline.ts';
import { StreamDirectory } from './directory.ts';

const clip: Clip = {
  ...({ codec: 'h264', width: 64, height: 64, fps: 1, ticks: 90_000, parameterSets: [] } as const),
  units: [{ nals: [], keyframe: true, dts: 0, pts: 0 }],
};
const timelines = { timeline: Timeline.looping(clip), sub: Timeline.looping(clip) };
const plain = new Camera({ path: 'gate one', ...timelines });
const camera = (as: MakerName, channel: number): Camera =>
  new Camera({ path: `${as}-${channel}`, maker: MAKERS[as], channel, ...timelines });
const directory = new StreamDirectory([
  plain,
  ...(['hikvision', 'dahua', 'uniview', 'axis'] as const).flatMap((as) => [camera(as, 1), camera(as, 2)]),
  camera('tplink', 1),
]);

test.each([
  ['/gate%20one', 'gate one', 'main', null],
  ['/gate%20one/', 'gate one', 'main', null],
  ['/gate%20one?token=1', 'gate one', 'main', null],
  ['/gate%20one/trackID=0', 'gate one', 'main', 'video'],
  ['/gate%20one/sub/trackID=1', 'gate one', 'sub', 'sound'],
  ['/Streaming/Channels/202/trackID=1', 'hikvision-2', 'sub', 'video'],
  ['/streaming/channels/101', 'hikvision-1', 'main', null],
  ['/ISAPI/Streaming/channels/201/', 'hikvision-2', 'main', null],
  ['/h264/ch1/sub/av_stream', 'hikvision-1', 'sub', null],
  // Behind the query, as ffmpeg and the maker's own recorders put it, and before it, as GStreamer may.
  ['/cam/realmonitor?channel=2&subtype=0/trackID=0', 'dahua-2', 'main', 'video'],
  ['/cam/realmonitor/trackID=1?channel=2&subtype=1', 'dahua-2', 'sub', 'sound'],
  ['/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif/', 'dahua-1', 'sub', null],
  ['/cam/realmonitor', 'dahua-1', 'main', null],
  ['/unicast/c2/s1/live/video', 'uniview-2', 'sub', 'video'],
  ['/media/video2', 'uniview-1', 'sub', null],
  ['/axis-media/media.amp', 'axis-1', 'main', null],
  ['/axis-media/media.amp/stream=0?camera=2', 'axis-2', 'main', 'video'],
  ['/axis-media/media.amp?resolution=640x360&camera=2', 'axis-2', 'sub', null],
  ['/stream2/track1', 'tplink-1', 'sub', 'video'],
  ['/stream1/track3', 'tplink-1', 'main', 'private'],
])('%s is %s, its %s stream, track %s', (uri, name, stream, track) => {
  const found = directory.find(`rtsp://127.0.0.1:554${uri}`);
  expect([found?.camera.path, found?.stream === found?.camera.sub ? 'sub' : 'main', found?.track]).toEqual([
    name,
    stream,
    track,
  ]);
});

test.each([
  '/',
  '*',
  '/gate',
  '/hikvision-1',
  '/gate%2',
  '/Streaming/Channels/301',
  '/Streaming/Channels/103',
  '/cam/realmonitor?channel=3',
  '/cam/realmonitor?channel=__proto__&subtype=constructor',
  '/cam/realmonitor/trackID=7?channel=1',
  '/unicast/c1/s2/live',
  '/axis-media/media.amp?camera=0',
  '/stream3',
])('%s is nothing that is there', (uri) => {
  expect(directory.find(uri === '*' ? uri : `rtsp://127.0.0.1:554${uri}`)).toBeUndefined();
});
