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
import { describeMisfit } from './misfit.ts';
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
  const misfit = describeMisfit(session, manifest);
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
