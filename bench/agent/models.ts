/** What the shipped models cost on one thread, beside other ONNX files with fixed shapes. */
import { basename, delimiter, resolve } from 'node:path';
import { shippedModel } from '@roadwatch/models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadModel } from '../../agent/src/detect/model.ts';
import type { Bench } from '../report.ts';
import { median, percentile, rounded } from '../statistics.ts';

const SHIPPED = ['road-damage-nano', 'road-damage-small'];
/** Paths of other ONNX files to measure in the same run. */
const OTHERS = process.env.ROADWATCH_BENCH_MODELS?.split(delimiter).filter(Boolean) ?? [];
const ROUNDS = 60;
const WARM_UP_ROUNDS = 5;

export const models: Bench = {
  name: 'models',
  about: 'one picture through each model, on one thread',
  run: async () => {
    const candidates = [
      ...(await Promise.all(SHIPPED.map(async (name) => ({ name, bytes: await shippedBytes(name) })))),
      ...OTHERS.map((file) => ({ name: basename(file, '.onnx'), bytes: resolve(file) })),
    ];
    const subjects = [];
    for (const { name, bytes } of candidates)
      subjects.push({ ...(await prepare(name, bytes)), ms: [] as number[] });
    // In turn, so that all see the same machine.
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (const { session, feeds, ms } of subjects) {
        const startedAt = performance.now();
        await session.run(feeds);
        if (round >= 0) ms.push(performance.now() - startedAt);
      }
    }
    for (const { session } of subjects) await session.release();
    const rows = subjects.map(({ name, shape, ms }) => ({
      name,
      input: shape.join('x'),
      medianMs: rounded(median(ms), 1),
      p95Ms: rounded(percentile(ms, 0.95), 1),
    }));
    return {
      figures: { models: rows },
      table: [
        ['model', 'input', 'median ms', 'p95 ms'],
        ...rows.map(({ name, input, medianMs, p95Ms }) => [name, input, medianMs, p95Ms]),
      ],
      notes: [
        `session.run alone, ${ROUNDS} rounds, one after the other in turn, 1 thread`,
        'other files with fixed shapes: ROADWATCH_BENCH_MODELS=a.onnx:b.onnx',
      ],
    };
  },
};

async function shippedBytes(name: string): Promise<Uint8Array> {
  return (await loadModel(shippedModel(name))).bytes;
}

async function prepare(name: string, file: string | Uint8Array) {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const session =
    typeof file === 'string'
      ? await InferenceSession.create(file, options)
      : await InferenceSession.create(file, options);
  const [input] = session.inputMetadata;
  if (!input?.isTensor) throw new Error(`${name}: its first input is no tensor`);
  const shape = input.shape.map((size) => {
    if (typeof size !== 'number') throw new Error(`${name}: input ${input.name} has no fixed shape`);
    return size;
  });
  const pixels = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => (at * 31) % 251);
  const tensor =
    input.type === 'uint8'
      ? new Tensor('uint8', pixels, shape)
      : new Tensor('float32', Float32Array.from(pixels), shape);
  return { name, session, shape, feeds: { [input.name]: tensor } };
}
