import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { Box } from '../detect/box.ts';
import type { RoadUser } from '../detect/road-users.ts';
import type { EvidenceMaker } from '../evidence/evidence.ts';
import { LumaGrid } from '../gate/luma.ts';
import { UsualLook } from '../gate/usual-look.ts';
import { Candidates, type Verified } from './candidates.ts';
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
  roadUsers: true,
};

/** What the camera shows at the place, and whether the model calls it a pothole. */
interface Shown {
  readonly tone: number;
  readonly found: boolean;
}

/** A street, as `watch` looks at it; the candidates and what is asked of them are the real ones. */
class Street {
  readonly #grid = new LumaGrid(SIZE);
  readonly #usual = new UsualLook();
  readonly candidates: Candidates;
  /** What stands there in the look that is asked about; null: nobody can say. */
  users: readonly RoadUser[] | null = [];
  questions = 0;

  constructor(change: Partial<typeof rules> = {}) {
    const evidence = new PreparedEvidence({} as EvidenceMaker, () => null);
    const find = (): Promise<readonly RoadUser[] | null> => {
      this.questions++;
      return Promise.resolve(this.users);
    };
    this.candidates = new Candidates(
      {
        camera: 'camera-1',
        rules: { ...rules, ...change },
        evidence,
        roadUsers: { find },
        onBegun: () => {},
        onPromising: () => {},
      },
      pino({ enabled: false }),
    );
  }

  /** What is verified in this look; by the next one, what was asked is answered. */
  async look(seconds: number, { tone, found }: Shown, light = 0): Promise<readonly Verified[]> {
    paint(this.#grid, tone, light);
    const atMs = seconds * 1000;
    this.#usual.learn(this.#grid, atMs);
    const box: Box = { box: PLACE, score: 0.7, damageClass: 'pothole', alert: true };
    const pixels = new Uint8Array();
    const brightness = { plane: pixels, stride: 0, size: SIZE };
    const planes = { pixels, format: SIZE, content: SIZE };
    const verified = this.candidates.look(found ? [box] : [], {
      ...{ atMs, view: 'view', grid: this.#grid, usual: this.#usual, brightness, planes },
      isMissed: () => false,
    });
    await Promise.resolve();
    return verified;
  }
}

/** Looks every two seconds for ten minutes; after how many seconds something was verified, and how often it was seen. */
async function watch(shown: (seconds: number) => Shown, light: (seconds: number) => number = () => 0) {
  const street = new Street();
  for (let seconds = 0; seconds < 600; seconds += 2) {
    const [verified] = await street.look(seconds, shown(seconds), light(seconds));
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

describe('what is seen for the first time is looked for again at once', () => {
  async function seenOnce(): Promise<Street> {
    const street = new Street();
    for (let seconds = -40; seconds < 0; seconds += 2) await street.look(seconds, road);
    expect(street.candidates.followedFromMs).toBeNull();
    await street.look(0, hole);
    expect([street.candidates.anyPromising, street.candidates.followedFromMs]).toEqual([true, 0]);
    return street;
  }

  test('and no longer so when it is not there', async () => {
    const street = await seenOnce();
    await street.look(2, road);
    expect([street.candidates.anyPromising, street.candidates.followedFromMs]).toEqual([false, null]);
  });

  test('for some seconds when something stands before it', async () => {
    const street = await seenOnce();
    await street.look(2, car);
    expect(street.candidates.anyPromising).toBe(true);
    for (let seconds = 4; seconds <= 20; seconds += 2) await street.look(seconds, car);
    expect(street.candidates.anyPromising).toBe(false);
  });
});

describe('what stops at the same place again and again is no damage', () => {
  test.each([
    { each: 60, stays: 2 },
    { each: 60, stays: 4 },
    { each: 20, stays: 2 },
    { each: 90, stays: 4 },
  ])('a car for $stays s in every $each s, taken for a pothole', async ({ each, stays }) => {
    expect(await watch((seconds) => (seconds % each < stays ? takenForHole : road))).toBeNull();
  });

  test('while the light changes', async () => {
    const street = (seconds: number): Shown => (seconds % 60 < 2 ? takenForHole : road);
    expect(await watch(street, (seconds) => -seconds / 10)).toBeNull();
  });
});

describe('a pothole is verified past the traffic that hides it', () => {
  test.each([
    { name: 'with a car before it half of the time', isHidden: (s: number) => s % 8 < 4 },
    { name: 'with a car before it most of the time', isHidden: (s: number) => s % 10 < 6 },
  ])('that was there before the camera, $name', async ({ isHidden }) => {
    expect(await watch((seconds) => (isHidden(seconds) ? car : hole))).toMatchObject({ seen: 6, looked: 6 });
  });

  test('that opens in a road that is known', async () => {
    const street = (seconds: number): Shown => (seconds < 200 ? road : seconds % 8 < 4 ? car : hole);
    expect(await watch(street)).toMatchObject({ seen: 6, looked: 6 });
  });

  test('that is overlooked now and then', async () => {
    const street = (seconds: number): Shown => ({ tone: HOLE, found: seconds % 10 !== 0 });
    expect((await watch(street))?.seconds).toBeLessThan(20);
  });
});

describe('what lies on a vehicle or a person is no damage', () => {
  const parked: RoadUser = { kind: 'car', score: 0.8, box: [0.3, 0.4, 0.4, 0.5] };
  const beside: RoadUser = { kind: 'car', score: 0.8, box: [0.55, 0.4, 0.4, 0.5] };

  test('a dent in a car that stands there is refused, counted, and asked about no more than now and then', async () => {
    const street = new Street();
    street.users = [parked];
    for (let seconds = 0; seconds < 300; seconds += 2)
      expect(await street.look(seconds, takenForHole)).toEqual([]);
    expect(street.candidates.refused).toBeGreaterThanOrEqual(3);
    expect(street.candidates.refused).toBeLessThanOrEqual(5);
    expect(street.questions).toBeLessThanOrEqual(3 * 5);
  });

  test('it is not looked at more closely while it is known to be refused', async () => {
    const street = new Street();
    street.users = [parked];
    for (let seconds = 0; street.candidates.refused === 0; seconds += 2)
      await street.look(seconds, takenForHole);
    expect(street.candidates.anyPromising).toBe(false);
    expect(street.candidates.anyWaiting).toBe(false);
  });

  test('a pothole beside a parked car is verified at once', async () => {
    const street = new Street();
    street.users = [beside];
    let verified: readonly Verified[] = [];
    let seconds = 0;
    for (; verified.length === 0 && seconds < 60; seconds += 2) verified = await street.look(seconds, hole);
    expect(verified).toHaveLength(1);
    expect(seconds).toBeLessThanOrEqual(12);
    expect(street.candidates.refused).toBe(0);
  });

  test('a pothole that a car stands over in one of the looks is verified all the same', async () => {
    const street = new Street();
    const verified: Verified[] = [];
    for (let seconds = 0; seconds < 14; seconds += 2) {
      street.users = street.questions === 0 ? [parked] : [];
      verified.push(...(await street.look(seconds, hole)));
    }
    expect(verified).toHaveLength(1);
  });

  test('a pothole under a car that then leaves is verified, by looks without the car', async () => {
    const street = new Street();
    street.users = [parked];
    let at = 0;
    for (; at < 30; at += 2) expect(await street.look(at, hole)).toEqual([]);
    street.users = [];
    let verified: readonly Verified[] = [];
    for (; verified.length === 0 && at < 120; at += 2) verified = await street.look(at, hole);
    expect(verified[0]?.track.firstSeenAtMs).toBeGreaterThanOrEqual(60_000);
    expect(street.candidates.refused).toBe(1);
  });

  test('when nobody can say, it is verified as if nothing stood there', async () => {
    const street = new Street();
    street.users = null;
    const verified: Verified[] = [];
    for (let seconds = 0; seconds < 14; seconds += 2) verified.push(...(await street.look(seconds, hole)));
    expect(verified).toHaveLength(1);
  });

  test('switched off, nothing is asked and nothing refused', async () => {
    const street = new Street({ roadUsers: false });
    street.users = [parked];
    const verified: Verified[] = [];
    for (let seconds = 0; seconds < 12; seconds += 2)
      verified.push(...(await street.look(seconds, takenForHole)));
    expect(verified).toHaveLength(1);
    expect(street.questions).toBe(0);
  });
});
