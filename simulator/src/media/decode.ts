/** Files to raw pixels: frames of a video one after another, or a part of one picture. */
import type { Readable } from 'node:stream';
import { probe } from './probe.ts';
import { collect, exitOf, gather, lastLine, start, UnusableSourceError } from './process.ts';

/** Which frames of a file to decode. */
export interface FrameRange {
  /** Seconds from the beginning. */
  readonly from: number;
  readonly frames: number;
  /** Seconds after which the file begins again. */
  readonly loop?: number;
}

/** Decodes a file to packed RGB, `width * height * 3` bytes a frame; the picture fills the size, cut where it must. */
export async function* decodeFrames(
  file: string,
  { width, height }: { readonly width: number; readonly height: number },
  fps: number,
  { from, frames, loop }: FrameRange,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const again = loop === undefined ? [] : ['-stream_loop', '-1'];
  const fill = `scale=${width}:${height}:force_original_aspect_ratio=increase:flags=bicubic,crop=${width}:${height}`;
  const child = start(
    'ffmpeg',
    // biome-ignore format: one option with its value at a time
    ['-hide_banner', '-v', 'error', '-nostdin', ...again, '-i', `file:${file}`, '-map', '0:v:0', '-an',
      '-vf', `fps=${fps},${fill}`, '-ss', String(from), '-frames:v', String(frames),
      '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
    signal,
    ['ignore', 'pipe', 'pipe'],
  );
  const [, stdout, stderr] = child.stdio as unknown as [null, Readable, Readable];
  const ended = exitOf(child);
  const complaint = gather(stderr, 1024 * 1024);
  // Whoever awaits them gets their failure; nobody else shall be surprised by it.
  ended.catch(() => {});
  complaint.catch(() => {});
  const size = width * height * 3;
  let given = 0;
  try {
    let pending: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      pending.push(chunk);
      bytes += chunk.length;
      if (bytes < size) continue;
      let all = Buffer.concat(pending);
      for (; all.length >= size; all = all.subarray(size)) {
        given++;
        yield Buffer.from(all.subarray(0, size));
      }
      pending = [all];
      bytes = all.length;
    }
    await ended;
    if (given === 0)
      throw new UnusableSourceError(`${file}: ${lastLine(await complaint) || 'no picture in it'}`);
  } finally {
    child.kill('SIGKILL');
  }
}

/** A part of a picture with a margin around it, where the picture has one. */
export interface DecodedRegion {
  /** Pixels of `rgb`, at least 2 each way. */
  readonly width: number;
  readonly height: number;
  /** Packed RGB. */
  readonly rgb: Buffer;
  /** Where in it the part itself lies, pixels. */
  readonly inner: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/**
 * Decodes a part of a picture: `box` (left, top, width, height in pixels; without it, all) and a `margin` (share of the box)
 * on each side, made no larger than `maxSide`.
 * @throws UnusableSourceError when the file is not readable, or the box does not lie in it
 */
export async function decodeRegion(
  file: string,
  box: readonly [number, number, number, number] | undefined,
  margin: number,
  maxSide: number,
  signal: AbortSignal,
): Promise<DecodedRegion> {
  const picture = await probe(file, signal);
  const [x, y, width, height] = box ?? [0, 0, picture.width, picture.height];
  if (x + width > picture.width || y + height > picture.height) {
    throw new UnusableSourceError(
      `${file}: the box ${x},${y} ${width}x${height} does not lie in the picture (${picture.width}x${picture.height})`,
    );
  }
  const left = Math.max(0, Math.round(x - margin * width));
  const top = Math.max(0, Math.round(y - margin * height));
  const right = Math.min(picture.width, Math.round(x + width * (1 + margin)));
  const bottom = Math.min(picture.height, Math.round(y + height * (1 + margin)));
  const scale = Math.min(1, maxSide / Math.max(right - left, bottom - top));
  const size = (pixels: number): number => Math.max(2, Math.round(pixels * scale));
  const [outWidth, outHeight] = [size(right - left), size(bottom - top)];
  // biome-ignore format: one option with its value at a time
  const rgb = await collect('ffmpeg', ['-hide_banner', '-v', 'error', '-nostdin', '-i', `file:${file}`, '-frames:v', '1',
    '-vf', `crop=${right - left}:${bottom - top}:${left}:${top}:exact=1,scale=${outWidth}:${outHeight}:flags=area`,
    '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], signal);
  if (rgb.length !== outWidth * outHeight * 3)
    throw new UnusableSourceError(`${file}: not readable as a picture`);
  const inner = { x: (x - left) * scale, y: (y - top) * scale, width: width * scale, height: height * scale };
  return { width: outWidth, height: outHeight, rgb, inner };
}
