/** The only place that runs ffmpeg and ffprobe: files and raw frames in, clips out. Every child ends with its caller's signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Clip, clipFrom, type PacketEntry, TICKS_PER_SECOND } from './clip.ts';
import type { Codec } from './nal.ts';

/** The most compressed video held for one clip. */
export const MAX_CLIP_BYTES = 512 * 1024 * 1024;

export interface EncoderSettings {
  readonly codec: Codec;
  readonly fps: number;
  /** Seconds from one keyframe to the next. */
  readonly gopSeconds: number;
  /** Kilobits a second; without it, constant quality. */
  readonly bitrateKbps?: number;
}

export const DEFAULT_ENCODER: EncoderSettings = { codec: 'h264', fps: 12.5, gopSeconds: 2 };

export interface ProbedVideo {
  readonly codec: string;
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number | null;
}

/** Frames made here rather than by ffmpeg: packed RGB, `width * height * 3` bytes each. */
export interface RawFrames {
  readonly width: number;
  readonly height: number;
  readonly frames: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** A video or picture file that cannot be used, with the reason in a sentence. */
export class UnusableSourceError extends Error {
  override name = 'UnusableSourceError';
}

/**
 * What a file holds, by ffprobe.
 * @throws UnusableSourceError when it is not readable as video
 */
export async function probe(file: string, signal: AbortSignal): Promise<ProbedVideo> {
  const out = await collect(
    'ffprobe',
    // biome-ignore format: one option with its value at a time
    ['-v', 'error', '-select_streams', 'v:0', '-show_entries',
      'stream=codec_name,pix_fmt,width,height,avg_frame_rate,r_frame_rate,duration:format=duration',
      '-of', 'json', '-i', `file:${file}`],
    signal,
  ).catch((error: Error) => {
    throw new UnusableSourceError(`${file}: not readable as video (${error.message})`);
  });
  const { streams = [], format = {} } = JSON.parse(out.toString('utf8')) as {
    streams?: Record<string, string | number>[];
    format?: Record<string, string>;
  };
  const stream = streams[0];
  if (stream === undefined) throw new UnusableSourceError(`${file}: holds no video`);
  const width = Number(stream.width);
  const height = Number(stream.height);
  if (!(width >= 16 && height >= 16 && width <= 8192 && height <= 8192)) {
    throw new UnusableSourceError(`${file}: picture size ${width}x${height} is outside 16x16 to 8192x8192`);
  }
  const fps = ratio(stream.avg_frame_rate) || ratio(stream.r_frame_rate) || DEFAULT_ENCODER.fps;
  const seconds = Number(stream.duration ?? format.duration);
  return {
    codec: String(stream.codec_name),
    pixelFormat: String(stream.pix_fmt),
    width,
    height,
    fps: Math.min(240, Math.max(0.1, fps)),
    seconds: Number.isFinite(seconds) ? seconds : null,
  };
}

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

/** A moving picture with noise as a fragmented MP4, as an agent cuts clips from a stream. */
export function renderMp4(
  { width, height }: { readonly width: number; readonly height: number },
  { seconds, fps, kbps }: { readonly seconds: number; readonly fps: number; readonly kbps: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const rate = `${kbps}k`;
  return collect(
    'ffmpeg',
    // biome-ignore format: one option with its value at a time
    ['-hide_banner', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${fps}`,
      '-t', String(seconds), '-vf', 'noise=alls=12:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p',
      '-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4', 'pipe:1'],
    signal,
  );
}

/** Reads the framecrc muxer's lines: `stream, dts, pts, duration, size, crc[, F=flags]`, in the time base of its `#tb`. */
export function parseIndex(text: string): PacketEntry[] {
  let toTicks = 1;
  const entries: PacketEntry[] = [];
  for (const line of text.split('\n')) {
    const base = /^#tb 0: (\d+)\/(\d+)/.exec(line);
    if (base) toTicks = (TICKS_PER_SECOND * Number(base[1])) / Number(base[2]);
    if (line.startsWith('#') || line.trim() === '') continue;
    const [, dts, pts, duration, size, , ...rest] = line.split(',').map((field) => field.trim());
    const flags = rest.find((field) => field.startsWith('F='));
    const time = (field: string | undefined): number | null => {
      const value = Number(field);
      return field === undefined || !Number.isSafeInteger(value) ? null : Math.round(value * toTicks);
    };
    entries.push({
      dts: time(dts),
      pts: time(pts),
      duration: time(duration) ?? 0,
      size: Number(size),
      keyframe: flags === undefined || (Number(flags.slice(2)) & 1) === 1,
    });
  }
  return entries;
}

/** Runs a program to its end and returns what it printed. */
export async function collect(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  limit = 64 * 1024 * 1024,
): Promise<Buffer> {
  const child = start(command, args, signal, ['ignore', 'pipe', 'pipe']);
  const [, stdout, stderr] = child.stdio as unknown as [null, Readable, Readable];
  const [out, complaint, code] = await Promise.all([
    gather(stdout, limit),
    gather(stderr, 1024 * 1024),
    exitOf(child),
  ]).catch((error: Error) => {
    child.kill('SIGKILL');
    throw error;
  });
  signal.throwIfAborted();
  if (code !== 0) throw new Error(lastLine(complaint) || `${command} ended with ${code}`);
  return out;
}

function start(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  stdio: ('pipe' | 'ignore')[],
): ChildProcess {
  signal.throwIfAborted();
  return spawn(command, args, { stdio, signal, killSignal: 'SIGKILL' });
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

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

async function gather(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes > limit) {
      throw new UnusableSourceError(
        `more than ${Math.round(limit / 1024 / 1024)} MiB of compressed video; give a shorter piece`,
      );
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

async function endInput(stdin: Writable): Promise<void> {
  stdin.on('error', () => {});
  stdin.end();
}

async function feed(source: RawFrames, stdin: Writable): Promise<void> {
  // ffmpeg's own complaint says more than the broken pipe that follows it.
  stdin.on('error', () => {});
  for await (const frame of source.frames) {
    if (!stdin.writable) return;
    if (!stdin.write(frame)) await drained(stdin);
  }
  stdin.end();
  await finished(stdin).catch(() => {});
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

function lastLine(output: Buffer): string {
  return (output.toString('utf8').trim().split('\n').at(-1) ?? '').slice(0, 300);
}

function ratio(value: string | number | undefined): number {
  const [above, below] = String(value).split('/').map(Number);
  const result = (above ?? 0) / (below ?? 1);
  return Number.isFinite(result) ? result : 0;
}
