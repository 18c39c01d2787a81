/** What a picture costs in each way of running a model, measured in a process of its own and for a bounded time. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Manifest } from '@roadwatch/models';
import type { Execution, Trial, WantedInference } from './execution.ts';
import type { Model } from './model.ts';

export interface MeasureJob {
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  readonly wanted: WantedInference;
  readonly processors: number;
}
export type FromMeasuring =
  | { readonly kind: 'begun'; readonly execution: Execution }
  | { readonly kind: 'trial'; readonly trial: Trial }
  | { readonly kind: 'failed'; readonly execution: Execution; readonly reason: string };

export interface Measured {
  /** In the order in which they were tried; none where the process could do nothing. */
  readonly trials: readonly Trial[];
  readonly failures: readonly (Execution & { readonly reason: string })[];
}

/** On a box that is busy, and with a driver that has to begin. */
const LONGEST_MS = 15_000;

/** Never rejects. `signal` ends it with what is known by then. */
export async function measureInference(
  { bytes, manifest }: Pick<Model, 'bytes' | 'manifest'>,
  wanted: WantedInference,
  signal: AbortSignal,
): Promise<Measured> {
  const trials: Trial[] = [];
  const failures: (Execution & { reason: string })[] = [];
  let underway: Execution | null = null;
  const child = fork(new URL('./measure-program.ts', import.meta.url), {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let why = '';
  const end = (reason: string): void => {
    why = reason;
    child.kill('SIGKILL');
  };
  const late = setTimeout(() => end(`nothing came of it in ${LONGEST_MS / 1000} s`), LONGEST_MS);
  const stop = (): void => end('the agent stops');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  child.on('message', (message: FromMeasuring) => {
    if (message.kind === 'begun') underway = message.execution;
    else underway = null;
    if (message.kind === 'trial') trials.push(message.trial);
    if (message.kind === 'failed') failures.push({ ...message.execution, reason: message.reason });
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, name) => resolve(why || `its process ended with ${name ?? code}`));
  });
  const job: MeasureJob = { bytes, manifest, wanted, processors: availableParallelism() };
  // One that has gone already says so by its end.
  child.send(job, () => {});
  const reason = await ended;
  clearTimeout(late);
  signal.removeEventListener('abort', stop);
  if (underway !== null) failures.push({ ...(underway as Execution), reason });
  return { trials, failures };
}
