import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type TestModelOptions, writeTestModel } from '../../../tests/support/model.ts';
import { FramePool } from '../frame/pool.ts';
import { loadModel, ModelError } from './model.ts';
import { DetectorSession } from './session.ts';

const oneBox: TestModelOptions = {
  kind: 'boxes',
  outputShape: [1, 2, 6],
  answer: [16, 8, 48, 24, 0.9, 0, /* padding */ 0, 0, 0, 0, 0, 0],
};

async function start(
  options: TestModelOptions,
): Promise<{ session: DetectorSession; pool: FramePool; slot: number }> {
  const model = await loadModel(await writeTestModel(options));
  const pool = new FramePool(model.format, 2);
  const session = await DetectorSession.start(model, pool, { threads: 1 });
  onTestFinished(() => session.close());
  pool.acquire();
  return { session, pool, slot: pool.acquire() as number };
}

const whole = { width: 64, height: 32 };

describe('a frame goes to the model through shared memory', () => {
  test('a white frame shows the box, as fractions of the frame', async () => {
    const { session, pool, slot } = await start(oneBox);
    pool.pixels(slot).fill(255);
    const { boxes } = await session.run(slot, whole);
    expect(boxes).toEqual([
      { damageClass: 'pothole', alert: true, score: expect.closeTo(0.9), box: [0.25, 0.25, 0.5, 0.5] },
    ]);
  });

  test('a black frame shows nothing, and what is written into the slot later is seen', async () => {
    const { session, pool, slot } = await start(oneBox);
    pool.pixels(slot).fill(0);
    expect((await session.run(slot, whole)).boxes).toEqual([]);
    pool.pixels(slot).fill(255);
    expect((await session.run(slot, whole)).boxes).toHaveLength(1);
  });

  test('slots that are added later are seen like the first', async () => {
    const { session, pool } = await start(oneBox);
    pool.growTo(20);
    const slots = Array.from({ length: 18 }, () => pool.acquire() as number);
    expect(pool.acquire()).toBeNull();
    for (const slot of slots) pool.pixels(slot).fill(255);
    for (const slot of slots) expect((await session.run(slot, whole)).boxes).toHaveLength(1);
  });

  test('a box in a letterboxed picture is measured by the picture, not by its padding', async () => {
    const { session, pool, slot } = await start(oneBox);
    pool.pixels(slot).fill(255);
    const { boxes } = await session.run(slot, { width: 64, height: 24 });
    expect(boxes[0]?.box).toEqual([0.25, expect.closeTo(1 / 3), 0.5, expect.closeTo(2 / 3)]);
  });

  test.each([
    { channels: 'rgb', dtype: 'uint8' },
    { channels: 'bgr', dtype: 'float32' },
  ] as const)('a model that wants $dtype $channels gets it', async (input) => {
    const { session, pool, slot } = await start({ ...oneBox, ...input });
    pool.pixels(slot).fill(255);
    expect((await session.run(slot, whole)).boxes).toHaveLength(1);
  });
});

describe('a model folder that cannot be used is refused with a reason', () => {
  const cases: [string, TestModelOptions, string][] = [
    [
      'a field out of range',
      { ...oneBox, change: (manifest) => Object.assign(manifest, { nmsIou: 3 }) },
      'nmsIou: must be <= 1, got 3',
    ],
    [
      'an unknown class',
      {
        ...oneBox,
        change: (manifest) =>
          Object.assign(manifest, { classes: [{ name: 'cat', code: 'x', alert: true, threshold: 0.5 }] }),
      },
      'classes/0/name',
    ],
    [
      'an input that the model does not have',
      { ...oneBox, change: (manifest) => Object.assign(manifest.input as object, { name: 'data' }) },
      'the model has no input "data", it has images',
    ],
    [
      'another input size',
      { ...oneBox, change: (manifest) => Object.assign(manifest.input as object, { width: 128 }) },
      'the manifest says [1,3,32,128], the model takes [1,3,32,64]',
    ],
    [
      'another input type',
      { ...oneBox, change: (manifest) => Object.assign(manifest.input as object, { dtype: 'float32' }) },
      'the manifest says float32, the model takes uint8',
    ],
    [
      'an output that is not there',
      { ...oneBox, change: (manifest) => Object.assign(manifest.output as object, { names: ['boxes'] }) },
      'no output "boxes", it has found',
    ],
    ['another output kind', { ...oneBox, kind: 'yolov8' }, 'expected [1,6,A]'],
    [
      'a hash of another file',
      { ...oneBox, change: (manifest) => Object.assign(manifest, { sha256: '0'.repeat(64) }) },
      'damaged or exchanged',
    ],
  ];

  test.each(cases)('%s', async (_name, options, reason) => {
    const failure = await start(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelError);
    expect((failure as Error).message).toContain(reason);
  });

  test('a truncated file that its manifest vouches for', async () => {
    const folder = await writeTestModel(oneBox);
    const whole = await readFile(join(folder, 'model.onnx'));
    const half = whole.subarray(0, whole.length / 2);
    await writeFile(join(folder, 'model.onnx'), half);
    const { sha256 } = await import('@roadwatch/contract');
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, sha256: sha256(half) }));
    const model = await loadModel(folder);
    const starting = DetectorSession.start(model, new FramePool(model.format, 1), { threads: 1 });
    await expect(starting).rejects.toThrow(ModelError);
  });

  test('a manifest that is not JSON', async () => {
    const folder = await writeTestModel(oneBox);
    await writeFile(join(folder, 'manifest.json'), '{');
    await expect(loadModel(folder)).rejects.toThrow(/manifest.json: not valid JSON/);
  });
});
