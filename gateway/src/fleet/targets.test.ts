import { expect, test } from 'vitest';
import { formatAgentName } from '../cameras/source.ts';
import { matching } from './targets.ts';

const BOXES = [
  { site: 'binjiang', agent: 'edge-1' },
  { site: 'binjiang', agent: 'edge-12' },
  { site: 'binjiang-2', agent: 'edge-1' },
  { site: 'xiaoshan', agent: 'roof' },
];

test.each([
  [['*/*'], ['binjiang/edge-1', 'binjiang/edge-12', 'binjiang-2/edge-1', 'xiaoshan/roof']],
  [['binjiang/*'], ['binjiang/edge-1', 'binjiang/edge-12']],
  [['*/edge-1'], ['binjiang/edge-1', 'binjiang-2/edge-1']],
  [
    ['binjiang*/edge-1', 'binjiang/edge-1'],
    ['binjiang/edge-1', 'binjiang-2/edge-1'],
  ],
  [['xiaoshan/r*f'], ['xiaoshan/roof']],
  [['nowhere/*'], []],
])('%j names %j', (patterns, names) => {
  expect(matching(BOXES, patterns).map(formatAgentName)).toEqual(names);
});
