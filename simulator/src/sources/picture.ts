/** A picture as a camera: a short loop with the noise of a sensor and the slight sway of a pole, or quite still. */
import { basename, extname } from 'node:path';
import { type Clip, TICKS_PER_SECOND } from '../media/clip.ts';
import { encodeClip } from '../media/encode.ts';
import { DEFAULT_ENCODER } from '../media/encoder-settings.ts';
import type { ProbedVideo } from '../media/probe.ts';
import { Timeline } from '../media/timeline.ts';
import { type CameraSource, type SourceOptions, slug } from './source.ts';

export const PICTURE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp']);
const LOOP_SECONDS = 8;
const MAX_WIDTH = 1920;
const MAX_HEIGHT = 1080;
/** Pixels that the picture may sway to each side. */
const SWAY = 2;

export async function pictureSource(
  file: string,
  picture: ProbedVideo,
  options: SourceOptions,
): Promise<CameraSource> {
  const clip = await pictureClip(file, options.size ?? fitted(picture), options);
  return { name: slug(basename(file, extname(file))), timeline: Timeline.looping(clip) };
}

/** Pictures one after another, each for `dwellSeconds`, all at one size. */
export async function slideshow(
  name: string,
  pictures: readonly { readonly file: string; readonly picture: ProbedVideo }[],
  dwellSeconds: number,
  options: SourceOptions,
): Promise<CameraSource> {
  const first = pictures[0];
  if (first === undefined) throw new RangeError('a slideshow needs a picture');
  const size = options.size ?? fitted(first.picture);
  const segments = [];
  for (const { file } of pictures) {
    const clip = await pictureClip(file, size, options);
    segments.push({ clip, ticks: Math.round(dwellSeconds * TICKS_PER_SECOND) });
  }
  return { name, timeline: new Timeline(segments) };
}

function pictureClip(
  file: string,
  size: { readonly width: number; readonly height: number },
  options: SourceOptions,
): Promise<Clip> {
  const settings = { ...DEFAULT_ENCODER, ...options.encoder };
  const { width, height } = size;
  const fill = [
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bicubic`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
  ];
  const filters = options.still === 'plain' ? fill : [...fill, ...sway(size), 'noise=alls=5:allf=t'];
  // biome-ignore format: one option with its value at a time
  const input = ['-loop', '1', '-framerate', String(settings.fps), '-t', String(LOOP_SECONDS), '-i', `file:${file}`];
  return encodeClip(input, size, settings, options.signal, filters);
}

/** Whole periods in the loop, so that its end meets its beginning. */
function sway({ width, height }: { readonly width: number; readonly height: number }): string[] {
  const phase = (periods: number): string => `${SWAY}+${SWAY}*sin(2*PI*${periods}*t/${LOOP_SECONDS})`;
  return [
    `scale=${width + 2 * SWAY}:${height + 2 * SWAY}:flags=bicubic`,
    `crop=${width}:${height}:'${phase(3)}':'${phase(5)}'`,
  ];
}

/** The picture's own size, within 1080p, even. */
function fitted({ width, height }: { readonly width: number; readonly height: number }): {
  width: number;
  height: number;
} {
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return { width: Math.floor((width * scale) / 2) * 2, height: Math.floor((height * scale) / 2) * 2 };
}
