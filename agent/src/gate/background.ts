/**
 * What is there now that the model has not seen, at rest. Damage stands still; traffic, and the road that it uncovers again,
 * are no news. All on the luma grid.
 */
import { evenShift } from './change.ts';
import type { LumaGrid } from './luma.ts';

export type News = 'none' | 'passing' | 'settled';

/** A cell has changed when its brightness, less the change of the whole picture, differs by more than this (of 255). */
const CELL_THRESHOLD = 9;
/** Adjoining cells that make a change: fewer are the noise of a compressed picture and the edges of shadows. */
const MIN_CELLS = 5;
/** Where looks are further apart than this, a change is not made to wait for the next one. */
const SETTLE_MS = 2_500;

export class BackgroundModel {
  /** How each cell looked when the model last saw it at rest, in the light of the last such look. */
  readonly #seen: LumaGrid;
  readonly #previous: LumaGrid;
  /** Cells that count, row by row. */
  readonly #counts: readonly boolean[];
  readonly #atRest: Uint8Array;
  /** Of the look being judged: 1 where a cell is new and at rest. */
  readonly #fresh: Uint8Array;
  readonly #stack: Int32Array;
  #previousAtMs = Number.NaN;
  #shift = 0;

  constructor(like: LumaGrid, counts: readonly boolean[]) {
    this.#seen = like.clone();
    this.#previous = like.clone();
    this.#counts = counts;
    this.#atRest = new Uint8Array(like.cells.length).fill(1);
    this.#fresh = new Uint8Array(like.cells.length);
    this.#stack = new Int32Array(like.cells.length);
  }

  /** What a look brings: nothing new, something new that was not there a look ago, or something new that stays. */
  judge(grid: LumaGrid, atMs: number): News {
    const waits = Math.abs(atMs - this.#previousAtMs) <= SETTLE_MS;
    const before = evenShift(grid, this.#previous);
    this.#shift = evenShift(grid, this.#seen);
    let isPassing = false;
    for (let i = 0; i < grid.cells.length; i++) {
      const now = grid.cells[i] as number;
      const moves = Math.abs(now - (this.#previous.cells[i] as number) - before) > CELL_THRESHOLD;
      const isNew = Math.abs(now - (this.#seen.cells[i] as number) - this.#shift) > CELL_THRESHOLD;
      this.#atRest[i] = waits && moves ? 0 : 1;
      this.#fresh[i] = isNew && this.#counts[i] === true ? (this.#atRest[i] as number) : 0;
      isPassing ||= isNew && this.#counts[i] === true && this.#atRest[i] === 0;
    }
    this.#previous.copyFrom(grid);
    this.#previousAtMs = atMs;
    if (this.#hasPatch()) return 'settled';
    return isPassing ? 'passing' : 'none';
  }

  /** The look that was judged last goes to the model: what is at rest in it has been seen. */
  accept(): void {
    const { cells } = this.#previous;
    for (let i = 0; i < cells.length; i++) {
      this.#seen.cells[i] =
        this.#atRest[i] === 1 ? (cells[i] as number) : (this.#seen.cells[i] as number) + this.#shift;
    }
  }

  /** Whether enough fresh cells adjoin. Uses the marks up. */
  #hasPatch(): boolean {
    for (let i = 0; i < this.#fresh.length; i++) {
      if (this.#fresh[i] === 1 && this.#patchAt(i) >= MIN_CELLS) return true;
    }
    return false;
  }

  #patchAt(start: number): number {
    const { columns } = this.#seen;
    let size = 0;
    let depth = 0;
    const visit = (cell: number): void => {
      if (this.#fresh[cell] !== 1) return;
      this.#fresh[cell] = 0;
      this.#stack[depth++] = cell;
    };
    visit(start);
    while (depth > 0) {
      const cell = this.#stack[--depth] as number;
      const column = cell % columns;
      size++;
      if (column > 0) visit(cell - 1);
      if (column < columns - 1) visit(cell + 1);
      visit(cell - columns);
      visit(cell + columns);
    }
    return size;
  }
}
