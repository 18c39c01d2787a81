/**
 * YOLOX as its demo exports it (Megvii-BaseDetection/YOLOX, `decode_in_inference=False`): `[1, A, 5 + C]`, rows of
 * `x y log(w) log(h)` relative to the grid cell, objectness and class scores already through the sigmoid; anchors run over
 * the grids of stride 8, 16 and 32, row by row.
 */
import { bestOfAnchors, type Candidates } from './anchors.ts';
import type { Described, OutputKind } from './output-kind.ts';

const STRIDES = [8, 16, 32] as const;

export const yolox: OutputKind = {
  misfit(shape, manifest) {
    const row = 5 + manifest.classes.length;
    const anchors = gridOf(manifest.input.width, manifest.input.height).length;
    const fits = shape.length === 3 && (shape[0] ?? 1) === 1 && (shape[1] ?? anchors) === anchors;
    if (fits && (shape[2] ?? row) === row) return null;
    return `expected [1,${anchors},${row}]: the anchors of strides ${STRIDES.join(', ')}, then 5 + ${manifest.classes.length} classes`;
  },

  decode(data, _shape, manifest, thresholds) {
    const row = 5 + manifest.classes.length;
    const grid = cachedGrid(manifest);
    const candidates: Candidates = {
      count: grid.length,
      score: (anchor, classIndex) =>
        (data[anchor * row + 4] as number) * (data[anchor * row + 5 + classIndex] as number),
      centre: (anchor) => {
        const at = anchor * row;
        const cell = grid[anchor] as Cell;
        return [
          ((data[at] as number) + cell.x) * cell.stride,
          ((data[at + 1] as number) + cell.y) * cell.stride,
          Math.exp(data[at + 2] as number) * cell.stride,
          Math.exp(data[at + 3] as number) * cell.stride,
        ];
      },
    };
    return bestOfAnchors(candidates, thresholds, manifest.nmsIou);
  },
};

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly stride: number;
}

const grids = new WeakMap<Described, readonly Cell[]>();

function cachedGrid(manifest: Described): readonly Cell[] {
  let grid = grids.get(manifest);
  if (grid === undefined) {
    grid = gridOf(manifest.input.width, manifest.input.height);
    grids.set(manifest, grid);
  }
  return grid;
}

function gridOf(width: number, height: number): Cell[] {
  const cells: Cell[] = [];
  for (const stride of STRIDES) {
    for (let y = 0; y < Math.floor(height / stride); y++) {
      for (let x = 0; x < Math.floor(width / stride); x++) cells.push({ x, y, stride });
    }
  }
  return cells;
}
