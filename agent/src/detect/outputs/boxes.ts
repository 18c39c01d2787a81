/** End-to-end models: suppression happened in the graph. Rows of `x1 y1 x2 y2 score class`, input pixels; score 0 is padding. */
import type { PixelBox } from '../box.ts';
import type { OutputKind } from './output-kind.ts';

const ROW = 6;

export const endToEndBoxes: OutputKind = {
  misfit(shape) {
    const [rank, last] = [shape.length, shape.at(-1)];
    if ((rank === 2 || (rank === 3 && (shape[0] ?? 1) === 1)) && last === ROW) return null;
    return `expected [N,${ROW}] or [1,N,${ROW}]`;
  },

  decode(data, _shape, manifest, thresholds) {
    const found: PixelBox[] = [];
    for (let at = 0; at + ROW <= data.length; at += ROW) {
      const score = data[at + 4] as number;
      const classIndex = Math.round(data[at + 5] as number);
      const threshold = thresholds[classIndex];
      if (threshold === undefined || !(score >= threshold) || score <= 0) continue;
      if (classIndex >= manifest.classes.length) continue;
      found.push({
        x1: data[at] as number,
        y1: data[at + 1] as number,
        x2: data[at + 2] as number,
        y2: data[at + 3] as number,
        score: Math.min(1, score),
        classIndex,
      });
    }
    return found;
  },
};
