/**
 * What falls due by the clock rather than by a message: dispatches, clock steps, alerts that come back, tidying up. Each chore has
 * a loop of its own, so that one that takes long, such as deleting old pictures, holds up no deadline.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { OutageLog } from '@roadwatch/common';
import type { Logger } from 'pino';

const TICK_MS = 500;
/** A failure of a chore that is seldom due is not left for an hour. */
const RETRY_TICKS = 20;

export interface Chore {
  readonly name: string;
  /** Ticks of half a second from its end to its next beginning. */
  readonly every: number;
  run(): Promise<unknown>;
}

export class Ticker {
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>;

  constructor(chores: readonly Chore[], log: Logger) {
    this.#running = Promise.all(chores.map((chore) => this.#repeat(chore, log)));
  }

  /** Resolves once what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #repeat({ name, every, run }: Chore, log: Logger): Promise<void> {
    const { signal } = this.#stopping;
    // A store that is away fails every chore twice a second.
    const outage = new OutageLog(log, {
      failed: 'chore failed; it is tried again',
      over: 'chore works again',
      level: 'error',
      fields: { chore: name },
    });
    while (!signal.aborted) {
      try {
        await run();
        outage.works();
      } catch (error) {
        outage.failed((error as Error).message);
      }
      const wait = (outage.failures > 0 ? Math.min(every, RETRY_TICKS) : every) * TICK_MS;
      await delay(wait, undefined, { signal }).catch(() => {});
    }
  }
}
