/** The same clip after something happened to the camera: decoded, filtered and encoded once, when a fault asks for it. */

import { type Clip, TICKS_PER_SECOND } from '../media/clip.ts';
import { encodeCopy } from '../media/encode.ts';
import type { PictureFault } from './faults.ts';

/** Enough to loop without being noticed; a variant of a long film must not take a minute to make. */
const VARIANT_SECONDS = 20;
const FEWER = 5;

/** Eight of them in the middle, drawn as an H each, which needs no font. */
const LETTERS = Array.from({ length: 8 }, (_, i) => {
  const bar = (x: number, y: number, w: number, h: number): string =>
    `drawbox=x=iw*${(0.26 + i * 0.06 + x).toFixed(3)}:y=ih*${y}:w=iw*${w}:h=ih*${h}:color=white:thickness=fill`;
  return [bar(0, 0.4, 0.01, 0.09), bar(0.03, 0.4, 0.01, 0.09), bar(0, 0.44, 0.04, 0.02)];
}).flat();

const FILTERS: Record<PictureFault, readonly string[]> = {
  black: ['drawbox=color=black:thickness=fill'],
  covered: ['gblur=sigma=40', 'eq=brightness=-0.28:contrast=0.25:saturation=0.3', 'noise=alls=3:allf=t'],
  'dirty-lens': ['gblur=sigma=2'],
  'fewer-pictures': [],
  moved: ['crop=iw*0.72:ih*0.72:iw*0.28:0', 'rotate=0.06:fillcolor=gray'],
  placeholder: ['drawbox=color=0x0000c8:thickness=fill', ...LETTERS],
  'resolution-change': [],
  'codec-change': [],
  'endless-gop': [],
};

export function variantOf(clip: Clip, fault: PictureFault, signal: AbortSignal): Promise<Clip> {
  const half = fault === 'resolution-change';
  const size = half ? { width: even(clip.width / 2), height: even(clip.height / 2) } : clip;
  const seconds = Math.min(VARIANT_SECONDS, clip.ticks / TICKS_PER_SECOND);
  const codec = fault === 'codec-change' ? (clip.codec === 'h264' ? 'h265' : 'h264') : clip.codec;
  const fps = fault === 'fewer-pictures' ? clip.fps / FEWER : clip.fps;
  return encodeCopy(
    clip,
    size,
    { codec, fps, gopSeconds: fault === 'endless-gop' ? seconds + 1 : 1 },
    signal,
    FILTERS[fault],
    seconds,
  );
}

function even(value: number): number {
  return Math.max(16, Math.round(value / 2) * 2);
}
