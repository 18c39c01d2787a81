import type { Manifest } from '@roadwatch/models';
import { expect, test } from 'vitest';
import { OUTPUT_KINDS } from './output.ts';

const manifest = {
  input: { width: 32, height: 32 },
  classes: [
    { name: 'pothole', threshold: 0.5 },
    { name: 'repair', threshold: 0.4 },
  ],
  nmsIou: 0.5,
} as unknown as Manifest;
const thresholds = [0.5, 0.4];

/** YOLOv8's channel-first layout from one row an anchor. */
function channelFirst(rows: number[][]): Float32Array {
  return Float32Array.from(
    (rows[0] as number[]).flatMap((_, channel) => rows.map((row) => row[channel] as number)),
  );
}

test('YOLOv8: of two boxes of one class on the same place the better stays, another class stays too', () => {
  const rows = [
    [16, 16, 8, 8, 0.6, 0.1],
    [16, 16, 8, 9, 0.8, 0.1],
    [16, 16, 8, 8, 0.1, 0.45],
    [5, 5, 4, 4, 0.49, 0.39],
  ];
  const found = OUTPUT_KINDS.yolov8.decode(channelFirst(rows), [1, 6, 4], manifest, thresholds);
  expect(found.map((box) => [box.classIndex, Number(box.score.toFixed(2))])).toEqual([
    [0, 0.8],
    [1, 0.45],
  ]);
  expect(found[0]).toMatchObject({ x1: 12, y1: 11.5, x2: 20, y2: 20.5 });
});

test('YOLOX: offsets are counted from the cell of each stride', () => {
  const anchors = 4 * 4 + 2 * 2 + 1;
  const data = new Float32Array(anchors * 7);
  const secondCellOfStride16 = 16 + 1;
  data.set([0.5, 0.5, Math.log(2), 0, 0.9, 0.8, 0], secondCellOfStride16 * 7);
  const [box, ...others] = OUTPUT_KINDS.yolox.decode(data, [1, anchors, 7], manifest, thresholds);
  expect(others).toEqual([]);
  expect(box?.score).toBeCloseTo(0.72);
  expect([box?.x1, box?.y1, box?.x2, box?.y2].map((side) => Math.round(side as number))).toEqual([
    8, 0, 40, 16,
  ]);
});

test('end-to-end: padding, unknown classes and scores under the threshold are not boxes', () => {
  const rows = [
    [1, 2, 3, 4, 0.7, 0],
    [1, 2, 3, 4, 0.45, 0],
    [1, 2, 3, 4, 0.45, 1],
    [1, 2, 3, 4, 0.9, 7],
    [0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, Number.NaN, 0],
  ];
  const found = OUTPUT_KINDS.boxes.decode(Float32Array.from(rows.flat()), [1, 6, 6], manifest, thresholds);
  expect(found.map((box) => box.classIndex)).toEqual([0, 1]);
});

test('a dense output full of numbers that mean nothing gives no boxes', () => {
  const data = new Float32Array(6 * 10).fill(Number.NaN);
  expect(OUTPUT_KINDS.yolov8.decode(data, [1, 6, 10], manifest, thresholds)).toEqual([]);
});

test('a thousand anchors over the threshold are suppressed in bounded work', () => {
  const rows = Array.from({ length: 5000 }, (_, at) => [
    at % 32,
    (at * 7) % 32,
    3,
    3,
    0.5 + (at % 100) / 250,
    0,
  ]);
  const found = OUTPUT_KINDS.yolov8.decode(channelFirst(rows), [1, 6, 5000], manifest, thresholds);
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThanOrEqual(1000);
});
