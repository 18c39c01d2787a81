import { expect, test } from 'vitest';
import { LostStream } from './lost-stream.ts';

const UNREACHABLE = { kind: 'unreachable', reason: 'nobody answers' } as const;
const REFUSED = { kind: 'refused', reason: 'the login is wrong' } as const;

/** Milliseconds after the last of `times` failures, each at once, until it is tried again. */
function pauseAfter(fault: typeof UNREACHABLE | typeof REFUSED, times: number): number {
  const stream = new LostStream();
  for (let at = 0; at < times; at++) stream.lost(fault, 0, 0);
  let pause = 0;
  while (!stream.isDue(pause)) pause += 10;
  return pause;
}

test('one that may be back at any moment is tried again soon, however often it was not', () => {
  for (const times of [1, 5, 100]) {
    expect(pauseAfter(UNREACHABLE, times)).toBeGreaterThan(0);
    expect(pauseAfter(UNREACHABLE, times)).toBeLessThanOrEqual(2_500);
  }
});

test('a login that was refused is not tried again for minutes', () => {
  expect(pauseAfter(REFUSED, 1)).toBeGreaterThanOrEqual(240_000);
});

test('it says why it was lost until it has shown a picture', () => {
  const stream = new LostStream();
  expect([stream.fault, stream.isDue(0), stream.found()]).toEqual([null, true, false]);
  stream.lost(UNREACHABLE, 0, 0);
  expect([stream.fault, stream.isDue(0)]).toEqual([UNREACHABLE, false]);
  expect([stream.found(), stream.fault, stream.isDue(0)]).toEqual([true, null, true]);
});
