/** The agent as a whole: a real camera in, MQTT messages and pictures out. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Detection, sha256 } from '@roadwatch/contract';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ffmpegChildren } from '../../agent/src/ffmpeg/process.ts';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, potholesModel, startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';
import { columnsThatDiffer, pixelsOf } from './support/pixels.ts';

const run = promisify(execFile);
const upperLeft = [
  [0, 0],
  [0.25, 0],
  [0.25, 0.25],
  [0, 0.25],
];

test('one pothole is published once, with sharp pictures, black masks, a box around it and a clip that plays', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const box = await startBox(
    folder,
    gateway.url,
    { url: camera.url, masks: [upperLeft] },
    { model: await potholeModel() },
  );
  await gateway.until(() => gateway.evidence('clip.mp4') !== undefined && gateway.detections.length === 2);

  const [opened, withClip] = gateway.detections as [Detection, Detection];
  expect(opened).toMatchObject({ revision: 1, event: 'opened', damageClass: 'pothole', camera: 'camera-1' });
  expect(opened.since).toBe('before_first_look');
  expect(opened.evidence.map(({ name }) => name)).toEqual(['still.jpg', 'overlay.jpg']);
  expect(withClip).toMatchObject({ id: opened.id, revision: 2, event: 'updated' });
  for (const { name, sha256: hash } of withClip.evidence) {
    expect(sha256(gateway.evidence(name) as Buffer), name).toBe(hash);
  }

  const still = await pixelsOf(gateway.evidence('still.jpg') as Buffer);
  const overlay = await pixelsOf(gateway.evidence('overlay.jpg') as Buffer);
  expect([still.width, still.height, overlay.width, overlay.height]).toEqual([800, 448, 800, 448]);
  for (const picture of [still, overlay]) {
    expect(picture.at(100, 56), 'inside the mask').toBeLessThan(12);
    expect(picture.at(194, 106), 'just inside its corner').toBeLessThan(12);
    expect(picture.at(250, 180), 'outside').toBeGreaterThan(120);
  }
  const [x, y, width, height] = opened.box;
  const [left, right] = columnsThatDiffer(still, overlay, y + height / 2);
  expect(Math.abs(left - x * 800)).toBeLessThan(12);
  expect(Math.abs(right - (x + width) * 800)).toBeLessThan(12);

  const clip = join(folder, 'clip.mp4');
  await writeFile(clip, gateway.evidence('clip.mp4') as Buffer);
  const { stdout } = await run('ffprobe', [
    ...[
      '-v',
      'error',
      '-count_frames',
      '-show_entries',
      'stream=codec_name,nb_read_frames',
      '-of',
      'csv=p=0',
      clip,
    ],
  ]);
  const [codec, frames] = stdout.trim().split(',');
  expect(codec).toBe('h264');
  expect(Number(frames)).toBeGreaterThan(25);
  const first = join(folder, 'first.png');
  await run('ffmpeg', ['-v', 'error', '-i', clip, '-frames:v', '1', '-update', '1', first]);
  const { data, info } = await sharp(first).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect(data[Math.round(info.height * 0.1) * info.width + Math.round(info.width * 0.1)]).toBeLessThan(24);

  expect(box.lines.filter(({ msg }) => msg === 'detection verified')).toHaveLength(1);
  await box.agent.stop();
  expect(ffmpegChildren()).toBe(0);
});

test('after a restart the same pothole is known, and is not published again', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const model = await potholeModel();
  const before = await startBox(folder, gateway.url, { url: camera.url }, { model });
  const stored = await before.line('detection stored');
  await before.agent.stop();

  const after = await startBox(folder, gateway.url, { url: camera.url }, { model });
  const again = await after.line('known damage seen again');
  expect(again).toMatchObject({ camera: 'camera-1', detection: stored.detection });
  await after.agent.stop();
  expect(new Set(gateway.detections.map(({ id }) => id))).toEqual(new Set([stored.detection]));
  expect(after.lines.some(({ msg }) => msg === 'candidate')).toBe(false);
});

test('a field of potholes is published as one with its extent, what lies apart for itself, and both are known after a restart', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const folder = await temporaryFolder();
  const field = [
    [4, 22, 10, 25],
    [14, 22, 20, 25],
    [22, 26, 28, 29],
  ];
  const settings = { model: await potholesModel(...field, [50, 6, 56, 9]) };
  const before = await startBox(folder, gateway.url, { url: camera.url }, settings);
  await before.line('detection stored', 2);
  await before.agent.stop();
  const opened = gateway.detections.filter(({ event }) => event === 'opened');
  expect(opened).toHaveLength(2);
  const [apart, told] = opened.toSorted((a, b) => a.box[2] - b.box[2]) as [Detection, Detection];
  // Three holes, each of six pixels and four or two between them.
  expect(told.box[2] / apart.box[2]).toBeCloseTo(24 / 6, 1);
  expect(told.box[3] / apart.box[3]).toBeCloseTo(7 / 3, 1);

  const after = await startBox(folder, gateway.url, { url: camera.url }, settings);
  for (const nth of [1, 2, 3, 4]) await after.line('known damage seen again', nth);
  await after.agent.stop();
  expect(after.lines.some(({ msg }) => msg === 'candidate')).toBe(false);
});
