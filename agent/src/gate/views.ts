/**
 * Which way the camera looks. A place in the picture means something only in the view in which it was seen: a camera that was
 * turned shows other places there, and those of before again once it is turned back.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import { patchDifference, patchOf, viewLikeness } from './change.ts';
import { LumaGrid } from './luma.ts';

/** A view as it is kept: how it looked, on the luma grid, in different light. */
export interface StoredView {
  readonly id: string;
  readonly columns: number;
  readonly rows: number;
  /** Oldest first; brightness of each cell, row by row. */
  readonly looks: readonly Uint8Array[];
}

export interface ViewSighting {
  /** The view that this look shows; null while it is not known, or something else fills the picture. */
  readonly view: string | null;
  /** The camera was turned, a short while ago, to where it has not looked before. */
  readonly moved: boolean;
}

/**
 * Likeness of two looks. Measured on the generated streets: the same view in other light and weather, and a dim and noisy one, 0.3
 * and more; a camera that was turned by a degree 0.07 and less.
 */
const UNLIKE = 0.2;
const STEADY = 0.4;
/** A look that is less like all that is kept of its view is kept as well. */
const OTHER_LIGHT = 0.6;
/** Steady looks in a row that show another view. */
const MOVED_LOOKS = 3;
const REFERENCE_RATE = 0.05;
/** Looks until the reference has left out noise and what passes. */
const SETTLED_LOOKS = 20;
const MAX_LOOKS = 6;
const MAX_VIEWS = 16;
/**
 * So long what is found in a new view is held against its first look: on one day hardly any damage opens, and what has been there
 * for years is found, in one light or another. Mean difference of brightness, of 255, up to which a place looks as it did: what
 * opens in plain view differs by more, and so does a place in another light, of which nothing is said.
 */
const FIRST_DAY_MS = 24 * 3_600_000;
const AS_BEFORE = 6;
/** How long a move is reported; after that the new view is a view like any other. */
const MOVED_REPORT_MS = 60_000;

interface View {
  readonly id: string;
  readonly columns: number;
  readonly rows: number;
  /** The first of them is the very first look until there is a better one. */
  isFresh: boolean;
  looks: LumaGrid[];
  /** Null of a view that an earlier run has seen. */
  readonly first: { readonly grid: LumaGrid; readonly atMs: number } | null;
}

export class Views {
  readonly #newId: () => string;
  /**
   * The one seen last comes last. An order, not times: those of an earlier run are another clock's, and one that was an hour ahead
   * would have what is seen today forgotten first.
   */
  #views: View[];
  #current: View | null = null;
  #reference: LumaGrid | null = null;
  #previous: LumaGrid | null = null;
  #looksSinceChange = 0;
  #unlikeLooks = 0;
  #movedAtMs: number | null = null;
  #isChanged = false;

  /** `stored`: as it was got from `stored` of an earlier run. */
  constructor(stored: readonly StoredView[], newId: () => string) {
    this.#newId = newId;
    this.#views = stored.map(({ id, columns, rows, looks }) => ({
      id,
      columns,
      rows,
      isFresh: false,
      looks: looks.map((cells) => gridOf({ columns, rows }, cells)),
      first: null,
    }));
  }

  has(id: string): boolean {
    return this.#views.some((view) => view.id === id);
  }

  /** Whether a place looks as it did when its view was seen for the first time, on the first day of that. False when nobody knows. */
  hasLookedSo(id: string, grid: LumaGrid, box: NormalizedBox, nowMs: number): boolean {
    const first = this.#views.find((view) => view.id === id)?.first ?? null;
    if (first === null || nowMs - first.atMs > FIRST_DAY_MS) return false;
    return patchDifference(grid, patchOf(first.grid, box)) <= AS_BEFORE;
  }

  /** Whether there is something new to be kept since the last call. */
  takeChanged(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  /** The one seen last comes last. */
  get stored(): readonly StoredView[] {
    return this.#views.map(({ id, columns, rows, looks }) => ({
      id,
      columns,
      rows,
      looks: looks.map(({ cells }) => Uint8Array.from(cells, Math.round)),
    }));
  }

  /** Whether a look is like one of the views; null when none is known. */
  isLike(grid: LumaGrid): boolean | null {
    if (
      this.#reference !== null &&
      isOfShape(this.#reference, grid) &&
      viewLikeness(grid, this.#reference) >= UNLIKE
    )
      return true;
    return this.#views.length === 0 ? null : this.#find(grid) !== null;
  }

  /** For a look that can be judged. A grid of another shape than the last is another view. */
  follow(grid: LumaGrid, nowMs: number): ViewSighting {
    let isIn = true;
    if (this.#reference === null || !isOfShape(this.#reference, grid)) this.#begin(grid, nowMs);
    else isIn = this.#compare(grid, this.#reference, nowMs);
    if (this.#previous === null || !isOfShape(this.#previous, grid)) this.#previous = grid.clone();
    else this.#previous.copyFrom(grid);
    if (isIn && this.#current !== null) this.#putLast(this.#current);
    // Either way: the clock of the box may be set back.
    const moved = this.#movedAtMs !== null && Math.abs(nowMs - this.#movedAtMs) < MOVED_REPORT_MS;
    return { view: isIn && !moved ? (this.#current?.id ?? null) : null, moved };
  }

  #begin(grid: LumaGrid, nowMs: number): void {
    this.#unlikeLooks = 0;
    this.#looksSinceChange = 0;
    this.#movedAtMs = null;
    this.#reference = grid.clone();
    this.#current = this.#find(grid);
    // Where views are known, a lorry before the lens must not become another one.
    if (this.#current === null && this.#views.length === 0) this.#current = this.#add(grid, nowMs);
  }

  /** Whether the look shows the current view. */
  #compare(grid: LumaGrid, reference: LumaGrid, nowMs: number): boolean {
    const isSteady = this.#previous !== null && viewLikeness(grid, this.#previous) > STEADY;
    const isLike = viewLikeness(grid, reference) >= UNLIKE;
    if (isLike || !isSteady) {
      this.#unlikeLooks = 0;
      if (isLike && isSteady && this.#current === null) this.#settle(grid, nowMs);
      blend(reference, grid);
      this.#learn(reference);
      return isLike || this.#looksSinceChange < SETTLED_LOOKS;
    }
    this.#unlikeLooks++;
    if (this.#unlikeLooks < MOVED_LOOKS) return false;
    this.#settle(grid, nowMs);
    reference.copyFrom(grid);
    return true;
  }

  /** On a view that is known, or on one into which the camera has been moved. */
  #settle(grid: LumaGrid, nowMs: number): void {
    const known = this.#find(grid);
    this.#current = known ?? this.#add(grid, nowMs);
    this.#movedAtMs = known === null ? nowMs : null;
    this.#unlikeLooks = 0;
    this.#looksSinceChange = 0;
  }

  /** Keeps how the view looks in a light in which it has not been seen yet. */
  #learn(reference: LumaGrid): void {
    this.#looksSinceChange++;
    const view = this.#current;
    if (view === null || this.#looksSinceChange % SETTLED_LOOKS !== 0) return;
    if (view.isFresh) view.looks = [];
    if (!view.looks.every((look) => viewLikeness(look, reference) < OTHER_LIGHT)) return;
    view.isFresh = false;
    view.looks.push(reference.clone());
    if (view.looks.length > MAX_LOOKS) view.looks.splice(1, 1);
    this.#isChanged = true;
  }

  #find(grid: LumaGrid): View | null {
    let best: { view: View; likeness: number } | null = null;
    for (const view of this.#views) {
      if (!isOfShape(view, grid)) continue;
      const likeness = Math.max(...view.looks.map((look) => viewLikeness(look, grid)));
      if (likeness >= UNLIKE && likeness > (best?.likeness ?? 0)) best = { view, likeness };
    }
    return best?.view ?? null;
  }

  #putLast(view: View): void {
    if (this.#views.at(-1) === view) return;
    this.#views = [...this.#views.filter((other) => other !== view), view];
    this.#isChanged = true;
  }

  #add(grid: LumaGrid, atMs: number): View {
    const { columns, rows } = grid;
    const view: View = {
      id: this.#newId(),
      columns,
      rows,
      isFresh: true,
      looks: [grid.clone()],
      first: { grid: grid.clone(), atMs },
    };
    this.#views = [...this.#views, view].slice(-MAX_VIEWS);
    this.#isChanged = true;
    return view;
  }
}

type Shape = Pick<LumaGrid, 'columns' | 'rows'>;

function isOfShape(a: Shape, b: Shape): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}

function gridOf(shape: Shape, cells: Uint8Array): LumaGrid {
  const grid = LumaGrid.of(shape);
  grid.cells.set(cells.subarray(0, grid.cells.length));
  return grid;
}

function blend(reference: LumaGrid, grid: LumaGrid): void {
  for (let i = 0; i < grid.cells.length; i++) {
    const old = reference.cells[i] as number;
    reference.cells[i] = old + ((grid.cells[i] as number) - old) * REFERENCE_RATE;
  }
}
