import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

/** Sends as much as may be under way over a line of that speed for so long. */
function over(pace: Pace, bytesPerSecond: number, seconds: number, roundTripMs = 50): void {
  const queue: { departure: ReturnType<Pace['sent']>; atMs: number }[] = [];
  let freeAtMs = 0;
  for (let now = 0; now < seconds * 1000; ) {
    while (queue.reduce((sum, { departure }) => sum + departure.bytes, 0) < pace.windowBytes) {
      const departure = pace.sent(pace.partBytes, now);
      freeAtMs = Math.max(freeAtMs, now) + (departure.bytes / bytesPerSecond) * 1000;
      queue.push({ departure, atMs: freeAtMs + roundTripMs });
    }
    const { departure, atMs } = queue.shift() as (typeof queue)[number];
    now = atMs;
    pace.arrived(departure, now);
  }
}

test.each([
  [2_000, 1_500, 3_000],
  [20_000, 15_000, 25_000],
  [125_000, 60_000, 65_536],
  [10_000_000, 65_536, 65_536],
])('a line of %i bytes a second gets parts that it carries in about a second', (rate, least, most) => {
  const pace = new Pace();
  expect(pace.bytesPerSecond).toBeNull();
  over(pace, rate, 60);
  expect(pace.partBytes).toBeGreaterThanOrEqual(least);
  expect(pace.partBytes).toBeLessThanOrEqual(most);
  expect(pace.windowBytes / rate).toBeLessThanOrEqual(3);
});

test('a line that becomes slower is noticed', () => {
  const pace = new Pace();
  over(pace, 1_000_000, 10);
  over(pace, 20_000, 120);
  expect(pace.bytesPerSecond).toBeLessThan(30_000);
});

test('small packets that are confirmed soon do not make a fast line look slow', () => {
  const pace = new Pace();
  over(pace, 1_000_000, 10);
  const before = pace.bytesPerSecond;
  for (let now = 0; now < 60_000; now += 1_000) pace.arrived(pace.sent(700, now), now + 50);
  expect(pace.bytesPerSecond).toBe(before);
});

test('after a line broke with something under way it begins small', () => {
  const pace = new Pace();
  over(pace, 1_000_000, 10);
  pace.lost();
  expect([pace.bytesPerSecond, pace.partBytes]).toEqual([null, 4_096]);
});

test('a line is poor once it was measured to be narrow, until it carries more; a few small packets say nothing', () => {
  const pace = new Pace();
  for (let now = 0; now < 10_000; now += 1_000) pace.arrived(pace.sent(700, now), now + 80);
  expect(pace.isPoor).toBe(false);
  over(pace, 20_000, 30);
  expect(pace.isPoor).toBe(true);
  // Nothing is known of the next connection yet.
  pace.lost();
  expect(pace.isPoor).toBe(true);
  over(pace, 1_000_000, 10);
  expect(pace.isPoor).toBe(false);
});
