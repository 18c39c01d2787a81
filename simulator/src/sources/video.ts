/** A video file: its H.264 or H.265 goes out as it is; anything else is encoded once. */
import { basename, extname } from 'node:path';
import type { Clip } from '../media/clip.ts';
import { copyClip, encodeClip } from '../media/encode.ts';
import { DEFAULT_ENCODER } from '../media/encoder-settings.ts';
import type { ProbedVideo } from '../media/probe.ts';
import { UnusableSourceError } from '../media/process.ts';
import { Timeline } from '../media/timeline.ts';
import { type CameraSource, type SourceOptions, slug } from './source.ts';

const COPIED = new Set(['h264', 'hevc']);
const COPIED_PIXELS = new Set(['yuv420p', 'yuvj420p']);

export async function videoSource(
  file: string,
  video: ProbedVideo,
  options: SourceOptions,
): Promise<CameraSource> {
  const clip = (await copied(file, video, options)) ?? (await encoded(file, video, options));
  return { name: slug(basename(file, extname(file))), timeline: Timeline.looping(clip) };
}

async function copied(file: string, video: ProbedVideo, options: SourceOptions): Promise<Clip | null> {
  const { encoder, size, signal } = options;
  const asked = Object.values(encoder).some((value) => value !== undefined) || size !== undefined;
  if (asked || !COPIED.has(video.codec) || !COPIED_PIXELS.has(video.pixelFormat)) return null;
  try {
    return await copyClip(file, video, signal);
  } catch (error) {
    if (error instanceof UnusableSourceError && error.message.includes('MiB')) throw error;
    signal.throwIfAborted();
    // Streams without parameter sets or keyframes of their own still decode, often enough.
    return null;
  }
}

function encoded(file: string, video: ProbedVideo, options: SourceOptions): Promise<Clip> {
  const fps = options.encoder.fps ?? video.fps;
  const settings = { ...DEFAULT_ENCODER, ...options.encoder, fps };
  return encodeClip(['-i', `file:${file}`], options.size ?? evenSize(video), settings, options.signal);
}

function evenSize({ width, height }: { readonly width: number; readonly height: number }): {
  width: number;
  height: number;
} {
  return { width: width - (width % 2), height: height - (height % 2) };
}
