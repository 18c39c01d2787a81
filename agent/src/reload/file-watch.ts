/**
 * Tells that a file has been written, once whoever writes it seems to have finished. Its folder is watched, not the file: editors and
 * those who hand out settings put another file in its place.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '@roadwatch/common';

/** It has to be as it is for so long: half a file may be a valid one, with fewer cameras. */
const SETTLED_MS = 400;

export class FileWatch {
  readonly #file: string;
  readonly #onChange: () => void;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** As it was when it was last told of, and when it was last looked at. */
  #told: string;
  #seen: string;

  constructor(file: string, onChange: () => void, log: Pick<Log, 'warn'>) {
    this.#file = file;
    this.#onChange = onChange;
    this.#told = this.#seen = lookOf(file);
    const failed = (error: Error): void => {
      this.stop();
      log.warn({ reason: error.message }, 'changes of the configuration are not noticed, send SIGHUP');
    };
    try {
      this.#watcher = watch(dirname(file), { persistent: false }, () => this.#lookSoon());
      this.#watcher.on('error', failed);
    } catch (error) {
      failed(error as Error);
    }
  }

  stop(): void {
    this.#watcher?.close();
    this.#watcher = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Other files of the folder may change all the time, so a look is never put off. */
  #lookSoon(): void {
    if (this.#watcher !== null) this.#timer ??= setTimeout(() => this.#look(), SETTLED_MS);
  }

  #look(): void {
    this.#timer = null;
    const look = lookOf(this.#file);
    const isSettled = look === this.#seen;
    this.#seen = look;
    if (!isSettled) {
      this.#lookSoon();
      return;
    }
    if (look === this.#told) return;
    this.#told = look;
    this.#onChange();
  }
}

/** Another for whatever may be another file, or another text. */
function lookOf(file: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(file);
    return [dev, ino, size, mtimeMs, ctimeMs].join();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}
