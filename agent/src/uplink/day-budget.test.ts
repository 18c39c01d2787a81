import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testDayBudget } from '../../testing/day-budget.ts';

const NOON = Date.parse('2026-11-27T12:00:00Z');
const DAY_MS = 86_400_000;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'roadwatch-day-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('as a day’s bytes go, live views stop first, then clips, then pictures, and a new day has all of them again', () => {
  const clock = { ms: NOON, nowMs: () => clock.ms, isTold: true };
  const budget = testDayBudget(folder(), 1_000_000, clock);
  const allowed = (): readonly string[] =>
    (['live', 'clip', 'picture'] as const).filter((kind) => budget.allows(kind));
  const seen = [0, 600_000, 200_000, 200_000].map((bytes) => {
    budget.sent(bytes);
    return allowed();
  });
  expect(seen).toEqual([['live', 'clip', 'picture'], ['clip', 'picture'], ['picture'], []]);
  clock.ms = Date.parse('2026-11-28T00:00:00Z');
  expect([budget.bytes, allowed()]).toEqual([0, ['live', 'clip', 'picture']]);
  budget.sent(900_000);
  // Another budget counts at once, and without one nothing waits.
  budget.bytesPerDay = 2_000_000;
  expect(allowed()).toEqual(['live', 'clip', 'picture']);
  budget.bytesPerDay = 900_000;
  expect(allowed()).toEqual([]);
  budget.bytesPerDay = null;
  expect(allowed()).toEqual(['live', 'clip', 'picture']);
});

test('what has gone is known after a restart, and after a power cut but for a small part of it', () => {
  const dataDir = folder();
  const clock = { nowMs: () => NOON, isTold: true };
  const first = testDayBudget(dataDir, 100_000_000, clock);
  first.sent(3_000_000);
  first.sent(1_000);
  expect(testDayBudget(dataDir, 100_000_000, clock).bytes, 'cut off').toBe(3_000_000);
  first.save();
  expect(testDayBudget(dataDir, 100_000_000, clock).bytes, 'ended').toBe(3_001_000);
  const tomorrow = { nowMs: () => NOON + DAY_MS, isTold: true };
  expect(testDayBudget(dataDir, 100_000_000, tomorrow).bytes, 'the next day').toBe(0);
});

test('the disk is written a bounded number of times a day, however small the messages are', () => {
  const dataDir = folder();
  const budget = testDayBudget(dataDir, 200_000_000, { nowMs: () => NOON, isTold: true });
  const file = join(dataDir, 'uplink-day.json');
  const texts = new Set<string>();
  for (let sent = 0; sent < 200_000_000; sent += 20_000) {
    budget.sent(20_000);
    texts.add(existsSync(file) ? readFileSync(file, 'utf8') : '');
  }
  expect(texts.size).toBeGreaterThan(200);
  expect(texts.size).toBeLessThan(300);
});

test('a box whose clock is not set yet goes on with the day that it was', () => {
  const dataDir = folder();
  const before = testDayBudget(dataDir, 10_000_000, { nowMs: () => NOON, isTold: true });
  before.sent(5_000_000);
  before.save();
  const clock = { ms: 0, nowMs: () => clock.ms, isTold: false };
  const after = testDayBudget(dataDir, 10_000_000, clock);
  after.sent(1_000);
  expect(after.bytes).toBe(5_001_000);
  Object.assign(clock, { ms: NOON, isTold: true });
  expect(after.bytes).toBe(5_001_000);
  clock.ms = NOON - DAY_MS;
  expect(after.bytes, 'by the gateway’s clock it is another day').toBe(0);
});

test('a count that cannot be read is begun anew', () => {
  const dataDir = folder();
  writeFileSync(join(dataDir, 'uplink-day.json'), '{"date":"today","bytes":-1}');
  expect(testDayBudget(dataDir, 1_000).bytes).toBe(0);
});
