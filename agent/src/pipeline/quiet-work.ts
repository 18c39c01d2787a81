/** Work that can wait until all cameras are looked at in time again: one piece after the other, and bounded. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Each may hold a picture. Of more the oldest is given up. */
const MOST_WAITING = 16;
const AGAIN_MS = 1_000;

export class QuietWork {
  readonly #isBusy: () => boolean;
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;

  constructor(isBusy: () => boolean) {
    this.#isBusy = isBusy;
  }

  /** `work`: may be given up; never rejects. */
  add(work: () => Promise<void>): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift();
    this.#waiting.push(work);
    this.#running ??= this.#run();
  }

  /** What waits is given up; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#waiting.length > 0 && !signal.aborted) {
      if (this.#isBusy()) await sleep(AGAIN_MS, undefined, { signal }).catch(() => {});
      else await this.#waiting.shift()?.();
    }
    this.#running = null;
  }
}
