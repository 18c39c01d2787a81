/** Whether a picture can be judged at all: darkness, a covered or blurred lens, a frozen picture, a camera that was moved. */
import { viewLikeness } from './change.ts';
import type { LumaGrid } from './luma.ts';

export type SceneFault = 'dark' | 'covered' | 'blurred' | 'frozen' | 'moved';

export interface SceneJudgement {
  readonly fault: SceneFault | null;
  /** The camera looks at something else now: what was being tracked has no meaning any more. */
  readonly viewChanged: boolean;
}

/** Measured on street video, night and day, and on the generated streets: healthy pictures stay well on the other side. */
const DARK_MEAN = 16;
const DARK_DEVIATION = 10;
const FLAT_DEVIATION = 7;
const BLURRED_SHARE = 0.3;
const BLURRED_LOOKS = 3;
const UNLIKE = 0.25;
const STEADY = 0.6;
const MOVED_LOOKS = 3;
const REFERENCE_RATE = 0.05;
const SHARPNESS_RATE = 0.02;
/** How long a move is reported; after that the new view is the view. */
const MOVED_REPORT_MS = 60_000;

export class SceneHealth {
  readonly #frozenMs: number;
  #reference: LumaGrid | null = null;
  #previous: LumaGrid | null = null;
  #sharpness = 0;
  #blurredLooks = 0;
  #unlikeLooks = 0;
  #sameSinceMs: number | null = null;
  #movedAtMs: number | null = null;

  constructor(options: { readonly frozenSeconds: number }) {
    this.#frozenMs = options.frozenSeconds * 1000;
  }

  judge(grid: LumaGrid, nowMs: number): SceneJudgement {
    const frozen = this.#isFrozen(grid, nowMs);
    const unusable = this.#isUnusable(grid);
    const viewChanged = unusable === null && this.#followView(grid, nowMs);
    this.#remember(grid);
    if (unusable !== null) return { fault: unusable, viewChanged };
    const moved = this.#movedAtMs !== null && nowMs - this.#movedAtMs < MOVED_REPORT_MS;
    return { fault: frozen ? 'frozen' : moved ? 'moved' : null, viewChanged };
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

  /** True once, when the picture has settled on a view that is not the one it had. */
  #followView(grid: LumaGrid, nowMs: number): boolean {
    if (this.#reference === null || this.#previous === null) {
      this.#reference = grid.clone();
      return false;
    }
    const unlike =
      viewLikeness(grid, this.#reference) < UNLIKE && viewLikeness(grid, this.#previous) > STEADY;
    this.#unlikeLooks = unlike ? this.#unlikeLooks + 1 : 0;
    if (this.#unlikeLooks >= MOVED_LOOKS) {
      this.#reference.copyFrom(grid);
      this.#unlikeLooks = 0;
      this.#movedAtMs = nowMs;
      this.#sharpness = grid.sharpness;
      return true;
    }
    if (this.#unlikeLooks === 0) blend(this.#reference, grid);
    return false;
  }

  #remember(grid: LumaGrid): void {
    if (this.#previous === null) this.#previous = grid.clone();
    else this.#previous.copyFrom(grid);
  }
}

function blend(reference: LumaGrid, grid: LumaGrid): void {
  for (let i = 0; i < grid.cells.length; i++) {
    const old = reference.cells[i] as number;
    reference.cells[i] = old + ((grid.cells[i] as number) - old) * REFERENCE_RATE;
  }
}
