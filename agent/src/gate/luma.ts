/**
 * A frame as a coarse grid of brightness, read straight from its green plane (which carries 59 % of luma by ITU-R BT.601 and
 * needs no conversion). A few thousand reads a frame: the only pixels that JavaScript touches.
 */
import type { Size } from '../frame/size.ts';

/** Pixels of the model's input along the side of one cell. */
export const CELL = 8;
const SAMPLES = [1, 3, 5, 7] as const;
/** Brightness by which the pixels of a cell without texture may differ, and the width of a tone, of 255. */
const FLAT = 2;
const TONE = 2;
const FEW_TONES = 8;

export class LumaGrid {
  readonly columns: number;
  readonly rows: number;
  /** Mean brightness of each cell, 0 to 255, row by row. */
  readonly cells: Float32Array;
  /** Mean absolute difference of neighbouring pixels: fine detail, which a lens out of focus loses. */
  sharpness = 0;
  mean = 0;
  deviation = 0;
  /** Share of the cells that have no texture at all and one of the eight commonest tones: of what was drawn, nearly all. */
  fewTones = 0;
  readonly #tones = new Uint16Array(256 / TONE);

  constructor({ width, height }: Size) {
    this.columns = Math.max(1, Math.floor(width / CELL));
    this.rows = Math.max(1, Math.floor(height / CELL));
    this.cells = new Float32Array(this.columns * this.rows);
  }

  /** Reads the planes of a frame whose rows are `stride` pixels long. `paint`: the tone of what was painted over. */
  read(pixels: Uint8Array, stride: number, paint: number): void {
    this.#tones.fill(0);
    let painted = 0;
    let detail = 0;
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        let cell = 0;
        let darkest = 255;
        let brightest = 0;
        for (const y of SAMPLES) {
          const at = (row * CELL + y) * stride + column * CELL;
          const a = pixels[at + 1] as number;
          const b = pixels[at + 2] as number;
          const c = pixels[at + 5] as number;
          const d = pixels[at + 6] as number;
          cell += a + b + c + d;
          detail += Math.abs(a - b) + Math.abs(c - d);
          darkest = Math.min(darkest, a, b, c, d);
          brightest = Math.max(brightest, a, b, c, d);
        }
        cell /= 16;
        if (darkest === paint && brightest === paint) painted++;
        else if (brightest - darkest <= FLAT) {
          const tone = Math.floor(cell / TONE);
          this.#tones[tone] = (this.#tones[tone] as number) + 1;
        }
        this.cells[row * this.columns + column] = cell;
        sum += cell;
        squares += cell * cell;
      }
    }
    const count = this.cells.length;
    this.mean = sum / count;
    this.deviation = Math.sqrt(Math.max(0, squares / count - this.mean ** 2));
    this.sharpness = detail / (count * 8);
    const common = Array.from(this.#tones).sort((a, b) => b - a);
    const cells = common.slice(0, FEW_TONES).reduce((total, tone) => total + tone, 0);
    this.fewTones = painted === count ? 0 : cells / (count - painted);
  }

  /** Dark, of so many cells. */
  static of({ columns, rows }: Pick<LumaGrid, 'columns' | 'rows'>): LumaGrid {
    return new LumaGrid({ width: columns * CELL, height: rows * CELL });
  }

  clone(): LumaGrid {
    const copy = LumaGrid.of(this);
    copy.copyFrom(this);
    return copy;
  }

  copyFrom(other: LumaGrid): void {
    this.cells.set(other.cells);
    this.sharpness = other.sharpness;
    this.mean = other.mean;
    this.deviation = other.deviation;
    this.fewTones = other.fewTones;
  }
}
