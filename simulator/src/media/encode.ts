/** Files and raw frames to clips: encoded once by ffmpeg, or taken as they are. */
import type { Readable, Writable } from 'node:stream';
import { type Clip, clipFrom, TICKS_PER_SECOND } from './clip.ts';
import { DEFAULT_ENCODER, type EncoderSettings } from './encoder-settings.ts';
import type { Codec } from './nal.ts';
import { parseIndex } from './packet-index.ts';
import type { ProbedVideo } from './probe.ts';
import {
  endInput,
  exitOf,
  feed,
  gather,
  lastLine,
  type RawFrames,
  start,
  UnusableSourceError,
} from './process.ts';

/** The most compressed video held for one clip. */
const MAX_CLIP_BYTES = 512 * 1024 * 1024;

/** Takes a file's H.264 or H.265 as it is: no decoding, no loss. */
export function copyClip(file: string, video: ProbedVideo, signal: AbortSignal): Promise<Clip> {
  const codec: Codec = video.codec === 'hevc' ? 'h265' : 'h264';
  return produce(
    ['-i', `file:${file}`, '-map', '0:v:0', '-an', '-c:v', 'copy', '-bsf:v', `${video.codec}_mp4toannexb`],
    { codec, width: video.width, height: video.height, fps: video.fps },
    signal,
  );
}

/**
 * Encodes once what `input` describes (ffmpeg's arguments up to and with the inputs), scaled to `width` x `height`.
 * `filters` come before the scaling.
 */
export function encodeClip(
  input: readonly string[],
  size: { readonly width: number; readonly height: number },
  settings: EncoderSettings,
  signal: AbortSignal,
  filters: readonly string[] = [],
  frames?: RawFrames,
): Promise<Clip> {
  const { width, height } = size;
  const chain = [...filters, `fps=${settings.fps}`, `scale=${width}:${height}:flags=bicubic`, 'setsar=1'];
  return produce(
    [...input, '-map', '0:v:0', '-an', '-vf', chain.join(','), ...encoderArguments(settings)],
    { codec: settings.codec, width, height, fps: settings.fps },
    signal,
    frames,
  );
}

/** Encodes frames made in this process. */
export function encodeFrames(
  frames: RawFrames,
  settings: EncoderSettings,
  signal: AbortSignal,
  filters: readonly string[] = [],
): Promise<Clip> {
  const { width, height } = frames;
  // biome-ignore format: one option with its value at a time
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-video_size', `${width}x${height}`,
    '-framerate', String(settings.fps), '-i', 'pipe:0'];
  return encodeClip(input, frames, settings, signal, filters, frames);
}

/** Encodes a clip once more, by default with its own codec and rate of pictures. @param seconds to take of it */
export function encodeCopy(
  clip: Clip,
  size: { readonly width: number; readonly height: number },
  settings: Partial<EncoderSettings>,
  signal: AbortSignal,
  filters: readonly string[] = [],
  seconds: number = Number.POSITIVE_INFINITY,
): Promise<Clip> {
  const { codec, fps } = clip;
  const format = codec === 'h264' ? 'h264' : 'hevc';
  const limit = Number.isFinite(seconds) ? ['-t', String(seconds)] : [];
  return encodeClip(
    ['-f', format, '-framerate', String(fps), '-i', 'pipe:0', ...limit],
    size,
    { codec, fps, gopSeconds: DEFAULT_ENCODER.gopSeconds, ...settings },
    signal,
    filters,
    { ...clip, frames: byteStream(clip, seconds * TICKS_PER_SECOND) },
  );
}

const START_CODE = Buffer.from([0, 0, 0, 1]);

function* byteStream(clip: Clip, untilTicks: number): Generator<Buffer> {
  for (const unit of clip.units) {
    if (unit.dts > untilTicks) return;
    yield Buffer.concat(unit.nals.flatMap((nal) => [START_CODE, nal]));
  }
}

function encoderArguments({ codec, fps, gopSeconds, bitrateKbps }: EncoderSettings): string[] {
  const gop = String(Math.max(1, Math.round(fps * gopSeconds)));
  const rate =
    bitrateKbps === undefined
      ? ['-crf', codec === 'h264' ? '22' : '26']
      : ['-b:v', `${bitrateKbps}k`, '-maxrate', `${bitrateKbps}k`, '-bufsize', `${bitrateKbps}k`];
  // No B-frames, as street cameras send: frames leave in the order in which they are shown.
  // biome-ignore format: one option with its value at a time
  const common = ['-pix_fmt', 'yuv420p', '-preset', 'veryfast', '-g', gop, '-keyint_min', gop, '-bf', '0', ...rate];
  return codec === 'h264'
    ? ['-c:v', 'libx264', '-sc_threshold', '0', ...common]
    : ['-c:v', 'libx265', '-x265-params', 'log-level=error:scenecut=0:repeat-headers=1', ...common];
}

/** Runs ffmpeg with the byte stream on one pipe and its packet index (the framecrc muxer's lines) on another. */
async function produce(
  args: readonly string[],
  picture: Pick<Clip, 'codec' | 'width' | 'height' | 'fps'>,
  signal: AbortSignal,
  frames?: RawFrames,
): Promise<Clip> {
  const muxer = picture.codec === 'h264' ? 'h264' : 'hevc';
  const child = start(
    'ffmpeg',
    // biome-ignore format: one option with its value at a time
    ['-hide_banner', '-v', 'error', '-nostats', ...(frames ? [] : ['-nostdin']), ...args,
      '-fflags', '+bitexact', '-f', 'tee', `[f=${muxer}]pipe\\:1|[f=framecrc]pipe\\:3`],
    signal,
    ['pipe', 'pipe', 'pipe', 'pipe'],
  );
  const [stdin, stdout, stderr, index] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
  const fed = frames === undefined ? endInput(stdin) : feed(frames, stdin);
  const [stream, lines, complaint, code] = await Promise.all([
    gather(stdout, MAX_CLIP_BYTES),
    gather(index, 64 * 1024 * 1024),
    gather(stderr, 1024 * 1024),
    exitOf(child),
    fed,
  ]).catch((error: Error) => {
    child.kill('SIGKILL');
    throw error;
  });
  signal.throwIfAborted();
  const entries = parseIndex(lines.toString('latin1'));
  if (entries.length === 0) {
    throw new UnusableSourceError(lastLine(complaint) || `ffmpeg made no picture (exit ${code})`);
  }
  return clipFrom(picture, stream, entries);
}
