/**
 * A program of its own that runs a model in each way that this machine may have, and says what a picture takes. A provider's driver may end
 * the process that tries it; and here nobody else uses processor time.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, listSupportedBackends, type Tensor } from 'onnxruntime-node';
import { INFERENCE_PROVIDERS, type InferenceProvider } from '../config/inference-providers.ts';
import {
  areSameNumbers,
  type Execution,
  moreThreads,
  plainExecution,
  SOON_MS,
  sessionOptions,
  type Trial,
} from './execution.ts';
import type { FromMeasuring, MeasureJob } from './measure.ts';
import { tensorMaker } from './tensor.ts';

/** After this no other way is begun. */
const LONGEST_MS = 1_500;
const MOST_RUNS = 5;
const LONGEST_RUNS_MS = 300;

const say = (message: FromMeasuring): void => void process.send?.(message);

process.once('disconnect', () => process.exit());
process.once('message', (job: MeasureJob) => {
  // What was said has gone out before it disconnects.
  void measure(job).finally(() => process.disconnect());
});

async function measure(job: MeasureJob): Promise<void> {
  const { wanted, processors } = job;
  const begunAt = performance.now();
  const isTime = (): boolean => performance.now() - begunAt < LONGEST_MS;
  const plain = plainExecution(wanted);
  const first = await tried(job, plain, null);
  if (first === null) return;
  const { numbers, trial } = first;
  for (const provider of providersFor(wanted.provider))
    if (isTime()) await tried(job, { ...plain, provider }, numbers);
  // More threads make no picture cheaper, only sooner.
  const isSlow = wanted.threads === 'auto' && trial.cpuMs > SOON_MS;
  for (const threads of isSlow ? moreThreads(processors) : [])
    if (isTime()) await tried(job, { ...plain, threads }, numbers);
}

/** Says what came of it. `expected`: what the processor's numbers are; null where these are they. */
async function tried(
  { bytes, manifest }: MeasureJob,
  execution: Execution,
  expected: Float32Array | null,
): Promise<{ numbers: Float32Array; trial: Trial } | null> {
  say({ kind: 'begun', execution });
  try {
    const session = await InferenceSession.create(bytes, sessionOptions(execution));
    const { name, width, height } = manifest.input;
    const [output] = manifest.output.names as [string];
    const feeds = { [name]: tensorMaker(manifest.input)(testPicture(width, height)) };
    const run = async () => ((await session.run(feeds, [output]))[output] as Tensor).data as Float32Array;
    const numbers = (await run()).slice();
    if (expected !== null && !areSameNumbers(expected, numbers))
      throw new Error('its numbers are not those of the processor');
    const trial = { ...execution, ...(await timed(run)) };
    say({ kind: 'trial', trial });
    return { numbers, trial };
  } catch (error) {
    say({ kind: 'failed', execution, reason: (error as Error).message.split('\n')[0] ?? 'unknown error' });
    return null;
  }
}

async function timed(run: () => Promise<unknown>): Promise<{ cpuMs: number; pictureMs: number }> {
  const cpus: number[] = [];
  const times: number[] = [];
  const begunAt = performance.now();
  do {
    const [cpu, at] = [process.cpuUsage(), performance.now()];
    await run();
    times.push(performance.now() - at);
    const { user, system } = process.cpuUsage(cpu);
    cpus.push((user + system) / 1000);
  } while (times.length < MOST_RUNS && performance.now() - begunAt < LONGEST_RUNS_MS);
  const cpuMs = cpus.toSorted((a, b) => a - b)[Math.floor(cpus.length / 2)] as number;
  return { cpuMs, pictureMs: Math.min(...times) };
}

/** Grey blocks: planes as ffmpeg writes them. */
function testPicture(width: number, height: number): Uint8Array {
  const picture = new Uint8Array(3 * width * height);
  for (let at = 0; at < picture.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width) % height];
    picture[at] = 60 + (((x >> 4) * 7 + (y >> 4) * 13) % 12) * 12;
  }
  return picture;
}

/** Besides the processor. */
function providersFor(wanted: InferenceProvider | 'auto'): readonly InferenceProvider[] {
  if (wanted !== 'auto') return wanted === 'cpu' ? [] : [wanted];
  const listed = listSupportedBackends();
  return INFERENCE_PROVIDERS.filter((provider) => {
    const entry = listed.find(({ name }) => name === provider);
    return provider !== 'cpu' && entry !== undefined && (entry.bundled || hasLibrary(provider));
  });
}

/** onnxruntime-node lists what it could load; its library is installed beside it, or not. */
function hasLibrary(provider: InferenceProvider): boolean {
  const folder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '../bin/napi-v6');
  return existsSync(join(folder, process.platform, process.arch, `libonnxruntime_providers_${provider}.so`));
}
