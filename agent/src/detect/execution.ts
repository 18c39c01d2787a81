/** How onnxruntime runs a model, and which way is taken of those that were tried. */
import type { InferenceSession } from 'onnxruntime-node';
import type { ResolvedConfig } from '../config/config.ts';
import type { InferenceProvider } from '../config/inference-providers.ts';

export interface Execution {
  readonly provider: InferenceProvider;
  readonly threads: number;
}

/** One way that was tried, on a picture of the model's own size. */
export interface Trial extends Execution {
  /** Processor time of one picture, of all threads, ms: the median. */
  readonly cpuMs: number;
  /** From the picture to the numbers, ms: the shortest, for others may want the processors meanwhile. */
  readonly pictureMs: number;
}

export type WantedInference = ResolvedConfig['inference'];

/** A closer look takes ten pictures a second at most. */
export const SOON_MS = 100;
/** Costs that differ by less than this are the same. */
const SAME_COST = 1.05;
/** More of them have less and less to do. */
const MOST_THREADS = 8;
/** Another provider counts in other steps: scores by so much, and what is measured in pixels by so much of it. */
const TOLERANCE = 0.02;

/** Without other news of it: the way that every machine has, at the least cost. */
export function plainExecution({ threads }: WantedInference): Execution {
  return { provider: 'cpu', threads: threads === 'auto' ? 1 : threads };
}

/** Whether there is anything to choose, or to check. */
export function isFixed({ threads, provider }: WantedInference): boolean {
  return threads !== 'auto' && provider === 'cpu';
}

/**
 * The processors are shared with the decoders, so the cheapest counts, and of those that cost the same the fastest. One that takes longer than
 * a closer look can wait for is taken only where all do; then the fastest.
 */
export function bestOf(
  trials: readonly Trial[],
  { provider }: Pick<WantedInference, 'provider'>,
): Trial | null {
  const wanted = trials.filter((trial) => trial.provider === provider);
  const from = wanted.length > 0 ? wanted : trials;
  const soon = from.filter(({ pictureMs }) => pictureMs <= SOON_MS);
  const cheapest = Math.min(...soon.map(({ cpuMs }) => cpuMs));
  const [best] = (
    soon.length === 0 ? from : soon.filter(({ cpuMs }) => cpuMs <= cheapest * SAME_COST)
  ).toSorted((a, b) => a.pictureMs - b.pictureMs);
  return best ?? null;
}

/** Twice as many each time, up to the processors. */
export function moreThreads(processors: number): readonly number[] {
  const most = Math.min(processors, MOST_THREADS);
  const doubled = [2, 4, 8].filter((threads) => threads < most);
  return most > 1 ? [...doubled, most] : [];
}

/** Whether another provider's numbers are those of the processor. */
export function areSameNumbers(cpu: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (cpu.length !== other.length) return false;
  for (let at = 0; at < cpu.length; at++) {
    const [a, b] = [cpu[at] as number, other[at] as number];
    if (!(Math.abs(a - b) <= TOLERANCE * (1 + Math.abs(a)))) return false;
  }
  return true;
}

/** Threads that wait do not spin: that would take twice the processor time for the same numbers. */
export function sessionOptions({ provider, threads }: Execution): InferenceSession.SessionOptions {
  return {
    // By itself, so that one that is not there is an error; what it cannot do is done by the processor all the same.
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Shapes never change, yet a plan for all that a run takes comes on top of what the first run took without one: 15 MiB.
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
