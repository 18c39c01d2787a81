/**
 * A second look at the far part of the road, enlarged: damage that is a few pixels in the whole picture is several times as
 * many there. The part has the picture's own shape, so that it fills the model's input as the whole does.
 */
import type { NormalizedBox, NormalizedPolygon } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import { contentSize } from './letterbox.ts';
import type { FarPart } from './pool.ts';
import { type CodedSize, displaySize } from './size.ts';

/** Side of the part, as a share of the picture's: it is shown twice as large. */
const SHARE = 0.5;
/** Where the road ends in most views of a street camera, when nobody has drawn it. */
const HORIZON = 0.25;
/** The far end of a road: this share of its height, from the top. */
const FAR_SHARE = 0.3;

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

/** Whether the middle of a box lies in the part. */
export function liesFar([x, y, width, height]: NormalizedBox, window: NormalizedBox): boolean {
  const [left, top, windowWidth, windowHeight] = window;
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  return middleX >= left && middleX <= left + windowWidth && middleY >= top && middleY <= top + windowHeight;
}

/** ffmpeg's filters that leave of each picture the part. */
export function cropFilter([x, y, width, height]: NormalizedBox): string {
  return `crop=iw*${width}:ih*${height}:iw*${x}:ih*${y}`;
}

/** ffmpeg's filters that show each picture twice: whole, then the part. `fit` brings either to the model's input. */
export function farFilters(window: NormalizedBox, fit: string): string {
  const part = cropFilter(window);
  // The two have one time; the tick puts the part second.
  return `split[w][p];[w]${fit}[w1];[p]${part},${fit},setpts=PTS+1[p1];[w1][p1]interleave`;
}

/** The far part of a frame that has been read; undefined when there is none. */
export function farPart(
  { farSlot, info }: { readonly farSlot: number | null; readonly info: CodedSize },
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

function within(start: number): number {
  return Math.min(1 - SHARE, Math.max(0, start));
}
