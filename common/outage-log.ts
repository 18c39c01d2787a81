/**
 * What fails again and again, such as a store or a broker that is away: told once when it begins, at most once a minute while its
 * reason changes, and once when it is over, with how often it failed and for how long.
 */

import type { Log } from './log.ts';
import { steadyMs } from './steady-clock.ts';

const MINUTE_MS = 60_000;

export interface OutageOptions {
  /** What is written when it begins. */
  readonly failed: string;
  /** What is written when it is over; left out where something else says so. */
  readonly over?: string;
  readonly level?: 'warn' | 'error';
  /** In every line of it. */
  readonly fields?: object;
  /** Milliseconds of a clock that is never set. */
  readonly now?: () => number;
}

export class OutageLog {
  readonly #log: Log;
  readonly #options: OutageOptions;
  readonly #now: () => number;
  #failures = 0;
  #beganAt = 0;
  #toldAt = 0;
  #reason = '';

  constructor(log: Log, options: OutageOptions) {
    this.#log = log;
    this.#options = options;
    this.#now = options.now ?? steadyMs;
  }

  /** Times that it has failed since it last worked. */
  get failures(): number {
    return this.#failures;
  }

  /** `reason`: without secrets. */
  failed(reason: string): void {
    const { failed, level = 'warn', fields } = this.#options;
    const now = this.#now();
    this.#failures += 1;
    if (this.#failures === 1) this.#beganAt = now;
    else if (reason === this.#reason || now - this.#toldAt < MINUTE_MS) return;
    this.#reason = reason;
    this.#toldAt = now;
    const counted = this.#failures === 1 ? {} : { failures: this.#failures };
    this.#log[level]({ ...fields, reason, ...counted }, failed);
  }

  /** It works; what has not failed says nothing. */
  works(): void {
    if (this.#failures === 0) return;
    const { over, fields } = this.#options;
    const seconds = Math.round((this.#now() - this.#beganAt) / 1000);
    if (over !== undefined) this.#log.info({ ...fields, failures: this.#failures, seconds }, over);
    this.#failures = 0;
  }
}
