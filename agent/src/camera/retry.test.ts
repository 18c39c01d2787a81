import { describe, expect, test } from 'vitest';
import type { FaultKind } from './faults.ts';
import { pauseMs } from './retry.ts';

const failed = (kind: FaultKind, change: object = {}): readonly number[] =>
  [0, 0.999].map((random) =>
    pauseMs(
      { kind, reason: '' },
      { ...{ count: 1, refusals: 0, hasStreamed: true, triedMs: 0 }, ...change },
      random,
    ),
  );

describe('a camera that has failed is asked again', () => {
  test.each<FaultKind>(['ended', 'stalled', 'unreachable', 'busy'])('at once when it is %s', (kind) => {
    for (const ms of failed(kind)) expect(ms).toBeLessThanOrEqual(500);
  });

  test.each<FaultKind>(['ended', 'stalled', 'unreachable', 'busy', 'not-found', 'not-video'])(
    'within 2.5 s when it is %s, however long it has been away, for it may be back',
    (kind) => {
      for (const ms of failed(kind, { count: 100_000 })) expect(ms).toBeLessThanOrEqual(2_500);
    },
  );

  test.each<FaultKind>(['not-found', 'not-video', 'transport', 'ring', 'disk', 'internal'])(
    'more and more rarely when it is %s from the beginning, which somebody has to mend',
    (kind) => {
      const [least, most] = failed(kind, { count: 10, hasStreamed: false });
      expect(least).toBe(15_000);
      expect(most).toBeLessThanOrEqual(30_000);
    },
  );

  test.each<FaultKind>(['refused', 'redirect'])('after minutes when it is %s', (kind) => {
    for (const ms of failed(kind, { refusals: 1 })) expect(ms).toBeGreaterThanOrEqual(300_000);
  });

  test('right away when the last try has taken as long as the pause', () => {
    expect(failed('unreachable', { count: 10, triedMs: 3_000 })).toEqual([250, 250]);
  });
});
