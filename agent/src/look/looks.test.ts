import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SOFTWARE } from '../ffmpeg/hardware.ts';
import { Looks, type Wanted } from './looks.ts';

const AS = { codec: 'H264', decoder: SOFTWARE, far: null, shape: null } as const;
const GAP_MS = 2_000;
const BYTES = 100_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Cameras with a keyframe every two seconds each, and decoders that take so long for one. */
function street(
  cameras: number,
  costMs: number,
  { most = 2, share = 0.1, maxSeconds = 10, cpuMs = null as number | null, modelMs = 0, uneven = false } = {},
) {
  const looked = Array.from({ length: cameras }, (): number[] => []);
  const wanted: Wanted[] = Array.from({ length: cameras }, () => 'usual');
  const bytes = Array.from({ length: cameras }, () => BYTES);
  const followed: (number | null)[] = Array.from({ length: cameras }, () => null);
  /** Looks that count: while something passes, none that comes sooner than seven seconds after the one before, as the gate has it. */
  const counted = Array.from({ length: cameras }, () => [Number.NEGATIVE_INFINITY]);
  const passes = Array.from({ length: cameras }, () => false);
  let busy = 0;
  let atOnce = 0;
  const looks = new Looks(
    {
      most,
      decode: async () => {
        atOnce = Math.max(atOnce, ++busy);
        await new Promise((resolve) => setTimeout(resolve, costMs));
        busy--;
        return {
          frame: { slot: 0, farSlot: null, info: {} as never, arrivedAtMs: 0 },
          isDamaged: false,
          cpuMs,
        };
      },
      stop: async () => {},
    },
    { maxSeconds, share },
  );
  const of = looked.map((_, index) => ({ index }));
  const pass = async (seconds: number): Promise<void> => {
    for (let ms = 0; ms < seconds * 1000; ms += GAP_MS) {
      for (const [index, camera] of of.entries()) {
        const part = uneven ? (2 * (index + 1)) / (cameras * (cameras + 1)) : 1 / cameras;
        await vi.advanceTimersByTimeAsync(GAP_MS * part);
        const offeredAt = performance.now();
        const wish = {
          wanted: wanted[index] as Wanted,
          ageMs: performance.now() - (counted[index]?.at(-1) as number),
          followedMs: followed[index] ?? null,
        };
        looks.offer(camera, wish, bytes[index] as number, () => ({
          ...{ bytes: Buffer.alloc(0), as: AS, onPassedOver: () => {} },
          onDecoded: () => {
            const waitsMs = offeredAt - (counted[index]?.at(-1) as number);
            if (passes[index] !== true || waitsMs >= 7_000) counted[index]?.push(offeredAt);
            looked[index]?.push(performance.now());
            // The model is given the pictures of every second camera.
            if (index % 2 === 0) looks.alsoTakes(modelMs);
          },
        }));
      }
    }
  };
  /** Seconds between the looks at a camera, the first ones left out. */
  const apart = (index: number): readonly number[] => {
    const times = looked[index] ?? [];
    return times.slice(1).map((at, i) => Math.round((at - (times[i] as number)) / 1000));
  };
  return { looks, looked, wanted, followed, bytes, counted, passes, pass, apart, atOnce: () => atOnce };
}

test('a box with time looks at every keyframe; one with many cameras as often as its share allows, evenly', async () => {
  const few = street(4, 30);
  await few.pass(60);
  expect(new Set([0, 1, 2, 3].flatMap(few.apart))).toEqual(new Set([2]));
  // 40 looks of 30 ms in a tenth of two processors: one every 6 s.
  const many = street(40, 30);
  await many.pass(120);
  const late = Array.from({ length: 40 }, (_, index) => many.apart(index).slice(3)).flat();
  expect(late.every((seconds) => seconds >= 4 && seconds <= 8)).toBe(true);
  expect(many.looks.everySeconds).toBeCloseTo(6, 0);
  const inAll = many.looked.flat().length;
  await many.pass(60);
  // As many as one every 6 s each, and few more.
  expect(many.looked.flat().length - inAll).toBeLessThan(440);
});

test('a box that others keep busy looks as often as its processor time allows, not as slowly as a look goes', async () => {
  const shared = street(40, 90, { cpuMs: 30 });
  await shared.pass(200);
  expect(shared.looks.everySeconds).toBeCloseTo(6, 0);
  expect(shared.looks.lateSeconds(performance.now())).toBe(0);
});

test('what the model takes for what is seen counts as well, and nothing that it is given otherwise', async () => {
  const { looks, pass } = street(40, 20, { modelMs: 20 });
  await pass(200);
  expect(looks.everySeconds).toBeCloseTo(6, 0);
  for (let n = 0; n < 1000; n++) looks.alsoTakes(20);
  expect(looks.everySeconds).toBeCloseTo(6, 0);
});

test('however slow the box, a camera is looked at within its time while there is any, and all are as late as each other beyond', async () => {
  const slow = street(20, 400);
  await slow.pass(120);
  expect(slow.looks.everySeconds).toBe(10);
  for (let index = 0; index < 20; index++)
    expect(
      slow
        .apart(index)
        .slice(2)
        .every((seconds) => seconds <= 12),
    ).toBe(true);
  expect(slow.looks.lateSeconds(performance.now())).toBe(0);
  // Twice what there is time for.
  const over = street(20, 2_000);
  await over.pass(240);
  const all = Array.from({ length: 20 }, (_, index) => over.apart(index).slice(2)).flat();
  expect(Math.min(...all)).toBeGreaterThanOrEqual(18);
  expect(Math.max(...all)).toBeLessThanOrEqual(24);
  expect(over.looks.lateSeconds(performance.now())).toBeGreaterThan(5);
  expect(over.looks.troubles).toEqual([]);
  await over.pass(70);
  expect(over.looks.troubles).toMatchObject([{ code: 'looks_late' }]);
  expect(over.atOnce()).toBe(2);
});

test('cameras that begin together are looked at one after the other all the time, not all together and then none', async () => {
  const { pass, looked } = street(64, 30);
  await pass(160);
  const from = performance.now();
  await pass(80);
  const times = looked.flat().filter((at) => at > from);
  const within = (at: number): number => times.filter((other) => other >= at && other < at + GAP_MS).length;
  // All of them in two seconds and none in the six after that, if nothing spreads them.
  expect(Math.max(...times.map(within))).toBeLessThan(32);
  // It costs little: 64 looks in 8 s are needed.
  expect(times.length).toBeLessThan(640 * 1.1);
  // Nor does it where there is always time for one more: every 3.5 s is with every second keyframe.
  const few = street(16, 43.75, { uneven: true });
  await few.pass(120);
  expect(few.looks.everySeconds).toBeCloseTo(3.5, 0);
  const before = few.looked.flat().length;
  await few.pass(120);
  expect(few.looked.flat().length - before).toBeLessThan(480 * 1.1);
});

test('a look that shows only what passes does not count: the next comes in time for all that was known before it', async () => {
  // Every 6 s by their share: where such a look does not count, the next would be 12 s after the one before it.
  const { looks, passes, pass, looked, counted } = street(40, 30);
  await pass(120);
  expect(looks.everySeconds).toBeCloseTo(6, 0);
  passes[3] = true;
  const [looks3, counted3] = [looked[3]?.length as number, counted[3]?.length as number];
  await pass(120);
  const times = counted[3]?.slice(counted3 - 1) as number[];
  const apart = times.slice(1).map((at, i) => (at - (times[i] as number)) / 1000);
  expect(apart.length).toBeGreaterThan(10);
  expect(Math.max(...apart)).toBeLessThan(9);
  // One more look for each that does not count, and no more.
  expect((looked[3]?.length as number) - looks3).toBeLessThanOrEqual(2 * apart.length + 1);
});

test('what is followed is looked at with every keyframe, what is seen otherwise with none, and an unusual keyframe at once', async () => {
  const { wanted, bytes, pass, looked, apart } = street(40, 30);
  await pass(60);
  wanted[0] = 'each';
  wanted[1] = 'none';
  const before = looked.map(({ length }) => length);
  await pass(20);
  expect(apart(0).slice(before[0])).toEqual(Array.from({ length: 9 }, () => 2));
  expect(looked[1]).toHaveLength(before[1] as number);
  wanted[0] = 'usual';
  wanted[1] = 'usual';
  await pass(20);
  // As soon as another one has been looked at, it is seen again after its usual time.
  expect((looked[1] as number[]).length).toBeGreaterThan(before[1] as number);
  const last = looked[2]?.at(-1) as number;
  while (performance.now() - (looked[2]?.at(-1) as number) < 500) await pass(2);
  bytes[2] = BYTES * 2;
  await pass(2);
  expect((looked[2]?.at(-1) as number) - last).toBeLessThan(20_000);
  expect(performance.now() - (looked[2]?.at(-1) as number)).toBeLessThan(GAP_MS);
});

test('where more is followed than there is time for, what was seen first is looked at first, and no camera later than it may be', async () => {
  const { pass, looked, wanted, followed } = street(40, 100, { most: 1, maxSeconds: 20 });
  await pass(20);
  const begunAt = performance.now();
  wanted.fill('each');
  for (let camera = 0; camera < 40; camera++) followed[camera] = camera * 1_000;
  await pass(20);
  const looks = looked.map((times) => times.filter((at) => at > begunAt).length);
  expect(looks.slice(-6).every((count) => count >= 9)).toBe(true);
  expect(looks.slice(0, 20).every((count) => count >= 1 && count <= 3)).toBe(true);
});

test('a keyframe that nobody will look at any more is given back, once', async () => {
  const { looks } = street(1, 5_000, { most: 1 });
  const said: string[] = [];
  const offered = (name: string) => () => ({
    ...{ bytes: Buffer.alloc(0), as: AS },
    onDecoded: () => said.push(`${name} looked at`),
    onPassedOver: () => said.push(`${name} passed over`),
  });
  const wish = { wanted: 'each', ageMs: 0, followedMs: null } as const;
  const camera = {};
  for (const name of ['first', 'second', 'third']) looks.offer(camera, wish, BYTES, offered(name));
  looks.forget(camera);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(said).toEqual(['second passed over', 'third passed over', 'first looked at']);
});

test('a camera that is gone is not waited for', async () => {
  const { looks, pass, looked } = street(3, 5_000, { most: 1 });
  await pass(4);
  const camera = {};
  let isLooked = false;
  looks.offer(camera, { wanted: 'each', ageMs: 0, followedMs: null }, BYTES, () => ({
    ...{ bytes: Buffer.alloc(0), as: AS, onPassedOver: () => {} },
    onDecoded: () => {
      isLooked = true;
    },
  }));
  looks.forget(camera);
  await pass(60);
  expect(isLooked).toBe(false);
  expect(looked.every(({ length }) => length > 2)).toBe(true);
});

test('two cameras that send at the same moment share a decoder, and many have as many as they may', async () => {
  const few = street(2, 30);
  for (let camera = 0; camera < 2; camera++)
    few.looks.offer({}, { wanted: 'each', ageMs: 0, followedMs: null }, BYTES, keyframe);
  await few.pass(20);
  expect(few.atOnce()).toBe(1);
  const many = street(60, 30);
  for (let camera = 0; camera < 60; camera++)
    many.looks.offer({}, { wanted: 'each', ageMs: 0, followedMs: null }, BYTES, keyframe);
  await many.pass(4);
  expect(many.atOnce()).toBe(2);
});

function keyframe() {
  return { bytes: Buffer.alloc(0), as: AS, onDecoded: () => {}, onPassedOver: () => {} };
}
