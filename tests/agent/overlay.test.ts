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
  // A brighter picture shows the hole elsewhere, which may become a detection of its own: this is of the first.
  const first = (): Detection | undefined => gateway.detections[0];
  const updated = (): Detection | undefined =>
    gateway.detections.find(({ id, evidence }) => id === first()?.id && evidence.length > 2);
  const fileOf = (name: string): Buffer | undefined => gateway.evidence(`${first()?.id}/${name}`);
  await gateway.until(() => fileOf('clip.mp4') !== undefined && updated() !== undefined);

  const opened = first() as Detection;
  const withClip = updated() as Detection;
  expect(opened.score).toBeLessThan(0.75);
  const still = await pixelsOf(fileOf('still.jpg') as Buffer);
  const overlay = await pixelsOf(fileOf('overlay.jpg') as Buffer);
  const [x, y, width, height] = opened.box;
  const [left, right] = columnsThatDiffer(still, overlay, y + height / 2);
  expect(Math.abs(left - x * 800)).toBeLessThan(12);
  expect(Math.abs(right - (x + width) * 800)).toBeLessThan(12);
  expect(withClip.box).toEqual(opened.box);
  expect(opened.evidence.map(({ capturedAt }) => capturedAt)).toEqual([opened.capturedAt, opened.capturedAt]);
});
