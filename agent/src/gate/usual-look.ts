/**
 * How a view looks when nothing passes: the median of each cell over time, first of a few looks, then followed by small steps
 * towards each further one (the approximate median filter of McFarlane and Schofield, 1995), so that traffic leaves no trace and
 * what stays for minutes becomes usual.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import { patchDifference, patchOf } from './change.ts';
import type { LumaGrid } from './luma.ts';

/** Looks that come faster tell the same passing thing again. */
const PAUSE_MS = 1_000;
const FIRST_LOOKS = 15;
/** Of 255, a step: what differs as a car does from asphalt is usual after five minutes at a look a second. */
const STEP = 0.25;
/** Mean difference of brightness, of 255, of a place that looks as usual. */
const ALIKE = 10;

export class UsualLook {
  /** Until there are enough to tell what is usual. */
  readonly #first: Float32Array[] = [];
  #usual: LumaGrid | null = null;
  #readAtMs = Number.NEGATIVE_INFINITY;

  /** Every frame of the view, in the order in which they were taken. */
  learn(grid: LumaGrid, atMs: number): void {
    // Either way: the clock of the box may be set back.
    if (Math.abs(atMs - this.#readAtMs) < PAUSE_MS) return;
    this.#readAtMs = atMs;
    if (this.#usual === null) this.#begin(grid);
    else follow(this.#usual, grid);
  }

  /** Whether a place looks as usual; never before that is known. */
  isShown(grid: LumaGrid, box: NormalizedBox): boolean {
    return this.#usual !== null && patchDifference(grid, patchOf(this.#usual, box)) <= ALIKE;
  }

  #begin(grid: LumaGrid): void {
    this.#first.push(grid.cells.map((cell) => cell - grid.mean));
    if (this.#first.length < FIRST_LOOKS) return;
    this.#usual = grid.clone();
    this.#usual.mean = 0;
    this.#usual.cells.set(medianOf(this.#first));
    this.#first.length = 0;
  }
}

function follow(usual: LumaGrid, grid: LumaGrid): void {
  for (let i = 0; i < usual.cells.length; i++) {
    const difference = (grid.cells[i] as number) - grid.mean - (usual.cells[i] as number);
    usual.cells[i] = (usual.cells[i] as number) + Math.max(-STEP, Math.min(STEP, difference));
  }
}

function medianOf(looks: readonly Float32Array[]): Float32Array {
  const [first] = looks as [Float32Array];
  const column = new Float32Array(looks.length);
  return first.map((_, cell) => {
    for (let i = 0; i < looks.length; i++) column[i] = looks[i]?.[cell] as number;
    return column.sort()[looks.length >> 1] as number;
  });
}
