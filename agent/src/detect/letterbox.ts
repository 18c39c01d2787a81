/** How a picture is fitted into the model's input, and how a box found there is carried back to the picture. */
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import type { PixelBox, Size } from './box.ts';

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
