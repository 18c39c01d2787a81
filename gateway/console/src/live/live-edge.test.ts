import { describe, expect, test } from 'vitest';
import { nextPosition, type Ranges, trimmed } from './live-edge.ts';

const ranges = (...spans: [number, number][]): Ranges => ({
  length: spans.length,
  start: (index) => (spans[index] as [number, number])[0],
  end: (index) => (spans[index] as [number, number])[1],
});

describe('a live view keeps near the end of what has come', () => {
  test.each([
    ['nothing has come', ranges(), 0, { to: null, rate: 1 }],
    ['it begins with a keyframe of a while ago', ranges([0, 4]), 0, { to: 3.75, rate: 1 }],
    ['it begins later than the stream did', ranges([100, 100.1]), 0, { to: 100, rate: 1 }],
    ['it is near', ranges([0, 4]), 3.6, { to: null, rate: 1 }],
    ['it is a little late', ranges([0, 4]), 3, { to: null, rate: 1.1 }],
    ['it was hidden for a minute', ranges([0, 64]), 4, { to: 63.75, rate: 1 }],
    ['pictures were missed', ranges([0, 4], [6, 6.5]), 4, { to: 6.25, rate: 1 }],
  ] as const)('%s', (_name, buffered, now, wanted) => {
    expect(nextPosition(buffered, now)).toEqual(wanted);
  });

  test('what was seen is given back, but for the last seconds', () => {
    expect(trimmed(ranges())).toBeNull();
    expect(trimmed(ranges([0, 19]))).toBeNull();
    expect(trimmed(ranges([0, 5], [8, 30]))).toEqual({ from: 0, to: 20 });
  });
});
