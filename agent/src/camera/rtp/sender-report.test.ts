import { expect, test } from 'vitest';
import { senderClockMs } from './sender-report.ts';

function report(seconds: number, fraction = 0, type = 200): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.set([0x80, type]);
  bytes.writeUInt32BE(seconds, 8);
  bytes.writeUInt32BE(fraction, 12);
  return bytes;
}

test.each([
  // 2026-01-01T00:00:00.500Z
  ['a time of day', report(1_767_225_600 + 2_208_988_800, 2 ** 31), 1_767_225_600_500],
  ['how long it has been on', report(86_400), null],
  ['a receiver report', report(4_000_000_000, 0, 201), null],
  ['less than a report', report(4_000_000_000).subarray(0, 20), null],
])('what a camera says of its clock: %s', (_, bytes, expected) => {
  expect(senderClockMs(bytes)).toBe(expected);
});
