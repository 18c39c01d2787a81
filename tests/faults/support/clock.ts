/**
 * A program's wall clock that a test sets, by libfaketime (Debian: libfaketime). What counts from the start of the machine goes on as
 * it does, as with a clock that somebody sets.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find(existsSync);

/** Left out where libfaketime is not installed. */
export const HAS_CLOCKS = LIBRARY !== undefined;
/** That a program reads the file anew at the latest, in real time. */
export const NOTICED_MS = 1_500;

export class SettableClock {
  readonly #file: string;

  constructor(folder: string, program: string) {
    this.#file = join(folder, `${program}.clock`);
    this.jump(0);
  }

  /** For the program, from its start. */
  get env(): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** So far from the right time, from now on. */
  jump(seconds: number): void {
    writeFileSync(this.#file, `${seconds < 0 ? '' : '+'}${Math.round(seconds)}`);
  }
}
