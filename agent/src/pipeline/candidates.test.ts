import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import type { EvidenceMaker } from '../evidence/evidence.ts';
import { LumaGrid } from '../gate/luma.ts';
import { UsualLook } from '../gate/usual-look.ts';
import { Candidates } from './candidates.ts';
import { PreparedEvidence } from './prepared-evidence.ts';

const SIZE = { width: 640, height: 360 };
const PLACE = [0.4, 0.5, 0.2, 0.2] as const;
const ROAD = 100;
const HOLE = 60;
const CAR = 30;
const rules = {
  minSeconds: 4,
  minLooks: 6,
  minSeenRatio: 0.6,
  minScore: 0,
  burstSeconds: 10,
  burstFps: 3,
  clearAfterMinutes: 5,
};

/** What the camera shows at the place, and whether the model calls it a pothole. */
interface Shown {
  readonly tone: number;
  readonly found: boolean;
}

/** Looks every two seconds for ten minutes; after how many seconds something was verified, and how often it was seen. */
function watch(street: (seconds: number) => Shown, light: (seconds: number) => number = () => 0) {
  const grid = new LumaGrid(SIZE);
  const usual = new UsualLook();
  const evidence = new PreparedEvidence({} as EvidenceMaker, () => null);
  const candidates = new Candidates(
    { camera: 'camera-1', rules, evidence, onBegun: () => {}, onPromising: () => {} },
    pino({ enabled: false }),
  );
  for (let seconds = 0; seconds < 600; seconds += 2) {
    const { tone, found } = street(seconds);
    paint(grid, tone, light(seconds));
    const atMs = seconds * 1000;
    usual.learn(grid, atMs);
    const box: Box = { box: PLACE, score: 0.7, damageClass: 'pothole', alert: true };
    const brightness = { plane: new Uint8Array(), stride: 0, size: SIZE };
    const look = { atMs, view: 'view', grid, usual, brightness, isMissed: () => false };
    const [verified] = candidates.look(found ? [box] : [], look);
    if (verified !== undefined) return { seconds, seen: verified.track.seen, looked: verified.track.looked };
  }
  return null;
}

function paint(grid: LumaGrid, tone: number, light: number): void {
  const { columns, rows, cells } = grid;
  for (let i = 0; i < cells.length; i++) {
    const x = (i % columns) / columns;
    const y = Math.floor(i / columns) / rows;
    const inside = x >= 0.4 && x < 0.6 && y >= 0.5 && y < 0.7;
    // A street has a texture, which the light leaves as it is.
    cells[i] = (inside ? tone : ROAD) + ((i * 7) % 5) + light;
  }
  grid.mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
}

const road: Shown = { tone: ROAD, found: false };
const hole: Shown = { tone: HOLE, found: true };
const car: Shown = { tone: CAR, found: false };
const takenForHole: Shown = { tone: CAR, found: true };

describe('what stops at the same place again and again is no damage', () => {
  test.each([
    { each: 60, stays: 2 },
    { each: 60, stays: 4 },
    { each: 20, stays: 2 },
    { each: 90, stays: 4 },
  ])('a car for $stays s in every $each s, taken for a pothole', ({ each, stays }) => {
    expect(watch((seconds) => (seconds % each < stays ? takenForHole : road))).toBeNull();
  });

  test('while the light changes', () => {
    const street = (seconds: number): Shown => (seconds % 60 < 2 ? takenForHole : road);
    expect(watch(street, (seconds) => -seconds / 10)).toBeNull();
  });
});

describe('a pothole is verified past the traffic that hides it', () => {
  test.each([
    { name: 'with a car before it half of the time', isHidden: (s: number) => s % 8 < 4 },
    { name: 'with a car before it most of the time', isHidden: (s: number) => s % 10 < 6 },
  ])('that was there before the camera, $name', ({ isHidden }) => {
    expect(watch((seconds) => (isHidden(seconds) ? car : hole))).toMatchObject({ seen: 6, looked: 6 });
  });

  test('that opens in a road that is known', () => {
    const street = (seconds: number): Shown => (seconds < 200 ? road : seconds % 8 < 4 ? car : hole);
    expect(watch(street)).toMatchObject({ seen: 6, looked: 6 });
  });

  test('that is overlooked now and then', () => {
    const street = (seconds: number): Shown => ({ tone: HOLE, found: seconds % 10 !== 0 });
    expect(watch(street)?.seconds).toBeLessThan(20);
  });
});
