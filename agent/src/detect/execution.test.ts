import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { writeTestModel } from '../../../tests/support/model.ts';
import { FramePool } from '../frame/pool.ts';
import { Detector, type InferenceFigures } from './detector.ts';
import { areSameNumbers, bestOf, isFixed, moreThreads, type WantedInference } from './execution.ts';
import { measureInference } from './measure.ts';
import { loadModel } from './model.ts';

const one = { provider: 'cpu', threads: 1, cpuMs: 60, pictureMs: 61 } as const;
const two = { provider: 'cpu', threads: 2, cpuMs: 66, pictureMs: 36 } as const;
const card = { provider: 'cuda', threads: 1, cpuMs: 4, pictureMs: 9 } as const;
const slow = (trial: typeof one | typeof two) => ({
  ...trial,
  cpuMs: trial.cpuMs * 3,
  pictureMs: trial.pictureMs * 3,
});
const auto = { provider: 'auto' } as const;

test.each([
  ['what costs least, though another is done sooner', [one, two], auto, one],
  ['the sooner one of two that cost the same', [one, { ...two, cpuMs: 61 }], auto, { threads: 2 }],
  [
    'the dearer one where the cheapest is too late for a closer look',
    [{ ...one, pictureMs: 130 }, two],
    auto,
    two,
  ],
  ['the fastest where all are too late', [slow(one), slow(two)], auto, { threads: 2, cpuMs: 198 }],
  ['another provider that saves processor time', [one, card], auto, card],
  [
    'the provider that is asked for, whatever it costs',
    [one, { ...card, cpuMs: 90 }],
    { provider: 'cuda' },
    { provider: 'cuda' },
  ],
  ['the processor where the provider that is asked for does not do', [one, two], { provider: 'cuda' }, one],
] as const)('chosen is %s', (_, trials, wanted, best) => {
  expect(bestOf(trials, wanted)).toMatchObject(best);
});

test('where nothing could be tried nothing is chosen', () => {
  expect(bestOf([], auto)).toBeNull();
});

test('threads are tried by twice as many, up to the processors and to eight', () => {
  expect([1, 2, 3, 6, 64].map((processors) => moreThreads(processors))).toEqual([
    [],
    [2],
    [2, 3],
    [2, 4, 6],
    [2, 4, 8],
  ]);
});

test('another provider may count in other steps, and not come to something else', () => {
  expect(areSameNumbers([0.5, 320, 0], [0.512, 323, 0.001])).toBe(true);
  expect(areSameNumbers([0.5, 320], [0.55, 320])).toBe(false);
  expect(areSameNumbers([0.5, 320], [0.5, 330])).toBe(false);
  expect(areSameNumbers([0.5], [Number.NaN])).toBe(false);
  expect(areSameNumbers([0.5, 1], [0.5])).toBe(false);
});

test('with a number of threads on the processor there is nothing to measure', () => {
  const settings: readonly WantedInference[] = [
    { threads: 2, provider: 'cpu' },
    { threads: 2, provider: 'auto' },
    { threads: 'auto', provider: 'cpu' },
  ];
  expect(settings.map(isFixed)).toEqual([true, false, false]);
});

const testModel = async () =>
  loadModel(await writeTestModel({ kind: 'boxes', outputShape: [1, 1, 6], answer: [16, 8, 48, 24, 0.9, 0] }));

test('a picture’s cost is measured, and a provider that this onnxruntime has not is named with its reason', async () => {
  const { signal } = new AbortController();
  const { trials, failures } = await measureInference(
    await testModel(),
    { threads: 'auto', provider: 'xnnpack' },
    signal,
  );
  expect(trials).toEqual([
    { provider: 'cpu', threads: 1, cpuMs: expect.any(Number), pictureMs: expect.any(Number) },
  ]);
  expect(trials[0]?.pictureMs).toBeGreaterThan(0);
  expect(failures).toEqual([{ provider: 'xnnpack', threads: 1, reason: expect.stringContaining('xnnpack') }]);
}, 60_000);

test('measuring ends with the agent', async () => {
  const stopping = new AbortController();
  const measuring = measureInference(
    await testModel(),
    { threads: 'auto', provider: 'auto' },
    stopping.signal,
  );
  stopping.abort();
  expect((await measuring).trials).toEqual([]);
}, 60_000);

/** A detector that is shown one frame, and what it says when it has settled how it goes on. */
async function shown(
  wanted: WantedInference,
): Promise<{ figures: InferenceFigures; lines: readonly string[] }> {
  const model = await testModel();
  const pool = new FramePool(model.format, 2);
  const lines: string[] = [];
  const measured = Promise.withResolvers<void>();
  const write = (text: string): void => {
    const { msg } = JSON.parse(text) as { msg: string };
    lines.push(msg);
    if (msg === 'inference measured') measured.resolve();
  };
  const events = { onBoxes: () => {}, onError: (_: string, error: Error) => measured.reject(error) };
  const detector = await Detector.start(model, pool, wanted, events, pino({}, { write }));
  onTestFinished(() => detector.stop());
  const content = { width: 64, height: 32 };
  expect(detector.inference.trials).toEqual([]);
  detector.offer('camera-1', { slot: pool.acquire() as number, capturedAtMs: 0, content, source: content });
  await measured.promise;
  return { figures: detector.inference, lines };
}

test('the first picture waits for nothing; then the model is measured once', async () => {
  const { figures, lines } = await shown({ threads: 'auto', provider: 'auto' });
  expect(figures).toMatchObject({ provider: 'cpu', threads: 1 });
  expect(figures.trials[0]).toMatchObject({ provider: 'cpu', threads: 1 });
  expect(lines.filter((line) => line === 'inference measured')).toHaveLength(1);
}, 60_000);

test('a provider that is asked for and is not there is warned of, and the processor goes on', async () => {
  const { figures, lines } = await shown({ threads: 'auto', provider: 'openvino' });
  expect(figures).toMatchObject({ provider: 'cpu', threads: 1 });
  expect(lines).toContain('this way of inference is not used');
}, 60_000);
