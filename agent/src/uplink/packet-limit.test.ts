import { expect, test } from 'vitest';
import { PacketLimit } from './packet-limit.ts';

const HOUR_MS = 3_600_000;

test('two connections in a row that end with a large packet under way say that it was too large', () => {
  const limit = new PacketLimit();
  limit.passed(4_000);
  expect(limit.dropped(65_000, false, 0)).toBeNull();
  expect(limit.bytes(0)).toBe(Number.POSITIVE_INFINITY);
  expect(limit.dropped(65_000, false, 0)).toBe(16_250);
  expect(limit.bytes(1)).toBe(16_250);
  expect(limit.bytes(HOUR_MS), 'tried again after an hour').toBe(Number.POSITIVE_INFINITY);
});

test('a broker that says so is believed at once', () => {
  const limit = new PacketLimit();
  expect(limit.dropped(40_000, true, 0)).toBe(10_000);
});

test('what has passed once is never suspected, nor is it gone below', () => {
  const limit = new PacketLimit();
  limit.passed(30_000);
  for (let drops = 0; drops < 10; drops++) expect(limit.dropped(30_000, false, 0)).toBeNull();
  limit.dropped(32_000, false, 0);
  expect(limit.dropped(32_000, false, 0)).toBe(30_000);
});

test('the least of what is configured, told and learnt holds', () => {
  const limit = new PacketLimit(50_000);
  expect(limit.bytes(0)).toBe(50_000);
  limit.told(20_000);
  expect(limit.bytes(0)).toBe(20_000);
  limit.told(undefined);
  expect(limit.bytes(0)).toBe(50_000);
});
