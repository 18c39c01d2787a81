/** Boxes of the whole picture and of its far part, which is looked at enlarged, as those of one picture. */
import { intersectionOverUnion, type NormalizedBox } from '@roadwatch/contract';
import type { Box } from './box.ts';

/** Boxes of one class that overlap by more than this are the same. */
const SAME_IOU = 0.45;
/** A box this near to an edge of the part may have been cut by it; fractions of the part. */
const EDGE = 0.01;

/** A box of the part as a box of the whole picture. */
export function fromFar([x, y, width, height]: NormalizedBox, window: NormalizedBox): NormalizedBox {
  const [left, top, windowWidth, windowHeight] = window;
  return [left + x * windowWidth, top + y * windowHeight, width * windowWidth, height * windowHeight];
}

/** What both looks saw; where they saw the same, the surer one stays. Boxes that the part's edge has cut are left to the whole. */
export function withFar(whole: readonly Box[], far: readonly Box[], window: NormalizedBox): Box[] {
  const enlarged = far
    .filter(({ box }) => !touchesEdge(box))
    .map((found) => ({ ...found, box: fromFar(found.box, window) }));
  const kept: Box[] = [];
  for (const found of [...whole, ...enlarged].sort((a, b) => b.score - a.score)) {
    const isSame = (other: Box): boolean =>
      other.damageClass === found.damageClass && intersectionOverUnion(other.box, found.box) > SAME_IOU;
    if (!kept.some(isSame)) kept.push(found);
  }
  return kept;
}

function touchesEdge([x, y, width, height]: NormalizedBox): boolean {
  return x < EDGE || y < EDGE || x + width > 1 - EDGE || y + height > 1 - EDGE;
}
