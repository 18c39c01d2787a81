/** `detectUrl: auto`: what is found beside a full stream, from simulated cameras with and without ONVIF. */
import { SecretUrl } from '@roadwatch/common';
import { startCamera, startOnvif } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { streetPicture } from '../../../tests/agent/support/agent-box.ts';
import { parseConfig } from '../config/config.ts';
import type { CameraConfig } from '../config/schema.ts';
import { subPathOf } from './makers.ts';
import { findSubStream } from './sub-stream.ts';

const { signal } = new AbortController();
const credentials = { user: 'admin', password: 'S3cret' };

/** A camera of two streams, the smaller one at `/sub` of the full one. */
async function camera() {
  const running = await startCamera({
    source: await streetPicture(1280, 720),
    credentials,
    subStream: { width: 640, height: 360 },
    encoder: { gopSeconds: 0.5 },
    startOn: 'launch',
  });
  onTestFinished(() => running.stop());
  return running;
}

async function onvif(profiles: Parameters<typeof startOnvif>[0]['profiles']) {
  const running = await startOnvif({ name: 'Camera', credentials, profiles });
  onTestFinished(() => running.stop());
  return running;
}

/** As the settings have it. */
function configured(url: string): CameraConfig {
  const settings = {
    ...{ site: 'site', agent: 'box', dataDir: 'data', mqtt: { url: 'mqtt://127.0.0.1:1' } },
    cameras: [
      {
        ...{ id: 'camera-1', name: { en: 'Camera', zh: '摄像机' }, url, detectUrl: 'auto' },
        ...{ username: credentials.user, password: credentials.password },
      },
    ],
  };
  return parseConfig(JSON.stringify(settings), '/agent.yaml').cameras[0] as CameraConfig;
}

const main = { token: 'main', width: 1280, height: 720, fps: 25 };
const sub = { token: 'sub', width: 640, height: 360, fps: 25 };

test('ONVIF names the smaller stream of the same view, and the login goes with it to the same place', async () => {
  const { url, subUrl } = await camera();
  const device = await onvif([
    { ...main, url },
    { ...sub, url: subUrl as string },
  ]);
  const found = await findSubStream(configured(url), signal, [device.port]);
  expect(found).toBeInstanceOf(SecretUrl);
  expect(found.reveal()).toBe((subUrl as string).replace('://', '://admin:S3cret@'));
  expect(`${found}`).not.toContain('S3cret');
  expect(device.refusedLogins).toBe(0);
}, 60_000);

test('a stream of another port of the camera is asked for where the full one is', async () => {
  const { url, subUrl } = await camera();
  const device = await onvif([
    { ...main, url },
    { ...sub, url: (subUrl as string).replace(/:\d+\//, ':1/') },
  ]);
  const found = await findSubStream(configured(url), signal, [device.port]);
  expect(new URL(found.reveal()).host).toBe(new URL(url).host);
}, 60_000);

test.each([
  [
    'has no smaller one',
    (url: string) => [{ ...main, url }],
    /ONVIF names no smaller stream of the same view/,
  ],
  [
    'names one that is not there',
    (url: string) => [
      { ...main, url },
      { ...sub, url: `${url}/gone` },
    ],
    /shows no picture: the camera has no stream at this path/,
  ],
])(
  'a camera that %s keeps its full stream, and the reason is told',
  async (_, profiles, why) => {
    const { url } = await camera();
    const device = await onvif(profiles(url));
    await expect(findSubStream(configured(url), signal, [device.port])).rejects.toThrow(why);
  },
  60_000,
);

test('without ONVIF, and at a path of no maker, none is found', async () => {
  const { url } = await camera();
  await expect(findSubStream(configured(url), signal, [])).rejects.toThrow(
    /does not answer by ONVIF, and the path of url is of no maker that is known/,
  );
}, 60_000);

test.each([
  ['/Streaming/Channels/101', '/Streaming/Channels/102'],
  ['/Streaming/Channels/1201', '/Streaming/Channels/1202'],
  ['/cam/realmonitor?channel=3&subtype=0', '/cam/realmonitor?channel=3&subtype=1'],
  ['/unicast/c2/s0/live', '/unicast/c2/s1/live'],
  ['/stream1', '/stream2'],
  ['/axis-media/media.amp?camera=1', '/axis-media/media.amp?camera=1&resolution=640x360'],
  ['/Streaming/Channels/102', null],
  ['/live', null],
])('beside %s the maker has %s', (path, expected) => {
  expect(subPathOf(path)).toBe(expected);
});

test('auto is an order to look, and no address', () => {
  const { detectUrl, findsDetectUrl } = configured('rtsp://127.0.0.1/stream1');
  expect([detectUrl, findsDetectUrl]).toEqual([undefined, true]);
});
