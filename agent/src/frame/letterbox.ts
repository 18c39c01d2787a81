/** How a picture is fitted into the model's input, and how a box found there is carried back to the picture. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import type { PixelBox, Size } from '../detect/box.ts';
import { PIXEL_ASPECT } from '../ffmpeg/frame-info.ts';

/**
 * The size of the picture inside the model's input, from its top left: the largest of its shape that fits (letterbox), or
 * all of it (stretch).
 */
export function contentSize(source: Size, input: Manifest['input']): Size {
  if (input.resize === 'stretch') return { width: input.width, height: input.height };
  const scale = Math.min(input.width / source.width, input.height / source.height);
  return {
    width: Math.max(1, Math.min(input.width, Math.round(source.width * scale))),
    height: Math.max(1, Math.min(input.height, Math.round(source.height * scale))),
  };
}

/**
 * The ffmpeg filters that do it, for any resolution and shape of pixels that comes (the picture may change size in
 * mid-stream). Their rounding is that of `contentSize`.
 */
export function fitFilters({ width, height, resize, pad }: Manifest['input']): string {
  const size = `${width}:${height}`;
  if (resize === 'stretch') return `scale=${size}:flags=bicubic,format=gbrp`;
  const grey = pad.toString(16).padStart(2, '0').repeat(3);
  const shape = `(iw/ih*${PIXEL_ASPECT})`;
  const fitWidth = `w='clip(round(${height}*${shape}),1,${width})'`;
  const fitHeight = `h='clip(round(${width}/${shape}),1,${height})'`;
  return `scale=${fitWidth}:${fitHeight}:flags=bicubic,setsar=1,format=gbrp,pad=${size}:0:0:color=0x${grey}`;
}

/** Fractions of the full frame, cut at its edges; null when nothing of the box lies inside. */
export function toFrame(box: PixelBox, content: Size): NormalizedBox | null {
  const left = clamp(box.x1 / content.width);
  const top = clamp(box.y1 / content.height);
  const width = clamp(box.x2 / content.width) - left;
  const height = clamp(box.y2 / content.height) - top;
  return width > 0 && height > 0 ? [left, top, width, height] : null;
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
