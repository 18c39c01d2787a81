/** Whether a frame is worth an inference: nothing changed, or nothing to be seen, and it is not. One for each camera. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Frame, FramePool } from '../detect/frames.ts';
import { changedShare, differenceInside } from './change.ts';
import { CELL, LumaGrid } from './luma.ts';
import { paintSpans, polygonSpans, type Region, type Span } from './region.ts';
import { type SceneFault, SceneHealth } from './scene-health.ts';

export interface GateOptions {
  readonly maxSkipSeconds: number;
  readonly frozenSeconds: number;
  /** What the masks are painted with. */
  readonly pad: number;
}

export interface Verdict {
  readonly analyse: boolean;
  readonly reason: 'changed' | 'due' | 'wanted' | 'unchanged' | SceneFault;
  readonly fault: SceneFault | null;
  readonly viewChanged: boolean;
}

/** A picture cannot be judged through these; a frozen or moved one can. */
const BLINDING: readonly (SceneFault | null)[] = ['dark', 'covered', 'blurred'];
/** How much a place must differ from how it looked to count as hidden by something, of 255. */
const HIDDEN_DIFFERENCE = 14;

export class Gate {
  readonly #options: GateOptions;
  readonly #pool: FramePool;
  #region: Region;
  #health: SceneHealth;
  #current: LumaGrid | null = null;
  #analysed: LumaGrid | null = null;
  #analysedAtMs = Number.NEGATIVE_INFINITY;
  #spans: readonly Span[] = [];

  constructor(options: GateOptions, region: Region, pool: FramePool) {
    this.#options = options;
    this.#region = region;
    this.#pool = pool;
    this.#health = new SceneHealth(options);
  }

  /** `wanted`: something is being verified, so every frame counts. Paints the privacy masks into the frame. */
  judge(frame: Frame, wanted: boolean): Verdict {
    const pixels = this.#pool.pixels(frame.slot);
    const { format } = this.#pool;
    const grid = this.#gridFor(frame);
    paintSpans(pixels, this.#spans, format, this.#options.pad);
    grid.read(pixels, format.width);
    const { fault, viewChanged } = this.#health.judge(grid, frame.capturedAtMs);
    if (BLINDING.includes(fault)) {
      return { analyse: false, reason: fault as SceneFault, fault, viewChanged };
    }
    const reason = wanted ? 'wanted' : this.#reasonToLook(grid, frame.capturedAtMs);
    if (reason === null) return { analyse: false, reason: 'unchanged', fault, viewChanged };
    this.#analysed?.copyFrom(grid);
    this.#analysedAtMs = frame.capturedAtMs;
    return { analyse: true, reason, fault, viewChanged };
  }

  setRegion(region: Region): void {
    this.#region = region;
    this.#current = null;
  }

  /** How the picture looked at the last frame that was judged, for `isHidden`. */
  appearance(): LumaGrid | null {
    return this.#current?.clone() ?? null;
  }

  /** Whether something seems to stand before a place: it looks unlike it did. */
  isHidden(box: NormalizedBox, appearance: LumaGrid | null): boolean {
    if (appearance === null || this.#current === null) return false;
    if (appearance.cells.length !== this.#current.cells.length) return false;
    return differenceInside(this.#current, appearance, box) > HIDDEN_DIFFERENCE;
  }

  #reasonToLook(grid: LumaGrid, atMs: number): 'changed' | 'due' | null {
    if (this.#analysed === null) {
      this.#analysed = grid.clone();
      return 'changed';
    }
    if (changedShare(grid, this.#analysed) > 0) return 'changed';
    return atMs - this.#analysedAtMs >= this.#options.maxSkipSeconds * 1000 ? 'due' : null;
  }

  /** A new grid when the camera changes its shape; what was known of the picture before has no meaning then. */
  #gridFor({ content }: Frame): LumaGrid {
    const columns = Math.max(1, Math.floor(content.width / CELL));
    const rows = Math.max(1, Math.floor(content.height / CELL));
    if (this.#current === null || this.#current.columns !== columns || this.#current.rows !== rows) {
      this.#current = new LumaGrid(content);
      this.#analysed = null;
      this.#health = new SceneHealth(this.#options);
      this.#spans = polygonSpans(this.#region.masks, content);
    }
    return this.#current;
  }
}
