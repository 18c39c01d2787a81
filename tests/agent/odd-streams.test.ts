/** Streams as cameras in the field are set: rare keyframes, joined in the middle, JPEG. */
import type { RunningCamera } from '@roadwatch/simulator';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { type AgentBox, potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';
import { type RogueCamera, type RogueOptions, rogueCamera } from './support/rogue-camera.ts';
import { ENDLESS_GOP, GOP_OF_2_S, MJPEG, playInto } from './support/rtp-source.ts';

async function watching(
  options: RogueOptions,
): Promise<{ readonly box: AgentBox; readonly gateway: GatewayStandIn; readonly camera: RogueCamera }> {
  const gateway = await GatewayStandIn.start();
  const camera = await rogueCamera(options);
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: await potholeModel() },
  );
  return { box, gateway, camera };
}

/** The still of the first detection, as large as the camera sends. */
async function stillOf(gateway: GatewayStandIn): Promise<readonly [number | undefined, number | undefined]> {
  await gateway.until(() => gateway.received.some(({ topic }) => topic.endsWith('/still.jpg')));
  const still = gateway.received.find(({ topic }) => topic.endsWith('/still.jpg'));
  const { width, height } = await sharp(still?.payload).metadata();
  return [width, height];
}

test('a camera with one keyframe and then none streams, is looked at, gives evidence, and says what to set', async () => {
  const picture = await streetPicture();
  const { gateway, camera, box } = await watching({
    play: (socket) => void playInto(socket, picture, ENDLESS_GOP),
  });
  const said = (): readonly string[] => box.lines.map(({ msg, reason }) => `${msg}: ${reason}`);
  const advice =
    /^camera streaming: more than \d+ s from keyframe to keyframe, .+ set the camera to one every 2 s$/;
  await gateway.until(() => said().some((line) => advice.test(line)) && camera.connections() === 2);
  expect(await stillOf(gateway)).toEqual([800, 448]);
  // Cut from the ring as the second connection writes it.
  await camera.asked('PLAY', 2);
  const snapshot = await ask(gateway, { kind: 'snapshot' });
  expect(snapshot).toMatchObject({ outcome: 'done' });
  expect(snapshot.evidence?.map(({ name }) => name)).toEqual(['still.jpg']);
  expect(camera.connections()).toBe(2);
  expect(said().filter((line) => line.startsWith('camera stalled'))).toEqual([]);
}, 60_000);

test('a camera that is joined between two keyframes streams from the next one on', async () => {
  const picture = await streetPicture();
  // Without the first picture, so that nothing can be decoded before the second keyframe.
  const { box, camera } = await watching({
    play: (socket) => void playInto(socket, picture, GOP_OF_2_S, (_, sinceMs) => sinceMs < 700),
  });
  await box.line('camera streaming');
  expect(camera.connections()).toBe(1);
  expect(box.lines.filter(({ msg }) => msg === 'camera stalled')).toEqual([]);
});

test('a camera that sends JPEG is looked at and gives evidence, and is told to be set to H.264', async () => {
  const picture = await streetPicture();
  const sdp = [
    ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=x', 'c=IN IP4 0.0.0.0', 't=0 0', 'm=video 0 RTP/AVP 26'],
    ...['a=control:trackID=0', ''],
  ].join('\r\n');
  const { box, gateway } = await watching({
    sdp,
    play: (socket) => void playInto(socket, picture, MJPEG),
  });
  expect(await stillOf(gateway)).toEqual([800, 448]);
  const streaming = box.lines.filter(({ msg }) => msg === 'camera streaming');
  expect(streaming.some(({ reason }) => /JPEG.+set it to H\.264/.test(String(reason)))).toBe(true);
}, 60_000);

/** Where the state and the detections of a box see it: one geometry for all. */
async function geometryOf(gateway: GatewayStandIn): Promise<object> {
  const still = await stillOf(gateway);
  const { width, height } = gateway.detections[0]?.frame ?? {};
  const states = gateway.received
    .filter(({ topic }) => topic.endsWith('/state'))
    .map(({ payload }) => JSON.parse(payload.toString()) as { width?: number; height?: number });
  const state = states.findLast((one) => one.width !== undefined);
  return { still, frame: [width, height], state: [state?.width, state?.height] };
}

test('a squeezed sub-stream is seen in the shape of the main one, and what it shows is told in the full picture', async () => {
  const [main, small] = await Promise.all([
    streetCamera({ source: await streetPicture(1280, 720) }),
    squeezed(),
  ]);
  const gateway = await GatewayStandIn.start();
  const camera = { url: main.url, detectUrl: small.url };
  await startBox(await temporaryFolder(), gateway.url, camera, { model: await potholeModel() });
  const full = [1280, 720];
  expect(await geometryOf(gateway)).toEqual({ still: full, frame: full, state: full });
  // Of the model's 64 x 32 the picture has 57 x 32; the pothole begins at 32 and 16, times the same brightness.
  const [left = 0, top = 1] = gateway.detections[0]?.box ?? [];
  expect(left / top).toBeCloseTo(32 / 57 / (16 / 32), 2);
}, 60_000);

async function squeezed(): Promise<RunningCamera> {
  return streetCamera({ source: await streetPicture(640, 480) });
}

test('a camera whose pixels are not square is seen, and shown, as it is to be seen', async () => {
  const picture = await streetPicture();
  const squeeze = ['-vf', 'scale=400:448,setsar=2'];
  const { gateway } = await watching({
    play: (socket) => void playInto(socket, picture, [...squeeze, ...GOP_OF_2_S]),
  });
  const seen = [800, 448];
  expect(await geometryOf(gateway)).toEqual({ still: seen, frame: seen, state: seen });
}, 60_000);
