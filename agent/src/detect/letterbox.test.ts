import { execFileSync } from 'node:child_process';
import type { Manifest } from '@roadwatch/models';
import { expect, test } from 'vitest';
import { contentSize, fitFilters, toFrame } from './letterbox.ts';

const input = { width: 640, height: 384, resize: 'letterbox', pad: 114 } as Manifest['input'];

test.each([
  [1920, 1080],
  [512, 512],
  [1279, 719],
  [333, 1000],
  [100, 7],
])('ffmpeg fits a %i x %i picture into the size that the boxes are measured by', (width, height) => {
  const white = ['-f', 'lavfi', '-i', `color=white:s=${width}x${height},format=rgb24`, '-frames:v', '1'];
  const pixels = execFileSync(
    'ffmpeg',
    ['-v', 'error', ...white, '-vf', fitFilters(input), '-f', 'rawvideo', 'pipe:1'],
    { maxBuffer: 1e7 },
  );
  const content = contentSize({ width, height }, input);
  const green = pixels.subarray(0, 640 * 384);
  const firstRow = [...green.subarray(0, 640)];
  const firstColumn = Array.from({ length: 384 }, (_, y) => green[y * 640] as number);
  expect(pixels.length).toBe(3 * 640 * 384);
  expect(firstRow.filter((value) => value > 200).length).toBe(content.width);
  expect(firstColumn.filter((value) => value > 200).length).toBe(content.height);
  if (content.width < 640) expect(firstRow.at(-1)).toBe(114);
});

test('a box that reaches into the padding ends at the edge of the picture; one that lies in it is none', () => {
  const content = { width: 640, height: 320 };
  expect(toFrame({ x1: 0, y1: 160, x2: 320, y2: 384, score: 1, classIndex: 0 }, content)).toEqual([
    0, 0.5, 0.5, 0.5,
  ]);
  expect(toFrame({ x1: 0, y1: 330, x2: 320, y2: 384, score: 1, classIndex: 0 }, content)).toBeNull();
});
