/**
 * The thread that owns the onnxruntime session. `run` blocks the thread that calls it (microsoft/onnxruntime#32346), so it
 * has one of its own; decoding of the output happens here too. A session is never released, the thread is
 * (microsoft/onnxruntime#25325).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { slotView } from '../frame/pool.ts';
import type { PixelBox } from './box.ts';
import { type Execution, sessionOptions } from './execution.ts';
import type { Model } from './model.ts';
import { OUTPUT_KINDS } from './outputs/output.ts';
import { tensorMaker } from './tensor.ts';

export interface WorkerInput {
  readonly model: Model;
  readonly frames: SharedArrayBuffer;
  readonly execution: Execution;
}
export type ToWorker = { readonly kind: 'run'; readonly slot: number } | { readonly kind: 'close' };
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'boxes'; readonly boxes: readonly PixelBox[]; readonly elapsedMs: number }
  | { readonly kind: 'failed'; readonly reason: string };

const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread');
const send = (message: FromWorker): void => port.postMessage(message);

await serve(workerData as WorkerInput).catch((error: Error) => {
  send({ kind: 'refused', reason: error.message.split('\n')[0] ?? 'unknown error' });
  port.close();
});

async function serve({ model, frames, execution }: WorkerInput): Promise<void> {
  const { manifest } = model;
  // onnxruntime takes no shared memory.
  const session = await InferenceSession.create(model.bytes.slice(), sessionOptions(execution));
  const misfit = describeMisfit(session, model);
  if (misfit !== null) throw new Error(misfit);

  // There may be more of them later.
  const slots: Uint8Array[] = [];
  const pixels = (slot: number): Uint8Array => {
    slots[slot] ??= slotView(frames, model.format, slot);
    return slots[slot];
  };
  const toTensor = tensorMaker(manifest.input);
  const output = OUTPUT_KINDS[manifest.output.kind];
  const [outputName] = manifest.output.names as [string];

  const analyse = async (slot: number): Promise<void> => {
    try {
      const begun = performance.now();
      const tensor = toTensor(pixels(slot));
      const results = await session.run({ [manifest.input.name]: tensor }, [outputName]);
      const { data, dims } = results[outputName] as Tensor;
      const boxes = output.decode(data as Float32Array, dims, manifest, model.thresholds);
      send({ kind: 'boxes', boxes, elapsedMs: performance.now() - begun });
    } catch (error) {
      send({ kind: 'failed', reason: (error as Error).message });
    }
  };
  let running = Promise.resolve();
  port?.on('message', (message: ToWorker) => {
    if (message.kind === 'run') running = analyse(message.slot);
    // What is sent on a closed port is lost.
    else void running.then(() => port.close());
  });
  send({ kind: 'ready' });
}

/** What of the model file is not as the manifest says, in one sentence; null when all fits. */
function describeMisfit(session: InferenceSession, { manifest }: Model): string | null {
  const { input, output } = manifest;
  const wanted = [1, 3, input.height, input.width];
  const given = session.inputMetadata.find((entry) => entry.name === input.name);
  if (given === undefined) {
    return `input.name: the model has no input ${JSON.stringify(input.name)}, it has ${session.inputNames.join(', ')}`;
  }
  if (session.inputNames.length > 1)
    return `input: the model wants ${session.inputNames.length} inputs (${session.inputNames.join(', ')}), expected one`;
  if (!given.isTensor || given.type !== input.dtype) {
    return `input.dtype: the manifest says ${input.dtype}, the model takes ${given.isTensor ? given.type : 'no tensor'}`;
  }
  const shape = given.shape.map(fixedDimension);
  if (shape.length !== 4 || shape.some((side, at) => side !== undefined && side !== wanted[at])) {
    return `input: the manifest says [${wanted.join(',')}], the model takes [${given.shape.join(',')}]`;
  }
  for (const name of output.names) {
    if (!session.outputNames.includes(name)) {
      return `output.names: the model has no output ${JSON.stringify(name)}, it has ${session.outputNames.join(', ')}`;
    }
  }
  const result = session.outputMetadata.find((entry) => entry.name === output.names[0]);
  if (result === undefined || !result.isTensor) return `output.names: ${output.names[0]} is no tensor`;
  if (result.type !== 'float32') return `output: ${result.name} is ${result.type}, expected float32`;
  const misfit = OUTPUT_KINDS[output.kind].misfit(result.shape.map(fixedDimension), manifest);
  if (misfit === null) return null;
  return `output.kind: ${result.name} is [${result.shape.join(',')}], for ${output.kind} ${misfit}`;
}

function fixedDimension(dimension: number | string): number | undefined {
  return typeof dimension === 'number' && dimension >= 0 ? dimension : undefined;
}
