import type { NormalizedBox } from '@roadwatch/contract';
import { describe, expect, test } from 'vitest';
import { averagePrecision, matchPicture } from './average-precision.ts';
import { computeMetrics, type EvaluatedPicture, type PredictedBox } from './metrics.ts';

const left: NormalizedBox = [0, 0, 0.2, 0.2];
const right: NormalizedBox = [0.6, 0.6, 0.2, 0.2];
/** Shares half its area with `left`: IoU 1/3. */
const besideLeft: NormalizedBox = [0.1, 0, 0.2, 0.2];
const nowhere: NormalizedBox = [0.4, 0, 0.1, 0.1];

describe('matching, as COCO does it', () => {
  test('two boxes on one truth: the better one finds it, the other is false', () => {
    const { hits } = matchPicture(
      {
        predictions: [
          { score: 0.5, box: left },
          { score: 0.9, box: left },
        ],
        truths: [left],
      },
      0.5,
    );
    expect(hits).toEqual([
      { score: 0.9, hit: true },
      { score: 0.5, hit: false },
    ]);
  });

  test('a box takes the truth it covers best, even when a worse one comes first', () => {
    const { hits } = matchPicture(
      {
        predictions: [
          { score: 0.9, box: left },
          { score: 0.8, box: besideLeft },
        ],
        truths: [besideLeft, left],
      },
      0.3,
    );
    expect(hits.every((box) => box.hit)).toBe(true);
  });

  test('an overlap below the threshold finds nothing', () => {
    expect(
      matchPicture({ predictions: [{ score: 1, box: besideLeft }], truths: [left] }, 0.5).hits[0]?.hit,
    ).toBe(false);
    expect(
      matchPicture({ predictions: [{ score: 1, box: besideLeft }], truths: [left] }, 0.33).hits[0]?.hit,
    ).toBe(true);
  });
});

describe('average precision at 101 recalls, worked out by hand', () => {
  const cases: [string, { score: number; box: NormalizedBox }[], NormalizedBox[], number | null][] = [
    [
      'all found, nothing false',
      [
        { score: 0.9, box: left },
        { score: 0.8, box: right },
      ],
      [left, right],
      1,
    ],
    ['nothing predicted', [], [left], 0],
    ['nothing to find', [{ score: 0.9, box: left }], [], null],
    // Found, then false: precision 1 up to recall 0.5 (51 of 101 points), nothing beyond.
    [
      'one of two found, one false',
      [
        { score: 0.9, box: left },
        { score: 0.8, box: nowhere },
      ],
      [left, right],
      51 / 101,
    ],
    // False, found, found: precision 0, 1/2, 2/3; made monotone 2/3 at every recall.
    [
      'a false box first',
      [
        { score: 0.9, box: nowhere },
        { score: 0.8, box: left },
        { score: 0.7, box: right },
      ],
      [left, right],
      2 / 3,
    ],
    // Found, false, found: 1 up to recall 0.5, then 2/3.
    [
      'a false box between',
      [
        { score: 0.9, box: left },
        { score: 0.8, box: nowhere },
        { score: 0.7, box: right },
      ],
      [left, right],
      (51 + 50 * (2 / 3)) / 101,
    ],
  ];

  test.each(cases)('%s', (_name, predictions, truths, expected) => {
    const ap = averagePrecision([{ predictions, truths }], 0.5);
    if (expected === null) expect(ap).toBeNull();
    else expect(ap).toBeCloseTo(expected, 12);
  });

  test('scores are ranked over all pictures, matches stay in their own', () => {
    const pictures = [
      { predictions: [{ score: 0.9, box: right }], truths: [left] },
      { predictions: [{ score: 0.8, box: right }], truths: [right] },
    ];
    // False, found: precision 1/2 up to recall 0.5.
    expect(averagePrecision(pictures, 0.5)).toBeCloseTo((51 * 0.5) / 101, 12);
  });
});

describe('the figures of a whole data set', () => {
  const pothole = (box: NormalizedBox, score: number): PredictedBox => ({
    damageClass: 'pothole',
    box,
    score,
  });
  const crack = (box: NormalizedBox, score: number): PredictedBox => ({
    damageClass: 'transverse_crack',
    box,
    score,
  });
  const pictures: EvaluatedPicture[] = [
    {
      truths: [
        { damageClass: 'pothole', box: left },
        { damageClass: 'repair', box: right },
      ],
      deployed: [crack(left, 0.7)],
      all: [crack(left, 0.7), pothole(left, 0.3)],
    },
    {
      truths: [],
      deployed: [pothole(nowhere, 0.6), { damageClass: 'repair', box: right, score: 0.9 }],
      all: [pothole(nowhere, 0.6)],
    },
    { truths: [], deployed: [], all: [] },
  ];
  const metrics = computeMetrics(pictures, ['pothole', 'transverse_crack', 'repair']);

  test('a class without a truth is left out of the mean, one that was never found is in it', () => {
    // Pothole: false at 0.6, found at 0.3, precision 1/2 throughout. Repair: never predicted where it lies.
    expect(metrics.ap50).toEqual({ pothole: 0.5, transverse_crack: null, repair: 0 });
    expect(metrics.mAP50).toBeCloseTo(0.25);
    expect(metrics.mAP50_95).toBeCloseTo(0.25);
  });

  test('damage under another class’s name counts as found when classes do not matter', () => {
    expect(metrics.damageRecall).toEqual({ '0.3': 1, '0.5': 1 });
    expect(metrics.recall).toBe(0);
    expect(metrics.damageAp50).toBeCloseTo(1);
  });

  test('false boxes are counted on pictures without a label, and a repair is not one', () => {
    expect(metrics.emptyPictures).toBe(2);
    expect(metrics.falseBoxesPerEmptyPicture).toBe(0.5);
  });
});
