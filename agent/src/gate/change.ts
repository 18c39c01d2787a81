/** How one look at a street differs from another, on the luma grid. All pure. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { LumaGrid } from './luma.ts';

/**
 * The change of light that is even over the picture: the median of the cells' differences, so that a truck that fills a
 * quarter of it does not count.
 */
export function evenShift(current: LumaGrid, before: LumaGrid): number {
  const counts = new Uint16Array(511);
  for (let i = 0; i < current.cells.length; i++) {
    const difference = (current.cells[i] as number) - (before.cells[i] as number);
    counts[Math.round(difference) + 255] = (counts[Math.round(difference) + 255] as number) + 1;
  }
  let below = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin] as number;
    if (2 * below >= current.cells.length) return bin - 255;
  }
  return 0;
}

/** How one place looked: the cells of the grid that a box covers, less the mean of the whole picture. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly gridColumns: number;
  readonly gridRows: number;
  readonly values: Float32Array;
}

export function patchOf(grid: LumaGrid, box: NormalizedBox): Patch {
  const left = Math.min(grid.columns - 1, Math.floor(box[0] * grid.columns));
  const top = Math.min(grid.rows - 1, Math.floor(box[1] * grid.rows));
  const columns = Math.max(1, Math.min(grid.columns, Math.ceil((box[0] + box[2]) * grid.columns)) - left);
  const rows = Math.max(1, Math.min(grid.rows, Math.ceil((box[1] + box[3]) * grid.rows)) - top);
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = grid.cells[(top + row) * grid.columns + left + column] as number;
      values[row * columns + column] = cell - grid.mean;
    }
  }
  return { left, top, columns, rows, gridColumns: grid.columns, gridRows: grid.rows, values };
}

/** Mean absolute difference, 0 to 255, of the place now from how it looked; 0 when the camera's shape has changed since. */
export function patchDifference(grid: LumaGrid, patch: Patch): number {
  if (grid.columns !== patch.gridColumns || grid.rows !== patch.gridRows) return 0;
  let sum = 0;
  for (let row = 0; row < patch.rows; row++) {
    for (let column = 0; column < patch.columns; column++) {
      const cell = grid.cells[(patch.top + row) * grid.columns + patch.left + column] as number;
      sum += Math.abs(cell - grid.mean - (patch.values[row * patch.columns + column] as number));
    }
  }
  return sum / patch.values.length;
}

/**
 * How alike two views are, -1 to 1: correlation of what stands out from its surroundings. Faint relief is the noise of a dark
 * picture and is left out, strong relief counts by its root, so that neither light nor weather nor a lorry weighs much.
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

/** Brightness, of 255. */
const FAINT = 2;

/** A cell less the mean of its four neighbours, by its root. */
function relief(cells: Float32Array, i: number, columns: number): number {
  const around =
    (cells[i - 1] as number) +
    (cells[i + 1] as number) +
    (cells[i - columns] as number) +
    (cells[i + columns] as number);
  const height = (cells[i] as number) - around / 4;
  const strong = Math.abs(height) - FAINT;
  return strong <= 0 ? 0 : Math.sign(height) * Math.sqrt(strong);
}
