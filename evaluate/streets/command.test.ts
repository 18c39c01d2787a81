import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { potholeModel, streetPicture } from '../../tests/agent/support/agent-box.ts';
import { temporaryFolder } from '../../tests/support/temp.ts';
import { playStreets } from './play.ts';
import { countRawBoxes } from './raw.ts';
import { writeStreetsReport } from './report.ts';
import { readStreets } from './streets.ts';
import { summarizeStreets } from './summary.ts';

const run = promisify(execFile);
const CLI = resolve(import.meta.dirname, '../cli.ts');

function streets(...args: string[]): Promise<unknown> {
  return run(process.execPath, [CLI, 'streets', ...args]);
}

/** A clip of three seconds with much noise, so that its pictures are large, and two pictures of one camera. */
async function streetData(): Promise<string> {
  const data = await temporaryFolder();
  const images = join(data, 'street-frames', 'images');
  await mkdir(join(data, 'street-video'));
  await mkdir(images, { recursive: true });
  const picture = await streetPicture(1280, 768);
  const clip = join(data, 'street-video', 'bridge.mp4');
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-loop', '1', '-framerate', '10', '-t', '3', '-i', picture, '-vf', 'noise=alls=40:allf=t',
    '-crf', '10', '-pix_fmt', 'yuv420p', '-g', '10', clip]);
  await copyFile(picture, join(images, 'crossing_9.png'));
  await copyFile(picture, join(images, 'crossing_10.png'));
  await writeFile(join(images, 'notes.txt'), 'no picture');
  return data;
}

test('a folder without a street is refused in one line that says what was expected', async () => {
  const folder = await temporaryFolder();
  await expect(streets('--data', folder)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      new RegExp(`^evaluate: ${folder}: no street in it; expected clips .* in street-video/, .*--data\n$`),
    ),
  });
});

test('a clip that is no video is refused by its name, before anything is played', async () => {
  const data = await temporaryFolder();
  await mkdir(join(data, 'street-video'));
  await writeFile(join(data, 'street-video', 'bad.mp4'), 'no video');
  await expect(streets('--data', data)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^evaluate: .*bad\.mp4: not readable as video.*\n$/),
  });
});

test('a clip is a camera, and so are the pictures that share a name before their number, in its order', async () => {
  const data = await streetData();
  expect(await readStreets(data)).toEqual([
    { name: 'bridge', kind: 'clip', files: [join(data, 'street-video', 'bridge.mp4')] },
    {
      name: 'crossing',
      kind: 'pictures',
      files: ['crossing_9.png', 'crossing_10.png'].map((name) => join(data, 'street-frames', 'images', name)),
    },
  ]);
});

test('what a model imagines on a street is counted by frame and after verification, and shown', async () => {
  const [clip, pictures] = await readStreets(await streetData());
  if (clip === undefined || pictures === undefined) throw new Error('two streets');
  const model = await potholeModel();
  const raw = await countRawBoxes([clip, pictures], model);
  expect(raw).toEqual([
    { frames: 3, boxes: 3 },
    { frames: 2, boxes: 2 },
  ]);

  const found = new AbortController();
  const seen = new Set<string>();
  const played = await playStreets(
    [clip, pictures],
    { model, farPass: false },
    {
      seconds: 600,
      signal: found.signal,
      onDetection: ({ camera }) => {
        if (seen.add(camera).size === 2) found.abort();
      },
    },
  );
  expect(played.map(({ name, falseAlarms }) => [name, falseAlarms.length])).toEqual([
    ['bridge', 1],
    ['crossing', 1],
  ]);

  const dir = join(await temporaryFolder(), 'report');
  const summary = summarizeStreets(played, raw);
  const page = await writeStreetsReport(dir, { model: 'test-model-1', data: 'data' }, summary, played);
  const { falseAlarms } = JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as {
    falseAlarms: { street: string; damageClass: string; picture: string }[];
  };
  expect(falseAlarms).toMatchObject([
    { street: 'bridge', damageClass: 'pothole', picture: 'bridge-1.jpg' },
    { street: 'crossing', damageClass: 'pothole', picture: 'crossing-1.jpg' },
  ]);
  expect(await readFile(page, 'utf8')).toContain('![bridge: pothole](bridge-1.jpg)');
  for (const { picture } of falseAlarms) {
    expect(await sharp(join(dir, picture)).metadata()).toMatchObject({ width: 1280, height: 768 });
  }
  // More than an agent sends in one message.
  expect((await stat(join(dir, 'bridge-1.jpg'))).size).toBeGreaterThan(64 * 1024);
}, 120_000);
