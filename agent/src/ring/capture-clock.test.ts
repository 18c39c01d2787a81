import { expect, test } from 'vitest';
import { CaptureClock } from './capture-clock.ts';

const BEGAN_MS = 1_750_000_000_000;

test('a frame is dated by the arrival that was delayed least, not by its own', () => {
  const clock = new CaptureClock();
  const delays = [120, 40, 300, 75, 900];
  for (const [i, delay] of delays.entries()) clock.observe(i * 2, BEGAN_MS + i * 2_000 + delay);
  expect(clock.toWallMs(8)).toBe(BEGAN_MS + 8_000 + 40);
  expect(clock.toPtsSeconds(BEGAN_MS + 8_040)).toBeCloseTo(8, 3);
});

test('it knows nothing before the first frame', () => {
  const clock = new CaptureClock();
  expect([clock.toWallMs(1), clock.toPtsSeconds(BEGAN_MS)]).toEqual([null, null]);
});

test('it follows a camera whose clock drifts', () => {
  const clock = new CaptureClock();
  // 200 ppm slow: after an hour the stream is 720 ms behind.
  for (let s = 0; s <= 3_600; s += 2) clock.observe(s * (1 - 200e-6), BEGAN_MS + s * 1_000 + 50);
  const error = (clock.toWallMs(3_600 * (1 - 200e-6)) as number) - (BEGAN_MS + 3_600_000 + 50);
  expect(Math.abs(error)).toBeLessThan(20);
});

test.each([
  ['26.5 hours ahead', 95_400],
  ['back', -3_600],
])('a stream whose time jumps %s is dated anew at once', (_, jumpSeconds) => {
  const clock = new CaptureClock();
  for (let s = 0; s < 20; s += 2) clock.observe(s, BEGAN_MS + s * 1_000 + 50);
  clock.observe(20 + jumpSeconds, BEGAN_MS + 20_050);
  expect(clock.toWallMs(20 + jumpSeconds)).toBe(BEGAN_MS + 20_050);
});
