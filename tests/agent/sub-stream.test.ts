/** A camera with a small stream beside the full one: the full one is pulled while it is needed, and not otherwise. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
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
  const still = gateway.received.findLast(({ topic }) => topic.endsWith('/still.jpg'));
  const { width, height } = await sharp(still?.payload).metadata();
  expect([width, height]).toEqual([1280, 720]);
  await rested;
  expect([main.viewerCount, sub.viewerCount]).toEqual([0, 1]);
  expect(box.lines.filter(({ msg }) => /stalled|refused/.test(msg))).toEqual([]);
}, 90_000);
