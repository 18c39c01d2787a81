import { expect, test } from 'vitest';
import { Copies } from './copies.ts';

test('a copy holds what it was made of, in room that was given back, and never in room that is still read', () => {
  const copies = new Copies();
  const first = copies.copyOf(Buffer.alloc(200_000, 1));
  const second = copies.copyOf(Buffer.alloc(200_000, 2));
  copies.release(first);
  const third = copies.copyOf(Buffer.alloc(150_000, 3));
  expect(third.buffer).toBe(first.buffer);
  expect([third.length, third.every((byte) => byte === 3)]).toEqual([150_000, true]);
  expect([second.length, second.every((byte) => byte === 2)]).toEqual([200_000, true]);
});

test('room that is much too large stays for what needs it, and no more than 8 MiB is kept', () => {
  const copies = new Copies();
  const large = copies.copyOf(Buffer.alloc(5_000_000));
  const other = copies.copyOf(Buffer.alloc(5_000_000));
  copies.release(large);
  copies.release(other);
  expect(copies.copyOf(Buffer.alloc(1_000)).buffer).not.toBe(large.buffer);
  expect(copies.copyOf(Buffer.alloc(5_000_000)).buffer).toBe(large.buffer);
  expect(copies.copyOf(Buffer.alloc(5_000_000)).buffer).not.toBe(other.buffer);
});
