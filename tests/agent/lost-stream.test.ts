/** A camera with two streams, of which one is away: it is looked at by the other, says so, and goes back once both are there. */
import type { CameraState } from '@roadwatch/contract';
import type { RunningCamera } from '@roadwatch/simulator';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { type AgentBox, potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const LOOK = { keepMainSeconds: 2 };

const BLACK = { faults: [{ kind: 'black' }] } as const;

const mainAt = async (port?: number): Promise<RunningCamera> =>
  streetCamera({ source: await streetPicture(1280, 720), ...BLACK, ...(port === undefined ? {} : { port }) });
const subAt = async (port?: number): Promise<RunningCamera> =>
  streetCamera({ source: await streetPicture(640, 360), ...BLACK, ...(port === undefined ? {} : { port }) });

interface Watched {
  readonly box: AgentBox;
  readonly gateway: GatewayStandIn;
  /** Waits for a state of the camera that comes after those that were waited for before. */
  state(is: (state: CameraState) => boolean, camera?: string): Promise<CameraState>;
  /** Waits for a detection of the camera. */
  detection(camera?: string): Promise<void>;
}

async function watching(
  cameras: Readonly<Record<string, { readonly url: string; readonly detectUrl: string }>>,
  look: object = LOOK,
): Promise<Watched> {
  const gateway = await GatewayStandIn.start();
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    {},
    {
      ...{ model: await potholeModel(), look },
      cameras: Object.entries(cameras).map(([id, urls]) => ({ id, name: { en: id, zh: id }, ...urls })),
    },
  );
  const seen = new Map<string, number>();
  return {
    box,
    gateway,
    state: async (is, camera = 'camera-1') => {
      const told = (): readonly CameraState[] =>
        gateway.received
          .filter(({ topic }) => topic.endsWith(`/cameras/${camera}/state`))
          .map(({ payload }) => JSON.parse(String(payload)));
      const next = (): number => told().findIndex((state, at) => at >= (seen.get(camera) ?? 0) && is(state));
      await gateway.until(() => next() >= 0);
      const at = next();
      seen.set(camera, at + 1);
      return told()[at] as CameraState;
    },
    detection: (camera = 'camera-1') =>
      gateway.until(() => gateway.detections.some((detection) => detection.camera === camera)),
  };
}

/** What is black is seen, too. */
const isSeen = ({ state }: CameraState): boolean => state === 'streaming' || state === 'dark';
const isWell = (state: CameraState): boolean => isSeen(state) && state.code === undefined;
const isWithout =
  (code: string) =>
  (state: CameraState): boolean =>
    isSeen(state) && state.code === code;

test('a full stream that ends while it is pulled leaves the sub-stream looked at, and is had again when it is back', async () => {
  const [main, sub] = await Promise.all([mainAt(), subAt()]);
  let left = 0;
  sub.events.on('disconnected', () => left++);
  const { state, detection, gateway } = await watching(
    { 'camera-1': { url: main.url, detectUrl: sub.url } },
    { keepMainSeconds: 60 },
  );
  await state(isWell);
  expect([main.viewerCount, sub.viewerCount]).toEqual([1, 1]);
  await main.stop();
  const without = await state(isWithout('camera_full_stream_lost'));
  expect(without.reason).toMatch(/^the full stream is away \(.+\); the sub-stream is looked at$/);
  expect([sub.viewerCount, left]).toEqual([1, 0]);
  // What the sub-stream shows is found, and goes out with a picture.
  sub.endFault('black');
  await detection();
  await gateway.until(() => gateway.received.some(({ topic }) => topic.endsWith('/still.jpg')));
  const again = await mainAt(main.port);
  await state(isWell);
  expect([again.viewerCount, sub.viewerCount]).toEqual([1, 1]);
}, 120_000);

test('a camera whose full stream cannot be opened is looked at by its sub-stream, and other cameras know nothing of it', async () => {
  const gone = await mainAt();
  await gone.stop();
  const [sub, otherMain, otherSub] = await Promise.all([subAt(), mainAt(), subAt()]);
  const { state, detection, box } = await watching({
    'camera-1': { url: gone.url, detectUrl: sub.url },
    'camera-2': { url: otherMain.url, detectUrl: otherSub.url },
  });
  await state(isWithout('camera_full_stream_lost'));
  await state(isWell, 'camera-2');
  sub.endFault('black');
  await detection();
  await mainAt(gone.port);
  await state(isWell);
  expect(box.lines.filter(({ msg }) => /stalled|refused/.test(msg))).toEqual([]);
}, 120_000);

test('a camera whose sub-stream ends is looked at by the full one, which rests when the sub-stream is back', async () => {
  const [main, sub, otherMain, otherSub] = await Promise.all([mainAt(), subAt(), mainAt(), subAt()]);
  const rested = main.next('disconnected');
  const { state, detection, box } = await watching({
    'camera-1': { url: main.url, detectUrl: sub.url },
    'camera-2': { url: otherMain.url, detectUrl: otherSub.url },
  });
  await state(isWell);
  await state(isWell, 'camera-2');
  await rested;
  await sub.stop();
  const called = await state(({ state: now }) => now === 'stalled');
  expect(called).toMatchObject({
    code: 'camera_sub_stream_lost',
    reason: expect.stringMatching(/^the sub-stream is away \(.+\); the full stream is called for$/),
  });
  const without = await state(isWithout('camera_sub_stream_lost'));
  expect(without.reason).toMatch(/^the sub-stream is away \(.+\); the full stream is looked at$/);
  main.endFault('black');
  await detection();
  await main.fault({ kind: 'black' });
  const again = main.next('disconnected');
  const back = await subAt(sub.port);
  await state(isWell);
  await again;
  expect([main.viewerCount, back.viewerCount]).toEqual([0, 1]);
  expect(box.lines.filter(({ msg, camera }) => /stalled/.test(msg) && camera === 'camera-2')).toEqual([]);
}, 120_000);

test('a camera whose sub-stream cannot be opened from the start is looked at by the full one', async () => {
  const [main, gone] = await Promise.all([mainAt(), subAt()]);
  await gone.stop();
  const { state, detection } = await watching({ 'camera-1': { url: main.url, detectUrl: gone.url } });
  await state(isWithout('camera_sub_stream_lost'));
  main.endFault('black');
  await detection();
}, 120_000);

test('full streams that stand in for sub-streams keep to their number, and each camera has its turn', async () => {
  const pairs = await Promise.all([1, 2].map(async () => ({ main: await mainAt(), sub: await subAt() })));
  const [one, other] = pairs as [(typeof pairs)[0], (typeof pairs)[0]];
  let most = 0;
  for (const { main } of pairs)
    main.events.on('playing', () => {
      most = Math.max(most, one.main.viewerCount + other.main.viewerCount);
    });
  // Two at once, of which one is kept for people.
  const { state } = await watching(
    {
      'camera-1': { url: one.main.url, detectUrl: one.sub.url },
      'camera-2': { url: other.main.url, detectUrl: other.sub.url },
    },
    { ...LOOK, fullStreams: 2 },
  );
  const both = ['camera-1', 'camera-2'];
  await Promise.all(both.map((camera) => state(isWell, camera)));
  await Promise.all(pairs.map(({ sub }) => sub.stop()));
  await Promise.all(both.map((camera) => state(isWithout('camera_sub_stream_lost'), camera)));
  expect(most).toBe(1);
}, 180_000);

test('a camera of which both streams are away says why of both, and is looked at again when they are back', async () => {
  const [main, sub] = await Promise.all([mainAt(), subAt()]);
  const { state } = await watching({ 'camera-1': { url: main.url, detectUrl: sub.url } });
  await state(isWell);
  await Promise.all([main.stop(), sub.stop()]);
  const gone = await state(({ code }) => code === 'camera_unreachable');
  expect(gone).toMatchObject({ state: 'stalled', reason: expect.stringMatching(/; the sub-stream: .+$/) });
  await Promise.all([mainAt(main.port), subAt(sub.port)]);
  await state(isWell);
}, 120_000);
