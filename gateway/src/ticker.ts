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
    // A store that is away fails every chore twice a second: the first failure is told, and how many there were.
    const failures = new Map<string, number>();
    const told = (chore: Chore, error: Error | null): void => {
      const before = failures.get(chore.name) ?? 0;
      failures.set(chore.name, error === null ? 0 : before + 1);
      if (error !== null && before === 0)
        log.error({ chore: chore.name, reason: error.message }, 'chore failed; it is tried again');
      if (error === null && before > 0)
        log.info({ chore: chore.name, failures: before }, 'chore works again');
    };
    for (let tick = 0; !signal.aborted; tick++) {
      for (const chore of chores) {
        if (tick % chore.every !== 0 || signal.aborted) continue;
        await chore.run().then(
          () => told(chore, null),
          (error: Error) => told(chore, error),
        );
      }
      await delay(EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
