/** How many cameras may have a closer look at the same time: one while all are looked at in time, more while the machine has time for them. */
import { cpus } from 'node:os';

/** What a closer look at a 1080p25 camera takes, CPU cores. */
const COST_CORES = 0.5;
const SAMPLE_MS = 2_000;

/** CPU cores with nothing to do over the last moments, on the whole machine. */
export class IdleCores {
  readonly #timer: NodeJS.Timeout;
  #before = cpuTimes();
  #cores = 0;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS).unref();
  }

  get cores(): number {
    return this.#cores;
  }

  /** Somebody has begun to use so many, which shows in the next sample only. */
  use(cores: number): void {
    this.#cores -= cores;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const now = cpuTimes();
    const all = now.all - this.#before.all;
    if (all > 0) this.#cores = ((now.idle - this.#before.idle) / all) * now.count;
    this.#before = now;
  }
}

export class BurstBudget {
  readonly #places: number;
  readonly #idle: Pick<IdleCores, 'cores' | 'use'>;
  readonly #isLate: () => boolean;
  #taken = 0;

  /** `isLate`: whether cameras wait for their looks. A closer look costs as much as twenty of those, and is left to them. */
  constructor(places: number, idle: Pick<IdleCores, 'cores' | 'use'>, isLate: () => boolean) {
    this.#places = places;
    this.#idle = idle;
    this.#isLate = isLate;
  }

  /** `urgent`: somebody waits for it. */
  take(urgent = false): boolean {
    const mayTakeMore = this.#taken < this.#places && this.#idle.cores >= COST_CORES;
    const mayTakeOne = this.#taken === 0 && (urgent || !this.#isLate());
    if (!mayTakeOne && !mayTakeMore) return false;
    this.#taken++;
    this.#idle.use(COST_CORES);
    return true;
  }

  give(): void {
    this.#taken--;
  }
}

function cpuTimes(): { readonly idle: number; readonly all: number; readonly count: number } {
  const list = cpus();
  const sum = (of: (times: (typeof list)[number]['times']) => number): number =>
    list.reduce((total, { times }) => total + of(times), 0);
  const idle = sum((times) => times.idle);
  return { idle, all: idle + sum(({ user, nice, sys, irq }) => user + nice + sys + irq), count: list.length };
}
