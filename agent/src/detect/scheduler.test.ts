import { expect, test } from 'vitest';
import { type Frame, FramePool, planarFormat } from '../frame/pool.ts';
import { Scheduler } from './scheduler.ts';

const pool = (slots: number): FramePool => new FramePool(planarFormat({ width: 4, height: 2 }), slots);

function frame(from: FramePool, capturedAtMs: number): Frame {
  const slot = from.acquire();
  if (slot === null) throw new Error('the test took too many slots');
  return { slot, capturedAtMs, content: { width: 4, height: 2 }, source: { width: 4, height: 2 } };
}

/** A session whose runs end when the test says so. */
function stepwiseSession() {
  const runs: { finish(): void; fail(error: Error): void }[] = [];
  return {
    runs,
    run: () =>
      new Promise<{ boxes: []; elapsedMs: number }>((resolve, reject) => {
        runs.push({ finish: () => resolve({ boxes: [], elapsedMs: 1 }), fail: reject });
      }),
  };
}

function scheduler(session: ReturnType<typeof stepwiseSession>, frames: FramePool) {
  const served: string[] = [];
  const errors: string[] = [];
  const built = new Scheduler(session, frames, {
    onBoxes: (camera, { capturedAtMs }) => served.push(`${camera}@${capturedAtMs}`),
    onError: (camera, error) => errors.push(`${camera}: ${error.message}`),
  });
  return { built, served, errors };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the newest frame of a camera takes the place of the one that waits, and the slot is free again', async () => {
  const frames = pool(4);
  const session = stepwiseSession();
  const { built, served } = scheduler(session, frames);
  for (const at of [1, 2, 3]) built.offer('a', frame(frames, at));
  expect(built.turns('a').superseded).toBe(1);
  session.runs[0]?.finish();
  await settle();
  session.runs[1]?.finish();
  await settle();
  expect(served).toEqual(['a@1', 'a@3']);
  expect(frames.freeSlots).toBe(4);
});

test('a camera that sends more often does not keep the others from their turn, nor they it', async () => {
  const frames = pool(16);
  const session = stepwiseSession();
  const { built, served } = scheduler(session, frames);
  built.offer('busy', frame(frames, 1));
  built.offer('b', frame(frames, 2));
  built.offer('busy', frame(frames, 3));
  built.offer('c', frame(frames, 4));
  built.offer('busy', frame(frames, 5));
  for (let turn = 0; turn < 4; turn++) {
    session.runs[turn]?.finish();
    await settle();
  }
  expect(served).toEqual(['busy@1', 'b@2', 'busy@5', 'c@4']);
});

test('a frame that cannot be analysed is told and released, and the next one is served', async () => {
  const frames = pool(2);
  const session = stepwiseSession();
  const { built, served, errors } = scheduler(session, frames);
  built.offer('a', frame(frames, 1));
  built.offer('b', frame(frames, 2));
  session.runs[0]?.fail(new Error('out of memory'));
  await settle();
  session.runs[1]?.finish();
  await settle();
  expect(errors).toEqual(['a: out of memory']);
  expect(served).toEqual(['b@2']);
  expect(frames.freeSlots).toBe(2);
});

test('closing waits for the running frame and frees what waits', async () => {
  const frames = pool(3);
  const session = stepwiseSession();
  const { built, served } = scheduler(session, frames);
  built.offer('a', frame(frames, 1));
  built.offer('b', frame(frames, 2));
  const closing = built.close();
  built.offer('c', frame(frames, 3));
  session.runs[0]?.finish();
  await closing;
  expect(served).toEqual(['a@1']);
  expect(frames.freeSlots).toBe(3);
});

function withFarPart(from: FramePool, capturedAtMs: number): Frame {
  const slot = from.acquire();
  if (slot === null) throw new Error('the test took too many slots');
  const far = { slot, content: { width: 4, height: 2 }, window: [0.25, 0.25, 0.5, 0.5] as const };
  return { ...frame(from, capturedAtMs), far };
}

test('the far part is looked at when no camera waits, and given up, and told, when one does', async () => {
  const frames = pool(6);
  const runs: number[] = [];
  const missed: unknown[] = [];
  const session = {
    run: async (slot: number) => {
      runs.push(slot);
      return { boxes: [], elapsedMs: 1 };
    },
  };
  const built = new Scheduler(session, frames, {
    onBoxes: (_, __, seen) => missed.push(seen.missed),
    onError: (_, error) => missed.push(error),
  });
  built.offer('a', withFarPart(frames, 1));
  built.offer('b', withFarPart(frames, 2));
  await settle();
  expect(missed).toEqual([[0.25, 0.25, 0.5, 0.5], null]);
  expect(runs).toHaveLength(3);
  expect(frames.freeSlots).toBe(6);
});

test('a slot that is released twice is a fault that shows', () => {
  const frames = pool(1);
  const slot = frames.acquire() as number;
  frames.release(slot);
  expect(() => frames.release(slot)).toThrow(/released twice/);
});

test('a frame that is not analysed is told by how long it has waited, also while newer ones take its place', async () => {
  const frames = pool(4);
  const session = stepwiseSession();
  const { built } = scheduler(session, frames);
  const before = performance.now();
  expect(built.longestWaitMs(before)).toBe(0);
  built.offer('a', frame(frames, 1));
  built.offer('b', frame(frames, 2));
  built.offer('b', frame(frames, 3));
  const later = performance.now() + 60_000;
  expect(built.longestWaitMs(later)).toBeGreaterThanOrEqual(60_000);
  expect(built.longestWaitMs(later)).toBeLessThanOrEqual(later - before);
  for (const run of [0, 1]) {
    session.runs[run]?.finish();
    await settle();
  }
  expect(built.longestWaitMs(later)).toBe(0);
});
