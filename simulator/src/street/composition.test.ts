import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../sources/open.ts';
import type { CameraSource } from '../sources/source.ts';
import type { DamageTruth } from './frame.ts';

const run = promisify(execFile);
const [WIDTH, HEIGHT, FPS] = [320, 180, 5];
/** Grey levels of the made road, and of the lorry that crosses it from second 2 to second 4. */
const [ROAD, LORRY] = [120, 220];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'composition-'));
  const grey = (level: number): string => `0x${level.toString(16).repeat(3)}`;
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `color=${grey(ROAD)}:size=${WIDTH}x${HEIGHT}:rate=${FPS}:duration=8`,
    '-f', 'lavfi', '-i', `color=${grey(LORRY)}:size=120x180:rate=${FPS}:duration=8`,
    '-filter_complex', "[0]noise=alls=3:allf=t[road];[road][1]overlay=x='-120+(t-2)*220':y=0:enable='between(t,2,4)'",
    '-c:v', 'libx264', '-crf', '16', '-pix_fmt', 'yuv420p', join(folder, 'road.mp4')]);
  // A photograph: grey road with a dark hole in it.
  // biome-ignore format: one option with its value at a time
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=0xa0a0a0:size=200x150', '-vf',
    "geq=lum='if(lt(hypot((X-100)/50,(Y-75)/30),1),30,160)':cb=128:cr=128", '-frames:v', '1', join(folder, 'hole.png')]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(damage: string, video = '', rest = ''): Promise<CameraSource> {
  const file = join(folder, 'scenario.yaml');
  await writeFile(
    file,
    `name: composed
description: damage in footage
seed: 3
seconds: 24
background: { video: road.mp4 }
view: { cameraHeight: 6, cameraX: 0, pitch: 40, yaw: 0, fieldOfView: 60 }
video: { width: ${WIDTH}, height: ${HEIGHT}, fps: ${FPS}, gopSeconds: 1${video} }
${rest}
damage: [${damage}]
`,
  );
  const options = { encoder: {}, seed: 1, cacheDir: null, signal: new AbortController().signal };
  const [source] = await openSource(file, options);
  return source as CameraSource;
}

/** The grey levels of what the camera shows at a second. */
async function pictureAt(source: CameraSource, second: number): Promise<Buffer> {
  const reader = source.timeline.readFrom(second * 90_000);
  const units = [];
  for (;;) {
    const { unit, pts } = reader.next();
    units.push(unit);
    if (pts >= second * 90_000 - 1) break;
  }
  const startCode = Buffer.from([0, 0, 0, 1]);
  const stream = Buffer.concat(units.flatMap(({ nals }) => nals.flatMap((nal) => [startCode, nal])));
  const file = join(folder, 'picture.h264');
  await writeFile(file, stream);
  // biome-ignore format: one option with its value at a time
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  return stdout.subarray(-WIDTH * HEIGHT);
}

/** Mean grey level in the middle half of a box. */
function greyIn(picture: Buffer, [x, y, width, height]: DamageTruth['box']): number {
  let sum = 0;
  let count = 0;
  for (let py = Math.round((y + height / 4) * HEIGHT); py < (y + (height * 3) / 4) * HEIGHT; py++) {
    for (let px = Math.round((x + width / 4) * WIDTH); px < (x + (width * 3) / 4) * WIDTH; px++) {
      sum += picture[py * WIDTH + px] as number;
      count++;
    }
  }
  return sum / count;
}

const AREA = ([, , width, height]: DamageTruth['box']): number => width * height;

describe('damage in footage', () => {
  test('appears, grows, is hidden by what passes, and is patched: as the truth says', async () => {
    const source = await open(
      '{ id: hole, kind: pothole, at: 4, growSeconds: 4, repairedAt: 16, x: 0.5, z: 8, size: 1.4 }',
    );
    const truth = (second: number): DamageTruth => source.truthAt?.(second)[0] as DamageTruth;
    expect(source.truthAt?.(3)).toEqual([]);
    expect(AREA(truth(4.2).box)).toBeLessThan(AREA(truth(9).box) / 3);
    const { box } = truth(9);
    expect(truth(9)).toMatchObject({ id: 'hole', kind: 'pothole', visibility: 1 });
    expect(greyIn(await pictureAt(source, 3.6), box)).toBeGreaterThan(ROAD - 8);
    expect(greyIn(await pictureAt(source, 9), box)).toBeLessThan(ROAD - 25);
    // The footage begins again every 8 s: the lorry is back from second 10 to 12, and over the hole in between.
    const hidden = Array.from({ length: 10 }, (_, i) => 10 + i / FPS).find(
      (second) => truth(second).visibility === 0,
    );
    expect(hidden).toBeDefined();
    expect(greyIn(await pictureAt(source, hidden as number), box)).toBeGreaterThan(LORRY - 15);
    expect(source.truthAt?.(17).map(({ id, kind }) => [id, kind])).toEqual([['hole-repair', 'repair']]);
    expect(greyIn(await pictureAt(source, 17.6), box)).toBeGreaterThan(
      greyIn(await pictureAt(source, 9), box) + 5,
    );
  });

  test('can be cut out of a photograph, lies where the truth says, and takes the tone of the road', async () => {
    const source = await open(
      '{ kind: pothole, at: 0, x: 0, z: 8, cutout: { picture: hole.png, box: [50, 45, 100, 60], metres: [2, 2] } }',
    );
    const truth = source.truthAt?.(1)[0] as DamageTruth;
    const [x, y, width, height] = truth.box;
    // In the middle of the road ahead, wider than high in perspective.
    expect(x + width / 2).toBeCloseTo(0.5, 1);
    expect(width * WIDTH).toBeGreaterThan(height * HEIGHT);
    const picture = await pictureAt(source, 1);
    // The hole is about a fifth as bright as its own road; so it is on this one.
    expect(greyIn(picture, truth.box)).toBeLessThan(ROAD / 3);
    const beside: DamageTruth['box'] = [x + width * 1.6, y, width * 0.5, height];
    expect(Math.abs(greyIn(picture, beside) - ROAD)).toBeLessThan(6);
  });

  test('is sent with the codec, the sub-stream and the clock that the scenario names', async () => {
    const video = ', codec: h265, subStream: { width: 160, height: 90, bitrateKbps: 100 }';
    const source = await open('{ kind: pothole, at: 4, x: 0, z: 8 }', video, 'clockOffsetMs: -1500');
    expect(source.clockOffsetMs).toBe(-1500);
    expect(source.timeline.firstClip).toMatchObject({ codec: 'h265', width: WIDTH, height: HEIGHT });
    expect(source.sub?.firstClip).toMatchObject({ codec: 'h265', width: 160, height: 90 });
  });

  test.each([
    ['a photograph that is not there', 'picture: none.png', /none\.png: no such file/],
    [
      'a box beyond the photograph',
      'picture: hole.png, box: [150, 45, 100, 60]',
      /hole\.png: the box 150,45 100x60 does not lie in the picture \(200x150\)/,
    ],
    ['a photograph that is none', 'picture: scenario.yaml', /scenario\.yaml: not readable/],
  ])('%s is refused by name', async (_, cutout, reason) => {
    await expect(
      open(`{ kind: pothole, at: 0, x: 0, z: 8, cutout: { ${cutout}, metres: [2, 2] } }`),
    ).rejects.toThrow(reason);
  });
});
