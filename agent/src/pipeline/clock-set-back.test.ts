/** What the agent does when somebody puts the wall clock back by an hour: nothing waits for the time to come again. */

import { steadyMs, wallMs } from '@roadwatch/common';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cutStill } from '../evidence/still.ts';
import { CaptureClock } from '../ring/capture-clock.ts';
import type { Recording } from '../ring/segments.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

test('a picture that does not come to disk is given up after seconds, not after the hour', async () => {
  const clock = new CaptureClock();
  const ring = { between: () => [], holding: () => ({ file: '/nonexistent.ts' }) };
  const signal = new AbortController().signal;
  clock.observe(0, steadyMs());
  const cutting = cutStill({ ring, clock } as unknown as Recording, steadyMs(), [], signal);
  vi.setSystemTime(Date.now() - HOUR_MS);
  await expect(cutting).rejects.toThrow();
}, 20_000);

test('a moment keeps its place among others, and is said in the time that the clock shows now', () => {
  const clock = new CaptureClock();
  clock.observe(10, steadyMs());
  const before = clock.toWallMs(10) as number;
  vi.setSystemTime(Date.now() - HOUR_MS);
  clock.observe(11, steadyMs() + 1_000);
  expect(clock.toWallMs(11)).toBe(before + 1_000);
  expect(Math.abs(wallMs(before) - Date.now())).toBeLessThan(1_000);
});
