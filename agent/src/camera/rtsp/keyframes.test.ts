import { expect, test } from 'vitest';
import { beginsKeyframe } from './keyframes.ts';

/** An RTP packet with this payload; `extra`: bytes of CSRC and extension before it, as `flags` tells. */
function packet(payload: readonly number[], flags = 0x80, extra: readonly number[] = []): Buffer {
  return Buffer.from([0, 0, flags, 96, ...new Array<number>(10).fill(0), ...extra, ...payload, 0, 0]);
}

test.each([
  ['H264', 'a keyframe', [0x65, 1, 2], true],
  ['H264', 'parameters', [0x67, 1, 2], true],
  ['H264', 'another picture', [0x41, 1, 2], false],
  ['H264', 'the start of a keyframe in parts', [0x7c, 0x85, 1], true],
  ['H264', 'the middle of a keyframe in parts', [0x7c, 0x05, 1], false],
  ['H264', 'parameters in an aggregation', [0x78, 0, 9, 0x67], true],
  ['H265', 'a keyframe', [0x26, 1, 2], true],
  ['H265', 'parameters', [0x40, 1, 2], true],
  ['H265', 'another picture', [0x02, 1, 2], false],
  ['H265', 'the start of a keyframe in parts', [0x62, 1, 0x93], true],
  ['H265', 'the middle of a keyframe in parts', [0x62, 1, 0x13], false],
  ['JPEG', 'the first part of a picture', [0, 0, 0, 0], true],
  ['JPEG', 'another part', [0, 0, 5, 0], false],
  ['MP4V-ES', 'a picture coded by itself', [0, 0, 1, 0xb6, 0x10], true],
  ['MP4V-ES', 'a picture that refers to others', [0, 0, 1, 0xb6, 0x50], false],
] as const)('%s: %s', (codec, _, payload, is) => {
  expect(beginsKeyframe(codec, packet(payload), 2)).toBe(is);
  const extension = [0xbe, 0xde, 0, 1, 9, 9, 9, 9];
  expect(beginsKeyframe(codec, packet(payload, 0x91, [1, 1, 1, 1, ...extension]), 2)).toBe(is);
});

test('a packet that ends before its payload is none', () => {
  expect(beginsKeyframe('H264', Buffer.from([0x80, 96, 0]), 0)).toBe(false);
  expect(beginsKeyframe('H265', Buffer.from([0x9f, 96, ...new Array<number>(10).fill(0)]), 0)).toBe(false);
});
