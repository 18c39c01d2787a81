/**
 * A second look at the far part of the road, enlarged: damage that is a few pixels in the whole picture is several times as
 * many there. The part has the picture's own shape, so that it fills the model's input as the whole does.
 */
import { intersectionOverUnion, type NormalizedBox, type NormalizedPolygon } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import type { Box } from '../detect/box.ts';
import { displaySize, type FrameInfo } from '../ffmpeg/frame-info.ts';
import { contentSize } from './letterbox.ts';
import type { FarPart } from './pool.ts';

/** Side of the part, as a share of the picture's: it is shown twice as large. */
const SHARE = 0.5;
/** Where the road ends in most views of a street camera, when nobody has drawn it. */
const HORIZON = 0.25;
/** The far end of a road: this share of its height, from the top. */
const FAR_SHARE = 0.3;
/** Boxes of one class that overlap by more than this are the same. */
const SAME_IOU = 0.45;
/** A box this near to an edge of the part may have been cut by it; fractions of the part. */
const EDGE = 0.01;

/** The part to look at: centred on the far end of the road, from its top down. */
export function farWindow(road: NormalizedPolygon | undefined): NormalizedBox {
  if (road === undefined) return [(1 - SHARE) / 2, HORIZON, SHARE, SHARE];
  const ys = road.map(([, y]) => y);
  const top = Math.min(...ys);
  const farEnd = road.filter(([, y]) => y <= top + (Math.max(...ys) - top) * FAR_SHARE);
  const xs = farEnd.map(([x]) => x);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  return [within(middle - SHARE / 2), within(top - 0.02), SHARE, SHARE];
}

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

/** Whether the middle of a box lies in the part. */
export function liesFar([x, y, width, height]: NormalizedBox, window: NormalizedBox): boolean {
  const [left, top, windowWidth, windowHeight] = window;
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  return middleX >= left && middleX <= left + windowWidth && middleY >= top && middleY <= top + windowHeight;
}

/** ffmpeg's filters that show each picture twice: whole, then the part. `fit` brings either to the model's input. */
export function farFilters(window: NormalizedBox, fit: string): string {
  const [x, y, width, height] = window;
  const part = `crop=iw*${width}:ih*${height}:iw*${x}:ih*${y}`;
  // The two have one time; the tick puts the part second.
  return `split[w][p];[w]${fit}[w1];[p]${part},${fit},setpts=PTS+1[p1];[w1][p1]interleave`;
}

/** The far part of a frame that has been read; undefined when there is none. */
export function farPart(
  { farSlot, info }: { readonly farSlot: number | null; readonly info: Omit<FrameInfo, 'ptsSeconds'> },
  window: NormalizedBox | null,
  input: Manifest['input'],
): FarPart | undefined {
  if (farSlot === null || window === null) return undefined;
  const [, , width, height] = window;
  const part = displaySize({
    width: Math.floor(info.width * width),
    height: Math.floor(info.height * height),
    pixelAspect: info.pixelAspect,
  });
  return { slot: farSlot, content: contentSize(part, input), window };
}

function touchesEdge([x, y, width, height]: NormalizedBox): boolean {
  return x < EDGE || y < EDGE || x + width > 1 - EDGE || y + height > 1 - EDGE;
}

function within(start: number): number {
  return Math.min(1 - SHARE, Math.max(0, start));
}
