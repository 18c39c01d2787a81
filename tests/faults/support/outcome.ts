/** What a history of one fault came to, as it goes into the table and into bench-results/faults.json. */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { percentile } from './percentile.ts';
import { SEED } from './run.ts';

export interface Outcome {
  /** The name of the file without its ending: `npm run test:long -- faults/FAULT` runs it alone. */
  readonly fault: string;
  /** How often, or how long: `200 kills`. */
  readonly extent: string;
  readonly detections?: Verdict;
  readonly deadlines?: Deadlines;
  /** Of a camera that is there again, until a picture of it was looked at; in ms. */
  readonly returns?: Spread;
  /** Of a process that ran through it all. */
  readonly growth?: Growth;
  /** What has no column: a sentence each. */
  readonly notes?: readonly string[];
}

export interface Verdict {
  /** That the streets shown must have brought. */
  readonly expected: number;
  readonly lost: number;
  readonly doubled: number;
}

export interface Deadlines {
  readonly fired: number;
  readonly early: number;
  readonly doubled: number;
  readonly lateP99Ms: number;
}

export interface Spread {
  readonly times: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

export interface Growth {
  readonly process: string;
  /** Medians of the first and of the last tenth of the samples. */
  readonly descriptors: readonly [number, number];
  readonly children: readonly [number, number];
  readonly memoryMiB: readonly [number, number];
}

export interface Recorded extends Outcome {
  readonly seed: number;
  readonly startedAt: string;
  readonly minutes: number;
  /** Of the machine, at its end: other work on it makes times longer. */
  readonly load: number;
}

const startedAt = new Date();

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the outcomes of this run are put together. */
    faultsFolder: string;
  }
}

/** To be called before anything is asserted: what failed is in the table, too. */
export function record(outcome: Outcome): void {
  const elapsed = (Date.now() - startedAt.getTime()) / 60_000;
  const recorded: Recorded = {
    ...outcome,
    seed: SEED,
    startedAt: startedAt.toISOString(),
    minutes: Math.round(elapsed * 10) / 10,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
  writeFileSync(join(inject('faultsFolder'), `${outcome.fault}.json`), JSON.stringify(recorded));
}

export function spread(durationsMs: readonly number[]): Spread {
  const at = (share: number): number => Math.round(percentile(durationsMs, share));
  return { times: durationsMs.length, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) };
}
