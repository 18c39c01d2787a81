/**
 * The layout that YOLOv8 exports made common: `[1, 4 + C, A]`, channel first; `cx cy w h` in input pixels, then one score
 * (0 to 1) for each class.
 */
import { bestOfAnchors, type Candidates } from './anchors.ts';
import type { OutputKind } from './output-kind.ts';

export const yolov8: OutputKind = {
  misfit(shape, manifest) {
    const channels = 4 + manifest.classes.length;
    if (shape.length === 3 && (shape[0] ?? 1) === 1 && (shape[1] ?? channels) === channels) return null;
    return `expected [1,${channels},A]: 4 + ${manifest.classes.length} classes, then anchors`;
  },

  decode(data, shape, manifest, thresholds) {
    const anchors = shape[2] as number;
    const candidates: Candidates = {
      count: anchors,
      score: (anchor, classIndex) => data[(4 + classIndex) * anchors + anchor] as number,
      centre: (anchor) => [
        data[anchor] as number,
        data[anchors + anchor] as number,
        data[2 * anchors + anchor] as number,
        data[3 * anchors + anchor] as number,
      ],
    };
    return bestOfAnchors(candidates, thresholds, manifest.nmsIou);
  },
};
