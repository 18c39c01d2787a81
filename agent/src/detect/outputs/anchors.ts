/** What the dense output kinds share: pick the anchors that clear a class's threshold, then suppress. */
import type { PixelBox } from '../box.ts';
import { suppress } from '../nms.ts';

/** More than this many before suppression means a broken model or threshold; the best are kept, so that time stays bounded. */
const MAX_CANDIDATES = 1000;

export interface Candidates {
  readonly count: number;
  score(anchor: number, classIndex: number): number;
  /** Centre x, centre y, width, height in input pixels. */
  centre(anchor: number): readonly [number, number, number, number];
}

/** One box per anchor at most: its best class among those whose threshold it clears. NaN clears nothing. */
export function bestOfAnchors(
  candidates: Candidates,
  thresholds: readonly number[],
  iou: number,
): PixelBox[] {
  const found: PixelBox[] = [];
  for (let anchor = 0; anchor < candidates.count; anchor++) {
    let classIndex = -1;
    let score = 0;
    for (let index = 0; index < thresholds.length; index++) {
      const candidate = candidates.score(anchor, index);
      if (candidate >= (thresholds[index] as number) && candidate > score) {
        classIndex = index;
        score = candidate;
      }
    }
    if (classIndex < 0) continue;
    const [cx, cy, width, height] = candidates.centre(anchor);
    if (!(width > 0 && height > 0)) continue;
    found.push({
      x1: cx - width / 2,
      y1: cy - height / 2,
      x2: cx + width / 2,
      y2: cy + height / 2,
      score: Math.min(1, score),
      classIndex,
    });
  }
  if (found.length > MAX_CANDIDATES) {
    found.sort((a, b) => b.score - a.score);
    found.length = MAX_CANDIDATES;
  }
  return suppress(found, iou);
}
