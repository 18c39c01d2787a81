/** What the running model does, counted since it began to run or was last judged. */
import type { Tally } from './state.ts';
import { NO_TALLY } from './trial.ts';

export class ModelWatch {
  #tally: Tally = NO_TALLY;

  get tally(): Tally {
    return this.#tally;
  }

  /** Another model runs from now on. */
  begin(): void {
    this.#tally = NO_TALLY;
  }

  analysed(elapsedMs: number): void {
    this.#tally = {
      ...this.#tally,
      frames: this.#tally.frames + 1,
      elapsedMs: this.#tally.elapsedMs + elapsedMs,
    };
  }

  failed(): void {
    this.#tally = { ...this.#tally, errors: this.#tally.errors + 1 };
  }

  /** Something has been seen that may become a detection. */
  candidate(): void {
    this.#tally = { ...this.#tally, candidates: this.#tally.candidates + 1 };
  }
}
