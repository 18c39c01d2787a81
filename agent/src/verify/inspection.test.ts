import type { NormalizedBox } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { Inspection } from './inspection.ts';
import type { PlaceSight } from './place-look.ts';

const place: NormalizedBox = [0.4, 0.6, 0.1, 0.06];
const damage: Box = { damageClass: 'pothole', alert: true, score: 0.7, box: place };
const elsewhere: Box = { ...damage, box: [0.1, 0.1, 0.1, 0.06] };
const repair: Box = { ...damage, damageClass: 'repair', alert: false };

const cases: [name: string, looks: readonly (readonly Box[] | PlaceSight)[], result: string][] = [
  ['a road seen whole passes', Array(20).fill([]), 'pass'],
  ['damage that is still there fails', Array(20).fill([damage]), 'fail'],
  ['a repair at the place passes', Array(20).fill([repair]), 'pass'],
  ['damage elsewhere is another matter', Array(20).fill([elsewhere]), 'pass'],
  ['a place that was hidden all the time proves nothing', Array(20).fill('unseen'), 'inconclusive'],
  [
    'a place that looks as it did when it was damaged proves nothing',
    Array(20).fill('as-damaged'),
    'inconclusive',
  ],
  ['what is seen between what hides it counts', [...Array(20).fill('unseen'), ...Array(5).fill([])], 'pass'],
  ['too few looks prove nothing', [[], []], 'inconclusive'],
  [
    'a box in one look of five proves nothing',
    Array(4)
      .fill([[damage], [], [], [], []])
      .flat(),
    'inconclusive',
  ],
];

test.each(cases)('%s', (_, looks, result) => {
  const inspection = new Inspection({ box: place, damageClass: 'pothole' });
  for (const [i, boxes] of looks.entries()) {
    if (typeof boxes === 'string') inspection.look([], i * 200, boxes);
    else inspection.look(boxes, i * 200, 'clear');
  }
  expect(inspection.result.result).toBe(result);
});
