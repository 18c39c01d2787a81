/** Whether a picture can be judged at all: darkness, a covered or blurred lens, a frozen picture, a camera that was moved. */
import type { LumaGrid } from './luma.ts';
import type { Views } from './views.ts';

export type SceneFault = 'dark' | 'covered' | 'blurred' | 'frozen' | 'moved';

export interface SceneJudgement {
  readonly fault: SceneFault | null;
  /** The view that is seen; null: what this look shows has no place in any. */
  readonly view: string | null;
}

/** Measured on street video, night and day, and on the generated streets: healthy pictures stay well on the other side. */
const DARK_MEAN = 16;
const DARK_DEVIATION = 10;
const FLAT_DEVIATION = 7;
const BLURRED_SHARE = 0.3;
const BLURRED_LOOKS = 3;
const SHARPNESS_RATE = 0.02;

export class SceneHealth {
  readonly #frozenMs: number;
  readonly #views: Views;
  #view: string | null = null;
  #previous: LumaGrid | null = null;
  #sharpness = 0;
  #blurredLooks = 0;
  #sameSinceMs: number | null = null;

  constructor(options: { readonly frozenSeconds: number }, views: Views) {
    this.#frozenMs = options.frozenSeconds * 1000;
    this.#views = views;
  }

  judge(grid: LumaGrid, nowMs: number): SceneJudgement {
    const isFrozen = this.#isFrozen(grid, nowMs);
    const unusable = this.#isUnusable(grid);
    this.#remember(grid);
    if (unusable !== null) return { fault: unusable, view: null };
    const { view, moved } = this.#views.follow(grid, nowMs);
    if (view !== null && view !== this.#view) {
      // Another view may be as sharp as it likes.
      if (this.#view !== null) this.#sharpness = grid.sharpness;
      this.#view = view;
    }
    if (moved) return { fault: 'moved', view: null };
    return isFrozen ? { fault: 'frozen', view: null } : { fault: null, view };
  }

  #isUnusable(grid: LumaGrid): SceneFault | null {
    if (grid.mean < DARK_MEAN && grid.deviation < DARK_DEVIATION) return 'dark';
    if (grid.deviation < FLAT_DEVIATION) return 'covered';
    const blurred = this.#sharpness > 0 && grid.sharpness < this.#sharpness * BLURRED_SHARE;
    this.#blurredLooks = blurred ? this.#blurredLooks + 1 : 0;
    if (!blurred) {
      const rate = this.#sharpness === 0 ? 1 : SHARPNESS_RATE;
      this.#sharpness += (grid.sharpness - this.#sharpness) * rate;
    }
    return this.#blurredLooks >= BLURRED_LOOKS ? 'blurred' : null;
  }

  /** A real camera's noise makes no two pictures alike, to the last bit. */
  #isFrozen(grid: LumaGrid, nowMs: number): boolean {
    const { cells } = grid;
    const before = this.#previous?.cells;
    const same = before !== undefined && cells.every((value, i) => value === before[i]);
    this.#sameSinceMs = same ? (this.#sameSinceMs ?? nowMs) : null;
    return this.#sameSinceMs !== null && nowMs - this.#sameSinceMs >= this.#frozenMs;
  }

  #remember(grid: LumaGrid): void {
    if (this.#previous === null) this.#previous = grid.clone();
    else this.#previous.copyFrom(grid);
  }
}
