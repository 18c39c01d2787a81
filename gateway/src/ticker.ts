/** What falls due by the clock rather than by a message: dispatches, clock steps, alerts that come back, tidying up. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

const EVERY_MS = 500;

export interface Chore {
  readonly name: string;
  /** Every so many ticks. */
  readonly every: number;
  run(): Promise<unknown>;
}

export class Ticker {
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(chores: readonly Chore[], log: Logger) {
    this.#running = this.#run(chores, log);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(chores: readonly Chore[], log: Logger): Promise<void> {
    const { signal } = this.#stopping;
    for (let tick = 0; !signal.aborted; tick++) {
      for (const chore of chores) {
        if (tick % chore.every !== 0 || signal.aborted) continue;
        await chore
          .run()
          .catch((error: Error) => log.error({ chore: chore.name, reason: error.message }, 'chore failed'));
      }
      await delay(EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
