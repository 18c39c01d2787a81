/**
 * Parses what somebody else's server answers, in JSON or XML. What is larger than a few requests is parsed in a thread of its own,
 * one at a time, with little memory and for a short time, so that nothing else waits for it.
 */
import { Worker } from 'node:worker_threads';
import { type Form, parseHere } from './parse-here.ts';

/** Measured here: 64 KiB of XML take 6 ms, starting a thread about 60. */
const HERE_CHARACTERS = 64 * 1024;
const TIMEOUT_MS = 10_000;
const MEMORY_MB = 128;

let turn: Promise<unknown> = Promise.resolve();

/** The value; null when it is not valid, or not within the limits of an answer. */
export async function parseForeign(text: string, form: Form): Promise<unknown> {
  if (text.length <= HERE_CHARACTERS) return parseHere(text, form);
  const parsed = turn.then(() => parseApart(text, form));
  turn = parsed;
  return parsed;
}

/** Never rejects: a thread that fails or takes too long has parsed nothing. */
function parseApart(text: string, form: Form): Promise<unknown> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
      workerData: { text, form },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 16 },
    });
    const timer = setTimeout(() => end(null), TIMEOUT_MS);
    const end = (value: unknown): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(value);
    };
    worker.once('message', end);
    worker.once('error', () => end(null));
    worker.once('exit', () => end(null));
  });
}
