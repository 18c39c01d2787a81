/** One model, ready to run, in a worker thread that is fed through shared memory. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Box, PixelBox, Size } from './box.ts';
import type { FramePool } from './frames.ts';
import { boxesInFrame, type Model, ModelError } from './model.ts';
import type { FromWorker, ToWorker, WorkerInput } from './worker.ts';

interface Pending {
  resolve(found: { boxes: readonly PixelBox[]; elapsedMs: number }): void;
  reject(error: Error): void;
}

export interface Detected {
  readonly boxes: readonly Box[];
  /** Tensor to boxes, inside the worker. */
  readonly elapsedMs: number;
}

export class DetectorSession {
  readonly model: Model;
  /** Settles when the thread has ended without having been asked to; the owner starts another session. */
  readonly failed: Promise<Error>;
  readonly #worker: Worker;
  #pending: Pending | null = null;
  #closing = false;

  /** Throws ModelError when onnxruntime cannot load the file or it is not what its manifest says. */
  static async start(
    model: Model,
    pool: FramePool,
    options: { readonly threads: number },
  ): Promise<DetectorSession> {
    const input: WorkerInput = { model, frames: pool.buffer, threads: options.threads };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: input });
    const [first] = (await once(worker, 'message')) as [FromWorker];
    if (first.kind === 'ready') return new DetectorSession(model, worker);
    await worker.terminate();
    const reason = first.kind === 'refused' ? first.reason : `unexpected answer ${first.kind}`;
    throw new ModelError(`${model.manifest.name}-${model.manifest.version}: ${reason}`);
  }

  private constructor(model: Model, worker: Worker) {
    this.model = model;
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#settle(message));
    this.failed = new Promise((resolve) => {
      let cause: Error | null = null;
      worker.on('error', (error: Error) => {
        cause = error;
      });
      worker.on('exit', (code) => {
        const error = cause ?? new Error(`the inference thread ended with code ${code}`);
        this.#pending?.reject(error);
        this.#pending = null;
        if (!this.#closing) resolve(error);
      });
    });
  }

  /** One frame at a time: call again when the last call has settled. `content` is the part of the input that holds the picture. */
  async run(slot: number, content: Size): Promise<Detected> {
    if (this.#pending !== null) throw new Error('the session is busy');
    const found = await new Promise<{ boxes: readonly PixelBox[]; elapsedMs: number }>((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#post({ kind: 'run', slot });
    });
    return { boxes: boxesInFrame(this.model, found.boxes, content), elapsedMs: found.elapsedMs };
  }

  /** Lets a running frame finish, then ends the thread. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const ended = once(this.#worker, 'exit');
    this.#post({ kind: 'close' });
    await ended;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #settle(message: FromWorker): void {
    const pending = this.#pending;
    this.#pending = null;
    if (message.kind === 'boxes') pending?.resolve(message);
    else if (message.kind === 'failed') pending?.reject(new Error(message.reason));
  }
}
