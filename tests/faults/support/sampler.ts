/** Whether a process that runs through a history grows: its descriptors, its children and the memory of all of them, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { usageOf } from '../../../bench/process-tree.ts';
import type { Growth } from './outcome.ts';
import { median } from './percentile.ts';

interface Sample {
  readonly descriptors: number;
  readonly children: number;
  readonly memoryMiB: number;
}

const EVERY_MS = 5_000;

export class Sampler {
  readonly #name: string;
  readonly #pid: () => number | undefined;
  readonly #samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;

  /** `pid`: asked each time, for a process may be replaced; the caller calls `stop`. */
  constructor(name: string, pid: () => number | undefined) {
    this.#name = name;
    this.#pid = pid;
    this.#timer = setInterval(() => this.take(), EVERY_MS);
  }

  take(): void {
    const pid = this.#pid();
    const sample = pid === undefined ? null : sampleOf(pid);
    if (sample !== null) this.#samples.push(sample);
  }

  stop(): Growth {
    clearInterval(this.#timer);
    const tenth = Math.max(1, Math.floor(this.#samples.length / 10));
    const ends = (what: keyof Sample): readonly [number, number] => {
      const values = this.#samples.map((sample) => sample[what]);
      return [median(values.slice(0, tenth)), median(values.slice(-tenth))];
    };
    return {
      process: this.#name,
      descriptors: ends('descriptors'),
      children: ends('children'),
      memoryMiB: ends('memoryMiB'),
    };
  }
}

/** Null when it has ended meanwhile. */
function sampleOf(pid: number): Sample | null {
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    const children = childrenOf(pid).length;
    const { memoryMiB } = usageOf(pid);
    return { descriptors, children, memoryMiB };
  } catch {
    return null;
  }
}

/** Those that it started itself, from whichever thread. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  });
}
