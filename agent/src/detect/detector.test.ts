/** The thread that runs the model is lost, whenever: what waits is told, and another thread goes on. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { type TestModelOptions, writeTestModel } from '../../../tests/support/model.ts';
import { type Frame, FramePool } from '../frame/pool.ts';
import { Detector } from './detector.ts';
import { loadModel } from './model.ts';
import { DetectorSession, InferenceThreadLost } from './session.ts';

const oneBox: TestModelOptions = {
  kind: 'boxes',
  outputShape: [1, 2, 6],
  answer: [16, 8, 48, 24, 0.9, 0, /* padding */ 0, 0, 0, 0, 0, 0],
};
const CONTENT = { width: 64, height: 32 };

/** Every thread that is started from now on, in order. */
function threads(onThread: (thread: Worker, nth: number) => void = () => {}): Worker[] {
  const started: Worker[] = [];
  const note = (thread: Worker): void => {
    started.push(thread);
    onThread(thread, started.length - 1);
  };
  process.on('worker', note);
  onTestFinished(() => void process.off('worker', note));
  return started;
}

interface LossLine {
  readonly msg: string;
  readonly pauseMs: number;
}

interface Bench {
  readonly detector: Detector;
  readonly pool: FramePool;
  readonly errors: Error[];
  /** The first so many losses that the log tells of. */
  losses(count: number): Promise<readonly LossLine[]>;
  offer(camera: string): void;
  /** Resolves when a frame of this camera has been analysed. */
  analysed(camera: string): Promise<void>;
}

async function bench(): Promise<Bench> {
  const model = await loadModel(await writeTestModel(oneBox));
  const pool = new FramePool(model.format, 4);
  const waiters = new Map<string, () => void>();
  const errors: Error[] = [];
  const lines: LossLine[] = [];
  let wake = (): void => {};
  const events = {
    onBoxes: (camera: string) => waiters.get(camera)?.(),
    onError: (_: string, error: Error) => errors.push(error),
  };
  const write = (text: string): void => {
    const line = JSON.parse(text) as LossLine;
    if (line.msg.startsWith('inference thread lost')) lines.push(line);
    wake();
  };
  const detector = await Detector.start(
    model,
    pool,
    { threads: 1, provider: 'cpu' },
    events,
    pino({}, { write }),
  );
  onTestFinished(() => detector.stop());
  return {
    detector,
    pool,
    errors,
    losses: async (count) => {
      while (lines.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return lines.slice(0, count);
    },
    offer: (camera) => {
      const slot = pool.acquire();
      if (slot === null) throw new Error('no free slot');
      const frame: Frame = { slot, capturedAtMs: 0, content: CONTENT, source: CONTENT };
      detector.offer(camera, frame);
    },
    analysed: (camera) => new Promise((resolve) => waiters.set(camera, resolve)),
  };
}

const lastOf = (started: readonly Worker[]): Worker => started.at(-1) as Worker;

/**
 * It fails at what it reads next, and ends. Ended from outside amid native code, it would take the process with it: onnxruntime-node
 * throws what nobody can catch then.
 */
function fail(thread: Worker): Promise<unknown> {
  const ended = new Promise((resolve) => thread.once('exit', resolve));
  thread.postMessage(null);
  return ended;
}
const WITHIN_MS = 5_000;

/** What is awaited comes within the time that is promised for it. */
async function soon<T>(what: Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const handle = setTimeout(() => timer.reject(new Error(`not within ${WITHIN_MS} ms`)), WITHIN_MS);
  return Promise.race([what, timer.promise]).finally(() => clearTimeout(handle));
}

test('a thread that is lost before it has begun is told, by a typed error', async () => {
  const model = await loadModel(await writeTestModel(oneBox));
  threads((thread) => void thread.terminate());
  const starting = DetectorSession.start(model, new FramePool(model.format, 1), { threads: 1 });
  await expect(soon(starting)).rejects.toThrow(InferenceThreadLost);
});

test('the agent starts although its first thread is lost', async () => {
  threads((thread, nth) => nth === 0 && void thread.terminate());
  const { offer, analysed } = await soon(bench());
  const done = analysed('a');
  offer('a');
  await soon(done);
});

test('a replacement that is lost is replaced as well', async () => {
  const started = threads((thread, nth) => nth === 1 && void thread.terminate());
  const { offer, analysed } = await bench();
  await fail(lastOf(started));
  const done = analysed('b');
  for (const camera of ['a', 'b']) offer(camera);
  await soon(done);
  expect(started).toHaveLength(3);
});

test('a frame that the thread has when it is lost is told and released; those that wait are analysed by the next', async () => {
  const started = threads();
  const { offer, analysed, errors, pool } = await bench();
  const done = analysed('b');
  const ended = fail(lastOf(started));
  offer('a');
  offer('b');
  await ended;
  await soon(done);
  expect(errors).toEqual([expect.any(InferenceThreadLost)]);
  expect(pool.freeSlots).toBe(4);
});

test('a thread that is lost between two frames is replaced, and no frame waits for ever', async () => {
  const started = threads();
  const { offer, analysed } = await bench();
  const first = analysed('a');
  offer('a');
  await first;
  await fail(lastOf(started));
  offer('a');
  const second = analysed('b');
  offer('b');
  await soon(second);
});

test('a frame handed over in the very moment of the loss settles', async () => {
  const model = await loadModel(await writeTestModel(oneBox));
  const started = threads();
  const pool = new FramePool(model.format, 1);
  const session = await DetectorSession.start(model, pool, { threads: 1 });
  await fail(lastOf(started));
  await expect(soon(session.run(pool.acquire() as number, CONTENT))).rejects.toThrow(InferenceThreadLost);
  await soon(session.close());
});

test('while no thread has the model nothing is said to be there', async () => {
  const started = threads();
  const { detector, losses, offer, analysed } = await bench();
  expect(detector.isThere).toBe(true);
  void fail(lastOf(started));
  await losses(1);
  expect(detector.isThere).toBe(false);
  const done = analysed('b');
  for (const camera of ['a', 'b']) offer(camera);
  await soon(done);
  expect(detector.isThere).toBe(true);
});

test('a model that ends its thread every time is tried with growing pauses', async () => {
  const started = threads((thread, nth) => nth > 0 && void thread.terminate());
  const { losses } = await bench();
  await fail(lastOf(started));
  const pauses = (await losses(4)).map(({ pauseMs }) => pauseMs);
  for (const [nth, pauseMs] of pauses.entries()) {
    expect(pauseMs).toBeGreaterThanOrEqual(250 * 2 ** nth);
    expect(pauseMs).toBeLessThanOrEqual(500 * 2 ** nth);
  }
});

const ends: readonly [when: string, kill: (started: readonly Worker[], box: Bench) => unknown][] = [
  ['while a frame is analysed', (_, { offer }) => offer('a')],
  [
    'when the thread has just been lost',
    (started, { offer }) => {
      void fail(lastOf(started));
      offer('a');
    },
  ],
  [
    'while another is waited for',
    async (started, { losses }) => {
      void fail(lastOf(started));
      await losses(1);
    },
  ],
  [
    'while another loads',
    async (started) => {
      const begun = once(process, 'worker');
      void fail(lastOf(started));
      await begun;
    },
  ],
];

test.each(ends)('stopping %s takes no longer than five seconds and leaves no thread', async (_, kill) => {
  const started = threads();
  const box = await bench();
  await kill(started, box);
  await soon(box.detector.stop());
  expect(started.map(({ threadId }) => threadId)).toEqual(started.map(() => -1));
  expect(box.pool.freeSlots).toBe(4);
});

test('a thread that is lost while it is being stopped does not hold it up', async () => {
  const started = threads();
  const { detector, offer } = await bench();
  offer('a');
  const stopping = detector.stop();
  void fail(lastOf(started));
  await soon(stopping);
});

test('a model takes the place of another between two frames: none is lost, and the thread of before ends', async () => {
  const started = threads();
  const { detector, pool, errors, offer, analysed } = await bench();
  const next = await detector.prepare(
    await loadModel(await writeTestModel({ ...oneBox, change: (m) => Object.assign(m, { version: '2' }) })),
  );
  const ended = once(started[0] as Worker, 'exit');
  for (let frame = 0; frame < 6; frame++) {
    const done = analysed('a');
    offer('a');
    if (frame === 3) await detector.replace(next);
    await done;
  }
  await ended;
  expect(errors).toEqual([]);
  expect(detector.model.ref.version).toBe('2');
  expect(detector.losses).toBe(0);
  expect(pool.freeSlots).toBe(4);
  expect(started).toHaveLength(2);
});

test('a model beside the running one is shown its share of the frames, and its end harms nobody', async () => {
  const started = threads();
  const { detector, pool, errors, offer, analysed } = await bench();
  const beside = await detector.prepare(detector.model);
  let compared = 0;
  const failed = Promise.withResolvers<Error>();
  await detector.lookBeside({
    session: beside,
    share: 0.5,
    onCompared: (camera, running, other) => {
      expect([camera, running.boxes]).toEqual(['a', other.boxes]);
      compared++;
    },
    onFailed: failed.resolve,
  });
  const frames = async (count: number): Promise<void> => {
    for (let frame = 0; frame < count; frame++) {
      const done = analysed('a');
      offer('a');
      await done;
    }
  };
  await frames(8);
  expect(compared).toBeGreaterThanOrEqual(3);
  await fail(started[1] as Worker);
  await frames(3);
  expect(await failed.promise).toBeInstanceOf(InferenceThreadLost);
  await detector.lookBeside(null);
  await frames(1);
  expect(errors).toEqual([]);
  expect(detector.losses).toBe(0);
  await detector.stop();
  expect(pool.freeSlots).toBe(4);
});
