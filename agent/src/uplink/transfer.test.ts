import { sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { addRange, firstGap, overlap, type Range, withoutRange } from './ranges.ts';
import { type Part, Transfer } from './transfer.ts';

const TIMEOUT_MS = 30_000;

function fileOf(bytes: number, fill?: number) {
  const payload = Buffer.from(Array.from({ length: bytes }, (_, at) => fill ?? (at * 7919) % 251));
  return { id: 1, topic: 'evidence', kind: 'clip', payload, sha256: sha256(payload) } as const;
}

const send = (transfer: Transfer, maxBytes: number): Part[] => {
  const parts: Part[] = [];
  for (let part = transfer.next(maxBytes); part !== null; part = transfer.next(maxBytes)) parts.push(part);
  return parts;
};
const hashOf = ({ payload }: Part): string => sha256(payload);

test('ranges are joined, taken out, and their gaps found', () => {
  const ranges = (
    [
      [0, 10],
      [20, 30],
      [10, 12],
      [40, 50],
    ] as Range[]
  ).reduce<Range[]>(addRange, []);
  expect(ranges).toEqual([
    [0, 12],
    [20, 30],
    [40, 50],
  ]);
  expect(firstGap(ranges, 60)).toEqual([12, 20]);
  expect(firstGap([[0, 60]], 60)).toBeNull();
  expect(firstGap([], 60)).toEqual([0, 60]);
  expect(withoutRange(ranges, [25, 45])).toEqual([
    [0, 12],
    [20, 25],
    [45, 50],
  ]);
  expect(overlap(ranges, [5, 45])).toBe(7 + 10 + 5);
});

test('a file goes in parts of the size of the moment, and is named with each', () => {
  const file = fileOf(10_000);
  const transfer = new Transfer(file, []);
  const first = transfer.next(4_000) as Part;
  expect([first.topic, first.payload.length]).toEqual([`evidence/${file.sha256}/0/10000`, 4_000]);
  expect(send(transfer, 2_000).map(({ range }) => range)).toEqual([
    [4_000, 6_000],
    [6_000, 8_000],
    [8_000, 10_000],
  ]);
  expect([transfer.isSent, transfer.leftBytes, transfer.underWayBytes]).toEqual([true, 10_000, 10_000]);
});

test('what is left of a gap laps over what is there, for no part may be smaller than the least', () => {
  const transfer = new Transfer(fileOf(10_000), [
    [0, 4_000],
    [4_500, 10_000],
  ]);
  expect(send(transfer, 64_000).map(({ range, again }) => [range, again])).toEqual([[[4_000, 5_024], 524]]);
});

test('only what has no answer is sent again: after a restart, after a broken line, and after a while', () => {
  const file = fileOf(6_000);
  const transfer = new Transfer(file, [[0, 2_000]]);
  const [second, third] = send(transfer, 2_000) as [Part, Part];
  expect(transfer.stored(hashOf(second))).toBe(true);
  expect(transfer.acknowledged).toEqual([[0, 4_000]]);
  transfer.reset();
  const [again] = send(transfer, 2_000) as [Part];
  expect([again.range, again.again]).toEqual([third.range, 2_000]);
  transfer.confirmed(again, 0);
  transfer.repeat(TIMEOUT_MS, TIMEOUT_MS - 1);
  expect([transfer.isSent, transfer.isUnanswered]).toEqual([true, false]);
  transfer.repeat(TIMEOUT_MS, TIMEOUT_MS);
  expect([transfer.isSent, transfer.isUnanswered]).toEqual([false, true]);
});

test('an answer of a connection before counts, and one for another file does not', () => {
  const transfer = new Transfer(fileOf(6_000), []);
  const [first] = send(transfer, 2_000) as [Part];
  transfer.reset();
  expect(transfer.stored(sha256('another'))).toBe(false);
  expect(transfer.stored(hashOf(first))).toBe(true);
  expect(transfer.acknowledged).toEqual([[0, 2_000]]);
});

test('of parts that look alike each needs an answer of its own', () => {
  const transfer = new Transfer(fileOf(6_000, 7), []);
  const [first] = send(transfer, 2_000) as [Part];
  for (const left of [4_000, 2_000, 0]) {
    expect(transfer.stored(hashOf(first))).toBe(true);
    expect(transfer.leftBytes).toBe(left);
  }
  expect(transfer.stored(hashOf(first))).toBe(false);
});

test('of a file that is whole without an answer the end is sent again, and then all of it', () => {
  const transfer = new Transfer(fileOf(6_000), []);
  for (const part of send(transfer, 2_000)) transfer.stored(hashOf(part));
  let now = 0;
  const sentNext = (waitMs: number): Range[] => {
    transfer.repeat(TIMEOUT_MS, now);
    now += waitMs;
    transfer.repeat(TIMEOUT_MS, now - 1);
    expect(transfer.isSent).toBe(true);
    transfer.repeat(TIMEOUT_MS, now);
    const parts = send(transfer, 2_000);
    for (const part of parts) transfer.stored(hashOf(part));
    return parts.map(({ range }) => range);
  };
  expect(sentNext(TIMEOUT_MS)).toEqual([[4_976, 6_000]]);
  expect(sentNext(2 * TIMEOUT_MS)).toEqual([[4_976, 6_000]]);
  expect(sentNext(4 * TIMEOUT_MS)).toEqual([
    [0, 2_000],
    [2_000, 4_000],
    [4_000, 6_000],
  ]);
});

test('a file is begun anew when a part or the file is refused, three times in all', () => {
  const file = fileOf(4_000);
  const transfer = new Transfer(file, []);
  for (const refused of ['part', 'file', 'part']) {
    expect(transfer.isHopeless).toBe(false);
    const [first, second] = send(transfer, 2_000) as [Part, Part];
    transfer.stored(hashOf(first));
    expect(transfer.refused(refused === 'file' ? file.sha256 : hashOf(second))).toBe(true);
    expect(transfer.acknowledged).toEqual([]);
  }
  expect(transfer.isHopeless).toBe(true);
  expect(transfer.refused(sha256('another'))).toBe(false);
});
