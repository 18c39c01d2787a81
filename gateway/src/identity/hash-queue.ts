/**
 * Password hashes wait here for their turn. Each takes 19 MiB and tens of milliseconds of a thread that files and names are read
 * by, too; so few are computed at once, a bounded number waits, and the rest is told to come back.
 */
import { availableParallelism } from 'node:os';
import { Refusal } from '../refusal.ts';

/** Of libuv's four threads and this machine's cores, most are left to everything else. */
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Some two seconds' worth, of strangers and of known browsers each. */
const MAX_WAITING = 32;
const RETRY_AFTER_S = 5;

export class HashQueue {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  #running = 0;
  readonly #known: (() => void)[] = [];
  readonly #strangers: (() => void)[] = [];

  constructor({ atOnce = AT_ONCE, maxWaiting = MAX_WAITING } = {}) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** Runs `work` in its turn, known browsers before strangers. Throws Refusal (unavailable) when too many wait already. */
  async run<T>(work: () => Promise<T>, known = false): Promise<T> {
    if (this.#running >= this.#atOnce) {
      const line = known ? this.#known : this.#strangers;
      if (line.length >= this.#maxWaiting)
        throw new Refusal('sign_in_crowded', 'too many people are signing in at this moment', RETRY_AFTER_S);
      // Whoever ends hands its place over, so `#running` stays as it is.
      await new Promise<void>((resolve) => line.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#known.shift() ?? this.#strangers.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
