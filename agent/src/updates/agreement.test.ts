import type { NormalizedBox } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import { Agreement } from './agreement.ts';

const box = (at: NormalizedBox, damageClass: Box['damageClass'] = 'pothole'): Box => ({
  damageClass,
  alert: true,
  score: 0.9,
  box: at,
});
const LEFT: NormalizedBox = [0.1, 0.1, 0.2, 0.2];
const RIGHT: NormalizedBox = [0.6, 0.1, 0.2, 0.2];

const cases: readonly [what: string, running: Box[], beside: Box[], agreement: number | null][] = [
  ['nothing', [], [], null],
  ['the same', [box(LEFT), box(RIGHT)], [box(RIGHT), box(LEFT)], 1],
  ['the same but for a hair', [box(LEFT)], [box([0.11, 0.1, 0.2, 0.2])], 1],
  ['one of two', [box(LEFT), box(RIGHT)], [box(LEFT)], 0.5],
  ['another class at the place', [box(LEFT)], [box(LEFT, 'repair')], 0],
  ['another place', [box(LEFT)], [box(RIGHT)], 0],
  ['one place twice', [box(LEFT)], [box(LEFT), box(LEFT)], 0.5],
];
test.each(cases)('two models that say %s', (_, running, beside, agreement) => {
  const counted = new Agreement();
  counted.add({ boxes: running, elapsedMs: 10 }, { boxes: beside, elapsedMs: 25 });
  expect(counted.comparison).toEqual({
    frames: 1,
    boxes: running.length,
    newBoxes: beside.length,
    agreement,
    slowdown: 2.5,
  });
});
