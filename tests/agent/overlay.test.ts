/** The box in the pictures is the one that is published. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Detection } from '@roadwatch/contract';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';
import { columnsThatDiffer, pixelsOf } from './support/pixels.ts';

test('the overlay shows the published box and score, not those of the frame with the best score', async () => {
  const gateway = await GatewayStandIn.start();
  const folder = await temporaryFolder();
  const bright = await streetPicture();
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  // In a brighter picture the test model finds a larger box with a better score.
  await copyFile(bright, join(pictures, '1.png'));
  for (const name of ['2.png', '3.png']) await sharp(bright).linear(0.85).toFile(join(pictures, name));
  const camera = await streetCamera({ source: pictures, dwellSeconds: 1 });
  const model = await potholeModel();
  const verify = { minSeconds: 6, minLooks: 8, minSeenRatio: 0.5 };
  await startBox(folder, gateway.url, { url: camera.url }, { model, verify });
  const hasClip = ({ evidence }: Detection): boolean => evidence.some(({ kind }) => kind === 'clip');
  await gateway.until(() => gateway.evidence('clip.mp4') !== undefined && gateway.detections.some(hasClip));

  const [opened] = gateway.detections as [Detection];
  const withClip = gateway.detections.find(hasClip) as Detection;
  expect(opened.score).toBeLessThan(0.75);
  const still = await pixelsOf(gateway.evidence('still.jpg') as Buffer);
  const overlay = await pixelsOf(gateway.evidence('overlay.jpg') as Buffer);
  const [x, y, width, height] = opened.box;
  const [left, right] = columnsThatDiffer(still, overlay, y + height / 2);
  expect(Math.abs(left - x * 800)).toBeLessThan(12);
  expect(Math.abs(right - (x + width) * 800)).toBeLessThan(12);
  expect(withClip.box).toEqual(opened.box);
  expect(opened.evidence.map(({ capturedAt }) => capturedAt)).toEqual([opened.capturedAt, opened.capturedAt]);
});
