/**
 * One model, ready to run, in a worker thread that is fed through shared memory. Node settles nothing by itself when a thread
 * ends: a message to one that has ended goes nowhere, and who awaits its answer does so for ever. So everything here is also
 * settled by the thread's end.
 */
import { Worker } from 'node:worker_threads';
import type { FramePool } from '../frame/pool.ts';
import type { Size } from '../frame/size.ts';
import type { Box, PixelBox } from './box.ts';
import type { Execution } from './execution.ts';
import { boxesInFrame, type Model, ModelError } from './model.ts';
import type { FromWorker, ToWorker, WorkerInput } from './worker.ts';

/** The thread has ended, or was ended: nothing is known to be wrong with the model's file, and another thread may do. */
export class InferenceThreadLost extends Error {
  override readonly name = 'InferenceThreadLost';
}

interface Pending {
  resolve(found: { boxes: readonly PixelBox[]; elapsedMs: number }): void;
  reject(error: Error): void;
}

/** Without a provider it runs on the processor. */
interface SessionOptions extends Partial<Execution> {
  readonly threads: number;
  readonly signal?: AbortSignal;
}

export interface Detected {
  readonly boxes: readonly Box[];
  /** Tensor to boxes, inside the worker. */
  readonly elapsedMs: number;
}

/** How long a running frame may take to finish when the session is closed, and the thread to end after that. */
const FINISH_MS = 3_000;
const END_MS = 1_000;

export class DetectorSession {
  readonly model: Model;
  readonly execution: Execution;
  /** Resolves when the thread has ended, asked to or not, or has been given up. */
  readonly ended: Promise<InferenceThreadLost>;
  readonly #over = Promise.withResolvers<InferenceThreadLost>();
  readonly #worker: Worker;
  #pending: Pending | null = null;
  #lost: InferenceThreadLost | null = null;
  #answers = 0;
  #closing = false;

  /**
   * Throws ModelError when onnxruntime cannot load the file or it is not what its manifest says, and InferenceThreadLost when the
   * thread ends before it is known, of which `signal` is one way.
   */
  static async start(
    model: Model,
    pool: FramePool,
    { signal, threads, provider = 'cpu' }: SessionOptions,
  ): Promise<DetectorSession> {
    const execution = { provider, threads };
    const input: WorkerInput = { model, frames: pool.buffer, execution };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: input });
    const exited = exitOf(worker);
    let late: ReturnType<typeof setTimeout> | undefined;
    // It is asked to end once it has loaded: ended from outside amid native code, onnxruntime takes the whole process with it.
    const end = (): void => {
      worker.postMessage({ kind: 'close' } satisfies ToWorker);
      late = setTimeout(() => void worker.terminate(), FINISH_MS);
    };
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    try {
      const first = await Promise.race([firstMessageOf(worker), exited]);
      if (first instanceof InferenceThreadLost) throw first;
      if (first.kind === 'ready') {
        if (signal?.aborted) throw await exited;
        return new DetectorSession(model, execution, worker, exited);
      }
      await worker.terminate();
      const reason = first.kind === 'refused' ? first.reason : `unexpected answer ${first.kind}`;
      throw new ModelError(`${model.manifest.name}-${model.manifest.version}: ${reason}`);
    } finally {
      clearTimeout(late);
      signal?.removeEventListener('abort', end);
    }
  }

  private constructor(
    model: Model,
    execution: Execution,
    worker: Worker,
    exited: Promise<InferenceThreadLost>,
  ) {
    this.model = model;
    this.execution = execution;
    this.ended = this.#over.promise;
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#settle(message));
    void exited.then((lost) => this.#giveUp(lost));
  }

  /** Frames analysed since it started. */
  get answers(): number {
    return this.#answers;
  }

  /**
   * One frame at a time: call again when the last call has settled. `content` is the part of the input that holds the picture.
   * Throws InferenceThreadLost when the thread has ended or ends meanwhile.
   */
  async run(slot: number, content: Size): Promise<Detected> {
    if (this.#pending !== null) throw new Error('the session is busy');
    if (this.#lost !== null) throw this.#lost;
    const found = await new Promise<{ boxes: readonly PixelBox[]; elapsedMs: number }>((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#post({ kind: 'run', slot });
    });
    return { boxes: boxesInFrame(this.model, found.boxes, content), elapsedMs: found.elapsedMs };
  }

  /** Ends the thread, and lets a running frame finish if that takes no longer than three seconds. Resolves within four. */
  async close(): Promise<void> {
    if (!this.#closing) this.#post({ kind: 'close' });
    this.#closing = true;
    if (await isWithin(this.ended, FINISH_MS)) return;
    void this.#worker.terminate();
    if (await isWithin(this.ended, END_MS)) return;
    // It is deep in native code, which nobody can interrupt: the process ends without it.
    this.#worker.unref();
    this.#giveUp(new InferenceThreadLost('the inference thread does not end'));
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #settle(message: FromWorker): void {
    const pending = this.#pending;
    this.#pending = null;
    if (message.kind === 'boxes') {
      this.#answers++;
      pending?.resolve(message);
    } else if (message.kind === 'failed') pending?.reject(new Error(message.reason));
  }

  #giveUp(lost: InferenceThreadLost): void {
    this.#lost = lost;
    this.#pending?.reject(lost);
    this.#pending = null;
    this.#over.resolve(lost);
  }
}

function firstMessageOf(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve) => worker.once('message', resolve));
}

/** Called at the thread's beginning, so that no end is missed. */
function exitOf(worker: Worker): Promise<InferenceThreadLost> {
  return new Promise((resolve) => {
    let cause: Error | null = null;
    worker.on('error', (error: Error) => {
      cause = error;
    });
    worker.once('exit', (code) => {
      const what = cause === null ? `with code ${code}` : `by ${cause.message}`;
      resolve(new InferenceThreadLost(`the inference thread ended ${what}`, { cause }));
    });
  });
}

/** Whether it settles within so many ms. */
async function isWithin(what: Promise<unknown>, ms: number): Promise<boolean> {
  const over = Promise.withResolvers<false>();
  const timer = setTimeout(() => over.resolve(false), ms);
  const settled = await Promise.race([what.then(() => true), over.promise]);
  clearTimeout(timer);
  return settled;
}
