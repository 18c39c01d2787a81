/** Tells that a ring may have grown: by what the system says of its folder, or, where that cannot be had, by the time that has passed. */
import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever waits looks at other things in between: whether to go on at all. */
const WATCHED_MS = 250;
/** As on a machine whose inotify watches are used up: half the time between two pictures. */
const UNWATCHED_MS = 20;

export class RingWatch {
  #watcher: FSWatcher | null = null;
  /** Since it was last waited. */
  #hasChanged = false;
  #wake: () => void = () => {};

  constructor(dir: string) {
    try {
      this.#watcher = watch(dir, { persistent: false }, () => this.#changed());
      this.#watcher.on('error', () => this.close());
    } catch {
      // It is looked at by the clock instead.
    }
  }

  /** Resolves when something has been written since the last call of it, or a while has passed, or it is aborted. */
  async change(signal: AbortSignal): Promise<void> {
    if (!this.#hasChanged) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      const wait = this.#watcher === null ? UNWATCHED_MS : WATCHED_MS;
      await sleep(wait, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => {});
      this.#wake = () => {};
    }
    this.#hasChanged = false;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
    this.#wake();
  }

  #changed(): void {
    this.#hasChanged = true;
    this.#wake();
  }
}
