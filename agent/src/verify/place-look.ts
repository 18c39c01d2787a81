/**
 * How a place and what lies around it look, and what a later look at it is worth: nobody has seen a road whole who has not seen
 * the place. What stands on it reaches beyond it and hides what lies around; a patch does not. Pure.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Size } from '../frame/size.ts';

/** The brightness of a frame: one plane, its rows `stride` bytes long, the picture in its top left. */
export interface Brightness {
  readonly plane: Uint8Array;
  readonly stride: number;
  readonly size: Size;
}

/** Cells that cover a place and its surroundings, in pixels of the frame. */
export interface PlaceWindow {
  readonly size: Size;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Cells of the place itself, and those clear of it, by index. */
  readonly inside: readonly number[];
  readonly around: readonly number[];
  /** Cells at those sides of the window that are not also the edge of the picture. */
  readonly border: ReadonlySet<number>;
}

/**
 * `clear`: the place is seen, and does not look as it did when it was damaged. `as-damaged`: it does. `unseen`: something stands
 * there, the light is another, or the camera looks elsewhere; nothing is known of it.
 */
export type PlaceSight = 'clear' | 'as-damaged' | 'unseen';

const MAX_COLUMNS = 40;
const MAX_ROWS = 30;
const MIN_CELL = 2;
const MIN_MARGIN = 12;
/** Of the place's size: how far around it is looked, and how far from it a patch may reach. */
const MARGIN = 1.2;
const PATCH = 0.3;
const MIN_AROUND = 40;

/**
 * Measured on the generated streets in every light, with vehicles from scooter to lorry on the place: surroundings that can be
 * seen are alike by 0.77 and more, hidden ones by 0.65 and less; damage is like itself by 0.93 and more, a patch in its place
 * by 0.74 and less.
 */
const SEEN = 0.72;
const SAME = 0.93;
/** What is less like it than this is something else; between the two nobody can say. */
const OTHER = 0.8;
const OWN_MARGIN = 0.1;
/** Less like itself are cracks so thin, or a light so poor, that noise looks like another road. */
const FAINT = 0.9;
/** Of 255: a cell that differs by more has changed, and surroundings that do are in another light. */
const CHANGED = 8;
const MAX_LIGHT_SHIFT = 25;
/** Pixels that a camera on a pole may sway. */
const SWAY = [0, -3, 3, -6, 6] as const;
const SWAYS = SWAY.flatMap((dy) => SWAY.map((dx) => [dx, dy] as const));

/** Null when the place has too little around it to be recognised. */
export function windowOf([x, y, width, height]: NormalizedBox, size: Size): PlaceWindow | null {
  const box = { x: x * size.width, y: y * size.height, w: width * size.width, h: height * size.height };
  const marginX = Math.max(MIN_MARGIN, MARGIN * box.w, 0.35 * box.h);
  const marginY = Math.max(MIN_MARGIN, MARGIN * box.h, 0.35 * box.w);
  const left = Math.max(0, Math.round(box.x - marginX));
  const top = Math.max(0, Math.round(box.y - marginY));
  const right = Math.min(size.width, Math.round(box.x + box.w + marginX));
  const bottom = Math.min(size.height, Math.round(box.y + box.h + marginY));
  const cellWidth = Math.max(MIN_CELL, Math.ceil((right - left) / MAX_COLUMNS));
  const cellHeight = Math.max(MIN_CELL, Math.ceil((bottom - top) / MAX_ROWS));
  const columns = Math.floor((right - left) / cellWidth);
  const rows = Math.floor((bottom - top) / cellHeight);
  const isCut = {
    left: box.x - left < marginX / 2,
    right: right - box.x - box.w < marginX / 2,
    top: box.y - top < marginY / 2,
    bottom: bottom - box.y - box.h < marginY / 2,
  };
  const inside: number[] = [];
  const around: number[] = [];
  const border = new Set<number>();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      const across = (left + (column + 0.5) * cellWidth - box.x) / box.w;
      const along = (top + (row + 0.5) * cellHeight - box.y) / box.h;
      if (across >= 0 && across <= 1 && along >= 0 && along <= 1) inside.push(i);
      else if (Math.min(across, along) < -PATCH || Math.max(across, along) > 1 + PATCH) around.push(i);
      const isAtBorder =
        (column === 0 && !isCut.left) ||
        (column === columns - 1 && !isCut.right) ||
        (row === 0 && !isCut.top) ||
        (row === rows - 1 && !isCut.bottom);
      if (isAtBorder) border.add(i);
    }
  }
  if (inside.length === 0 || around.length < MIN_AROUND) return null;
  return { size, left, top, cellWidth, cellHeight, columns, rows, inside, around, border };
}

/** What the window shows, cell by cell, where it lies and a few pixels beside it, as a camera sways. */
export function readWindow(frame: Brightness, window: PlaceWindow): (dx: number, dy: number) => Float32Array {
  const reach = Math.max(...SWAY);
  const { left, top, cellWidth, cellHeight, columns, rows } = window;
  const width = columns * cellWidth + 2 * reach;
  const height = rows * cellHeight + 2 * reach;
  // Sums over rectangles from the top left corner, so that each of many shifts costs four reads a cell.
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    const from = clamp(top - reach + y, frame.size.height) * frame.stride;
    for (let x = 0, line = 0; x < width; x++) {
      line += frame.plane[from + clamp(left - reach + x, frame.size.width)] as number;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] as number) + line;
    }
  }
  const read = new Map<string, Float32Array>();
  return (dx, dy) => {
    const known = read.get(`${dx} ${dy}`);
    if (known !== undefined) return known;
    const cells = new Float32Array(columns * rows);
    read.set(`${dx} ${dy}`, cells);
    for (let row = 0; row < rows; row++) {
      const above = (reach + dy + row * cellHeight) * (width + 1);
      const below = above + cellHeight * (width + 1);
      for (let column = 0; column < columns; column++) {
        const from = reach + dx + column * cellWidth;
        const to = from + cellWidth;
        const sum =
          (sums[below + to] as number) -
          (sums[below + from] as number) -
          (sums[above + to] as number) +
          (sums[above + from] as number);
        cells[row * columns + column] = sum / (cellWidth * cellHeight);
      }
    }
    return cells;
  };
}

/** How a place looked in one light while it was damaged. */
export interface KnownLook {
  /** Brightness of the window's cells. */
  readonly cells: Float32Array;
  /** How like it the place was, -1 to 1, in the look that was least like it, lately; NaN before the first. */
  ownLikeness: number;
}

export interface Recognised {
  /** -1 to 1: of the surroundings, and of the place itself. */
  readonly likeness: number;
  readonly placeLikeness: number;
  /** The cells as they lie in the known look. */
  readonly cells: Float32Array;
}

/** Lays a look at the place over how it looked when it was damaged. */
export function recognise(
  read: (dx: number, dy: number) => Float32Array,
  known: KnownLook,
  window: PlaceWindow,
): Recognised {
  let best = { cells: read(0, 0), likeness: Number.NEGATIVE_INFINITY };
  for (const [dx, dy] of SWAYS) {
    const cells = read(dx, dy);
    const likeness = correlation(cells, known.cells, window.around);
    if (likeness > best.likeness) best = { cells, likeness };
    if (likeness >= SAME) break;
  }
  return { ...best, placeLikeness: correlation(best.cells, known.cells, window.inside) };
}

/** What it is worth, where the model found nothing. */
export function sightOf(
  { cells, likeness, placeLikeness }: Recognised,
  known: KnownLook,
  window: PlaceWindow,
): PlaceSight {
  const shift = medianShift(cells, known.cells, window.around);
  const hasChanged = (i: number): boolean =>
    Math.abs((cells[i] as number) - (known.cells[i] as number) - shift) > CHANGED;
  if (likeness < SEEN || Math.abs(shift) > MAX_LIGHT_SHIFT || reachesOut(window, hasChanged)) return 'unseen';
  if (placeLikeness >= Math.min(SAME, known.ownLikeness)) return 'as-damaged';
  // Of what is hardly like itself nobody can say that it is gone.
  const isClear =
    known.ownLikeness >= FAINT && placeLikeness < Math.min(OTHER, known.ownLikeness - OWN_MARGIN);
  return isClear ? 'clear' : 'unseen';
}

/** Whether what has changed at the place goes on, cell by cell, until it leaves the window: a patch ends at its edge. */
function reachesOut(
  { columns, rows, inside, border }: PlaceWindow,
  hasChanged: (i: number) => boolean,
): boolean {
  const seen = new Set(inside.filter(hasChanged));
  const open = [...seen];
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    if (border.has(cell)) return true;
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const next = y * columns + x;
        if (seen.has(next) || !hasChanged(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
  }
  return false;
}

function medianShift(cells: Float32Array, reference: Float32Array, among: readonly number[]): number {
  const shifts = Float32Array.from(among, (i) => (cells[i] as number) - (reference[i] as number)).sort();
  return shifts[shifts.length >> 1] as number;
}

/** Normalised cross-correlation over some of the cells, -1 to 1; 0 where one of the two has no structure. */
function correlation(a: Float32Array, b: Float32Array, among: readonly number[]): number {
  let sumA = 0;
  let sumB = 0;
  for (const i of among) {
    sumA += a[i] as number;
    sumB += b[i] as number;
  }
  const meanA = sumA / among.length;
  const meanB = sumB / among.length;
  let dot = 0;
  let normA = 0;
  let normB = 0;
  for (const i of among) {
    const x = (a[i] as number) - meanA;
    const y = (b[i] as number) - meanB;
    dot += x * y;
    normA += x * x;
    normB += y * y;
  }
  return normA === 0 || normB === 0 ? 0 : dot / Math.sqrt(normA * normB);
}

function clamp(value: number, size: number): number {
  return Math.min(size - 1, Math.max(0, value));
}
