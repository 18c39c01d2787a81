/** How one look at a street differs from another, on the luma grid. All pure. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { LumaGrid } from './luma.ts';

/** A cell has changed when its brightness, less the change of the whole picture, differs by more than this (of 255). */
const CELL_THRESHOLD = 9;

/** Cells that changed, as a share of all. A change of light that is even over the picture is none. */
export function changedShare(current: LumaGrid, before: LumaGrid): number {
  const shift = current.mean - before.mean;
  let changed = 0;
  for (let i = 0; i < current.cells.length; i++) {
    const difference = (current.cells[i] as number) - (before.cells[i] as number) - shift;
    if (Math.abs(difference) > CELL_THRESHOLD) changed++;
  }
  return changed / current.cells.length;
}

/** Mean absolute difference inside a box, less the change of the whole picture. */
export function differenceInside(current: LumaGrid, before: LumaGrid, box: NormalizedBox): number {
  const shift = current.mean - before.mean;
  const left = Math.min(current.columns - 1, Math.floor(box[0] * current.columns));
  const top = Math.min(current.rows - 1, Math.floor(box[1] * current.rows));
  const right = Math.min(current.columns, Math.max(left + 1, Math.ceil((box[0] + box[2]) * current.columns)));
  const bottom = Math.min(current.rows, Math.max(top + 1, Math.ceil((box[1] + box[3]) * current.rows)));
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const i = row * current.columns + column;
      sum += Math.abs((current.cells[i] as number) - (before.cells[i] as number) - shift);
    }
  }
  return sum / ((right - left) * (bottom - top));
}

/**
 * How alike two views are, -1 to 1: normalised cross-correlation of what stands out from its surroundings, so that light
 * and weather count little and edges much.
 */
export function viewLikeness(a: LumaGrid, b: LumaGrid): number {
  const { columns, rows } = a;
  let dot = 0;
  let normA = 0;
  let normB = 0;
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const i = row * columns + column;
      const x = relief(a.cells, i, columns);
      const y = relief(b.cells, i, columns);
      dot += x * y;
      normA += x * x;
      normB += y * y;
    }
  }
  return normA === 0 || normB === 0 ? 0 : dot / Math.sqrt(normA * normB);
}

/** A cell less the mean of its four neighbours. */
function relief(cells: Float32Array, i: number, columns: number): number {
  const around =
    (cells[i - 1] as number) +
    (cells[i + 1] as number) +
    (cells[i - columns] as number) +
    (cells[i + columns] as number);
  return (cells[i] as number) - around / 4;
}
