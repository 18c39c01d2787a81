/** How a picture is fitted into the model's input. */
import type { Manifest } from '@roadwatch/models';
import { PIXEL_ASPECT, type Size } from './size.ts';

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
