/**
 * Whether a picture can be judged at all: darkness, a covered or blurred lens, a frozen picture, a camera that was moved, and what
 * is no picture of a street at all.
 */
import type { LumaGrid } from './luma.ts';
import type { Views } from './views.ts';

export type SceneFault = 'dark' | 'covered' | 'blurred' | 'frozen' | 'moved' | 'placeholder';

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
/**
 * Share of cells without texture in few tones. Measured: "no video" pages, colour bars and test pictures 0.6 and more, streets in
 * any light 0.2 and less; where no view is known that a picture could be unlike, more is wanted.
 */
const DRAWN = 0.5;
const SURELY_DRAWN = 0.8;
const DRAWN_LOOKS = 3;

export class SceneHealth {
  #frozenMs: number;
  readonly #views: Views;
  #view: string | null = null;
  #previous: LumaGrid | null = null;
  #sharpness = 0;
  #blurredLooks = 0;
  /** Looks in a row that say the other of what is believed. */
  #drawnLooks = 0;
  #isDrawn = false;
  #sameSinceMs: number | null = null;

  constructor(options: { readonly frozenSeconds: number }, views: Views) {
    this.#frozenMs = options.frozenSeconds * 1000;
    this.#views = views;
  }

  set frozenSeconds(seconds: number) {
    this.#frozenMs = seconds * 1000;
  }

  judge(grid: LumaGrid, nowMs: number): SceneJudgement {
    const isFrozen = this.#isFrozen(grid, nowMs);
    this.#remember(grid);
    if (isBlind(grid)) return { fault: grid.mean < DARK_MEAN ? 'dark' : 'covered', view: null };
    const isDrawn = this.#isDrawing(grid);
    if (this.#followDrawing(isDrawn)) return { fault: 'placeholder', view: null };
    // Too early to say so, but no view of the street either.
    if (isDrawn) return { fault: null, view: null };
    if (this.#isBlurred(grid)) return { fault: 'blurred', view: null };
    const { view, moved } = this.#views.follow(grid, nowMs);
    if (view !== null && view !== this.#view) {
      // Another view may be as sharp as it likes.
      if (this.#view !== null) this.#sharpness = grid.sharpness;
      this.#view = view;
    }
    if (moved) return { fault: 'moved', view: null };
    return isFrozen ? { fault: 'frozen', view: null } : { fault: null, view };
  }

  #isDrawing(grid: LumaGrid): boolean {
    if (grid.fewTones < DRAWN) return false;
    const isLike = this.#views.isLike(grid);
    return isLike === null ? grid.fewTones >= SURELY_DRAWN : !isLike;
  }

  /** What is believed of the picture, which a few looks in a row change. */
  #followDrawing(isDrawn: boolean): boolean {
    this.#drawnLooks = isDrawn === this.#isDrawn ? 0 : this.#drawnLooks + 1;
    if (this.#drawnLooks >= DRAWN_LOOKS) {
      this.#isDrawn = isDrawn;
      this.#drawnLooks = 0;
    }
    return this.#isDrawn;
  }

  #isBlurred(grid: LumaGrid): boolean {
    const blurred = this.#sharpness > 0 && grid.sharpness < this.#sharpness * BLURRED_SHARE;
    this.#blurredLooks = blurred ? this.#blurredLooks + 1 : 0;
    if (!blurred) {
      const rate = this.#sharpness === 0 ? 1 : SHARPNESS_RATE;
      this.#sharpness += (grid.sharpness - this.#sharpness) * rate;
    }
    return this.#blurredLooks >= BLURRED_LOOKS;
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

function isBlind({ mean, deviation }: LumaGrid): boolean {
  return (mean < DARK_MEAN && deviation < DARK_DEVIATION) || deviation < FLAT_DEVIATION;
}
