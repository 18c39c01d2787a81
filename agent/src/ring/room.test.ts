import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { RingRoom } from './room.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Minutes after which a disk that took nothing of all cameras at once is tried again. */
function triedAgainAfter(room: RingRoom, cameras: number): number {
  for (let camera = 0; camera < cameras; camera++) room.refuse('Disk quota exceeded');
  for (let minutes = 0; ; minutes++) {
    if (room.problem === null) return minutes;
    vi.advanceTimersByTime(60_000);
  }
}

test('a disk that takes nothing is tried again after a minute, however many cameras it refused, then after twice as long', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const dir = mkdtempSync(join(tmpdir(), 'roadwatch-room-'));
  const room = new RingRoom({ dir, cameras: 8, maxBytes: 2 ** 20 });
  expect(triedAgainAfter(room, 8)).toBe(1);
  expect(triedAgainAfter(room, 8)).toBe(2);
  expect(triedAgainAfter(room, 8)).toBe(4);
  vi.advanceTimersByTime(2 * 3_600_000);
  expect(triedAgainAfter(room, 8)).toBe(1);
  rmSync(dir, { recursive: true });
});
