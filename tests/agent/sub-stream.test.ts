/** A camera with a small stream beside the full one: the full one is pulled while it is needed, and not otherwise. */
import { startOnvif } from '@roadwatch/simulator';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const LOOK = { keepMainSeconds: 2 };

test('the full stream rests once its size is known, and is called for by what is seen, by a question and by nothing else', async () => {
  const [main, sub] = await Promise.all([
    streetCamera({ source: await streetPicture(1280, 720) }),
    streetCamera({ source: await streetPicture(640, 360) }),
  ]);
  await sub.fault({ kind: 'black' });
  const gateway = await GatewayStandIn.start();
  let rested = main.next('disconnected');
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: main.url, detectUrl: sub.url },
    { model: await potholeModel(), look: LOOK },
  );
  await box.line('camera streaming');
  await rested;
  expect([main.viewerCount, sub.viewerCount]).toEqual([0, 1]);
  // A question for a picture.
  const called = main.next('playing');
  rested = main.next('disconnected');
  const snapshot = await ask(gateway, { kind: 'snapshot' });
  await called;
  expect(snapshot).toMatchObject({ outcome: 'done' });
  await rested;
  expect([main.viewerCount, sub.viewerCount]).toEqual([0, 1]);
  // Damage.
  rested = main.next('disconnected');
  sub.endFault('black');
  await gateway.until(() => gateway.received.some(({ topic }) => topic.endsWith('/clip.mp4')));
  expect(gateway.detections[0]?.frame).toMatchObject({ width: 1280, height: 720 });
  await gateway.until(() =>
    gateway.detections.some(({ evidence }) => evidence.some(({ kind }) => kind === 'clip')),
  );
  // Recorded from the first sight of it on, and not before.
  const clip = gateway.detections.at(-1)?.evidence.find(({ kind }) => kind === 'clip');
  const before = Date.parse(clip?.capturedAt as string) - Date.parse(clip?.beginsAt as string);
  expect(before).toBeLessThan(3_500);
  const still = gateway.received.findLast(({ topic }) => topic.endsWith('/still.jpg'));
  const { width, height } = await sharp(still?.payload).metadata();
  expect([width, height]).toEqual([1280, 720]);
  await rested;
  expect([main.viewerCount, sub.viewerCount]).toEqual([0, 1]);
  expect(box.lines.filter(({ msg }) => /stalled|refused/.test(msg))).toEqual([]);
}, 90_000);

const pair = async () => {
  const [main, sub] = await Promise.all([
    streetCamera({ source: await streetPicture(1280, 720) }),
    streetCamera({ source: await streetPicture(640, 360), faults: [{ kind: 'black' }] }),
  ]);
  return { main, sub };
};

const widthOf = async (picture: Uint8Array | undefined): Promise<number> =>
  (await sharp(picture).metadata()).width;

test('of two cameras that find something at once and may not both be pulled one waits, and gets its pictures and clip all the same', async () => {
  const pairs = await Promise.all([pair(), pair()]);
  let most = 0;
  for (const { main } of pairs)
    main.events.on('playing', () => {
      most = Math.max(most, pairs[0].main.viewerCount + pairs[1].main.viewerCount);
    });
  const gateway = await GatewayStandIn.start();
  const cameras = pairs.map(({ main, sub }, at) => ({
    ...{ id: `camera-${at + 1}`, name: { en: `Camera ${at + 1}`, zh: `摄像机${at + 1}` } },
    ...{ url: main.url, detectUrl: sub.url },
  }));
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    {},
    { model: await potholeModel(), look: { ...LOOK, fullStreams: 2 }, cameras },
  );
  // The second when the first has shown its size and has been let go of, or when it has waited for long enough.
  await box.line('camera streaming', 2);
  for (const { sub } of pairs) sub.endFault('black');
  const clipsOf = (camera: string) =>
    gateway.received.filter(({ topic }) => topic.includes(`/${camera}/`) && topic.endsWith('/clip.mp4'));
  await gateway.until(() => cameras.every(({ id }) => clipsOf(id).length > 0));
  expect(most).toBe(1);
  for (const { id } of cameras) {
    const last = gateway.received.findLast(
      ({ topic }) => topic.includes(`/${id}/`) && topic.endsWith('/still.jpg'),
    );
    expect(await widthOf(last?.payload)).toBe(1280);
    expect(gateway.detections.findLast(({ camera }) => camera === id)).not.toHaveProperty('missing');
  }
  expect(box.lines.filter(({ msg }) => /stalled|refused/.test(msg))).toEqual([]);
}, 180_000);

/** An address of this machine at which nobody else listens, so that ONVIF can be where makers have it. */
const OWN_HOST = `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}.2`;

/** Both its streams are black, so that nothing is seen for which the full one would be called. */
const blackCamera = () =>
  streetCamera({ host: OWN_HOST, subStream: { width: 640, height: 360 }, faults: [{ kind: 'black' }] });

test('with auto the smaller stream is found by ONVIF once the full one has shown a picture, and looked at alone', async () => {
  const camera = await blackCamera();
  const size = { fps: 10 };
  const onvif = await startOnvif({
    ...{ name: 'Camera', host: OWN_HOST, port: 8000 },
    profiles: [
      { token: 'main', width: 1280, height: 720, url: camera.url, ...size },
      { token: 'sub', width: 640, height: 360, url: camera.subUrl as string, ...size },
    ],
  });
  onTestFinished(() => onvif.stop());
  const gateway = await GatewayStandIn.start();
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url, detectUrl: 'auto' },
    { model: await potholeModel(), look: LOOK },
  );
  expect((await box.line('sub-stream found')).url).toBe(camera.subUrl);
  // The full one is begun anew with the smaller one beside it, and rests.
  await camera.next('playing');
  await camera.next('playing');
  await camera.next('disconnected');
  expect(camera.viewerCount).toBe(1);
}, 90_000);

test('with auto a camera of which no smaller stream is known goes on with the full one, and the log says why', async () => {
  const camera = await blackCamera();
  const gateway = await GatewayStandIn.start();
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url, detectUrl: 'auto' },
    { model: await potholeModel(), look: LOOK },
  );
  const { reason } = await box.line('no sub-stream, the full one is looked at');
  expect(reason).toMatch(/does not answer by ONVIF, and the path of url is of no maker that is known/);
  expect(camera.viewerCount).toBe(1);
}, 90_000);
