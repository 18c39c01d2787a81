/** Whether a frame is worth an inference: nothing changed, or nothing to be seen, and it is not. One for each camera. */
import type { NormalizedPolygon } from '@roadwatch/contract';
import type { Frame, FramePool } from '../frame/pool.ts';
import { roadCells } from '../frame/region.ts';
import { BackgroundModel } from './background.ts';
import { CELL, LumaGrid } from './luma.ts';
import { type SceneFault, SceneHealth } from './scene-health.ts';
import { UsualLook } from './usual-look.ts';
import type { Views } from './views.ts';

interface GateRules {
  readonly maxSkipSeconds: number;
  readonly frozenSeconds: number;
}

export interface GateOptions extends GateRules {
  /** What the privacy masks are painted with. */
  readonly pad: number;
  /** All of the picture when it is not given. */
  readonly road: NormalizedPolygon | undefined;
}

export interface Verdict {
  readonly analyse: boolean;
  /**
   * `passing`: what is new moves, as traffic does; a clearer look is waited for. `elsewhere`: it does not show the street as it is
   * known, and it is too early to say what it shows.
   */
  readonly reason: 'changed' | 'due' | 'wanted' | 'unchanged' | 'passing' | 'elsewhere' | SceneFault;
  readonly fault: SceneFault | null;
  /** Which of the camera's views it shows; null when nothing can be concluded from it. */
  readonly view: string | null;
}

/** A clearer look is waited for no longer than this. */
const MAX_WAIT_MS = 7_000;

export class Gate {
  #options: GateOptions;
  #road: NormalizedPolygon | undefined;
  readonly #pool: FramePool;
  readonly #views: Views;
  #view: string | null = null;
  #health: SceneHealth;
  #current: LumaGrid | null = null;
  #currentAtMs = Number.NaN;
  #background: BackgroundModel | null = null;
  /** Of the view, and of one shape of the picture. */
  #usual = new UsualLook();
  #analysedAtMs = Number.NEGATIVE_INFINITY;
  /** The last look that left no question open. */
  #clearAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: GateOptions, pool: FramePool, views: Views) {
    this.#options = options;
    this.#road = options.road;
    this.#pool = pool;
    this.#views = views;
    this.#health = new SceneHealth(options, views);
  }

  /** Of a frame with its privacy masks painted in. `wanted`: something is being verified, so every frame counts. */
  judge(frame: Frame, wanted: boolean): Verdict {
    const grid = this.#gridFor(frame);
    this.#read(grid, frame);
    const { fault, view } = this.#health.judge(grid, frame.capturedAtMs);
    if (view === null) return { analyse: false, reason: fault ?? 'elsewhere', fault, view };
    // What the model has seen of another view says nothing of this one.
    if (view !== this.#view) this.#forgetStreet();
    this.#view = view;
    this.#usual.learn(grid, frame.capturedAtMs);
    const reason = this.#reasonToLook(grid, frame.capturedAtMs, wanted);
    if (reason !== 'passing') this.#clearAtMs = frame.capturedAtMs;
    if (reason === 'unchanged' || reason === 'passing') return { analyse: false, reason, fault, view };
    this.#background?.accept();
    this.#analysedAtMs = frame.capturedAtMs;
    return { analyse: true, reason, fault, view };
  }

  /** Other parts of the picture are painted over from now on: what was known of it has no meaning then. */
  beginAnew(): void {
    this.#current = null;
  }

  /** What is known of the street stays. */
  set rules(rules: GateRules) {
    this.#options = { ...this.#options, ...rules };
    this.#health.frozenSeconds = rules.frozenSeconds;
  }

  /** Other cells count from now on; the street behind them is learnt anew. */
  setRoad(road: NormalizedPolygon | undefined): void {
    this.#road = road;
    this.#background = null;
  }

  /** The frame's grid again, when its boxes come back; others may have been judged since. */
  sightOf(frame: Frame): { readonly grid: LumaGrid; readonly usual: UsualLook } {
    const grid = this.#gridFor(frame);
    if (this.#currentAtMs !== frame.capturedAtMs) this.#read(grid, frame);
    return { grid, usual: this.#usual };
  }

  #forgetStreet(): void {
    this.#background = null;
    this.#usual = new UsualLook();
  }

  #read(grid: LumaGrid, frame: Frame): void {
    grid.read(this.#pool.pixels(frame.slot), this.#pool.format.width, this.#options.pad);
    this.#currentAtMs = frame.capturedAtMs;
  }

  #reasonToLook(
    grid: LumaGrid,
    atMs: number,
    wanted: boolean,
  ): 'changed' | 'due' | 'wanted' | 'unchanged' | 'passing' {
    if (this.#background === null) {
      this.#background = new BackgroundModel(grid, roadCells(this.#road, grid));
      this.#background.judge(grid, atMs);
      return 'changed';
    }
    const news = this.#background.judge(grid, atMs);
    if (wanted) return 'wanted';
    if (news === 'settled') return 'changed';
    // Either way: the clock of the box may be set back.
    if (Math.abs(atMs - this.#analysedAtMs) >= this.#options.maxSkipSeconds * 1000) return 'due';
    if (news === 'none') return 'unchanged';
    return Math.abs(atMs - this.#clearAtMs) >= MAX_WAIT_MS ? 'changed' : 'passing';
  }

  /** A new grid when the camera changes its shape; what was known of the picture before has no meaning then. */
  #gridFor({ content }: Frame): LumaGrid {
    const columns = Math.max(1, Math.floor(content.width / CELL));
    const rows = Math.max(1, Math.floor(content.height / CELL));
    if (this.#current === null || this.#current.columns !== columns || this.#current.rows !== rows) {
      this.#current = new LumaGrid(content);
      this.#forgetStreet();
      this.#health = new SceneHealth(this.#options, this.#views);
    }
    return this.#current;
  }
}
