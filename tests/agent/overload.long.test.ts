/** More cameras than the box can serve. */
import { shippedModel } from '@roadwatch/models';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const CAMERAS = 12;
const LOOKS = 8;

test('with more to analyse than the box can, every camera gets its turn, what is too old is dropped and nothing piles up', async () => {
  const gateway = await GatewayStandIn.start();
  // Ten frames a second of each, all of which are due: several times what one thread can analyse.
  const sources = await Promise.all(
    Array.from({ length: CAMERAS }, () => streetCamera({ encoder: { gopSeconds: 0.1, fps: 10 } })),
  );
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    {},
    {
      model: shippedModel('road-damage-small'),
      inference: { threads: 1 },
      gate: { maxSkipSeconds: 0 },
      cameras: sources.map(({ url }, index) => ({
        id: `camera-${index + 1}`,
        name: { en: `Camera ${index + 1}`, zh: `摄像机 ${index + 1}` },
        url,
      })),
    },
  );
  const { agent } = box;
  const analysed = (): readonly number[] => agent.figures().cameras.map((camera) => camera.analysed);
  const [first] = sources;
  while (!agent.figures().cameras.every(({ streaming }) => streaming)) await first?.next('keyframe');
  const before = analysed();
  const turns = (): readonly number[] => analysed().map((count, index) => count - (before[index] ?? 0));
  while (Math.max(...turns()) < LOOKS) await first?.next('keyframe');
  expect(Math.min(...turns()), `looks at each camera: ${turns()}`).toBeGreaterThanOrEqual(LOOKS / 2);
  const { cameras, freeSlots } = agent.figures();
  const dropped = cameras.reduce((sum, { drops }) => sum + drops, 0);
  expect(dropped, 'frames given up for newer ones').toBeGreaterThan(CAMERAS * LOOKS);
  expect(freeSlots, 'each camera holds one frame at most').toBeGreaterThanOrEqual(0);
});
