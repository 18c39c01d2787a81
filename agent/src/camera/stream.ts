/**
 * One connection to a camera: ffmpeg reads it once and gives two outputs, decoded keyframes at the model's size on a pipe
 * and the untouched stream in short segments on disk.
 */

import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import { farFilters } from '../detect/far.ts';
import type { FramePool } from '../detect/frames.ts';
import { fitFilters } from '../detect/letterbox.ts';
import { classifyExit, type StreamFault } from './faults.ts';
import { Ffmpeg, type FfmpegOutput, ffmpegArguments } from './ffmpeg.ts';
import { parseFrameInfo } from './frame-info.ts';
import { FrameReader, type ReadFrame } from './frame-reader.ts';
import type { DecoderOptions } from './hardware.ts';
import { forEachLine } from './lines.ts';
import { type Recording, RING_SHIFT_SECONDS, SEGMENT_SECONDS } from './segments.ts';

export interface StreamOptions {
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly decoder: DecoderOptions;
  /** Decode keyframes only, or every frame and keep so many a second. */
  readonly decode: { readonly kind: 'keyframes' } | { readonly kind: 'all'; readonly fps: number } | null;
  readonly record: Recording | null;
  readonly input: Manifest['input'];
  /** The part of each picture that is shown a second time, enlarged. */
  readonly far: NormalizedBox | null;
}

export interface StreamEvents {
  onFrame(frame: ReadFrame): void;
}

const SOCKET_TIMEOUT_US = 10_000_000;
const LOG_LINES = 12;

export class CameraStream {
  /** Settles when the connection is over, for whatever reason; never rejects. */
  readonly ended: Promise<StreamFault>;
  readonly #ffmpeg: Ffmpeg;
  #frames = 0;
  #decodeErrors = 0;

  constructor(options: StreamOptions, pool: FramePool, events: StreamEvents) {
    const reader = new FrameReader(pool, options.far === null ? 1 : 2, (frame) => {
      this.#frames++;
      events.onFrame(frame);
    });
    const problems: string[] = [];
    this.#ffmpeg = new Ffmpeg(streamArguments(options), { pipes: 2 });
    this.#ffmpeg.output(1).on('data', (chunk: Buffer) => reader.push(chunk, Date.now()));
    forEachLine(this.#ffmpeg.log, (line) => {
      const info = parseFrameInfo(line);
      if (info !== null) return reader.describe(info);
      if (!/\[(warning|error|fatal|panic)\]/.test(line)) return;
      if (/error while decoding|concealing|corrupt|missing picture|decode_slice|Invalid NAL/i.test(line)) {
        this.#decodeErrors++;
        return;
      }
      problems.push(line.replace(/^.*?\[(warning|error|fatal|panic)\] /, ''));
      if (problems.length > LOG_LINES) problems.shift();
    });
    forEachLine(this.#ffmpeg.output(3), (line) => {
      const segment = options.record?.ring.finish(line);
      // A segment ends when the keyframe after it arrives.
      if (segment) options.record?.clock.observe(segment.endSeconds, Date.now());
    });
    this.ended = this.#ffmpeg.exit.then(() => {
      reader.close();
      return classifyExit(problems, this.#frames);
    });
  }

  get frames(): number {
    return this.#frames;
  }
  /** Frames that the decoder found damaged. */
  get decodeErrors(): number {
    return this.#decodeErrors;
  }
  get pid(): number | undefined {
    return this.#ffmpeg.pid;
  }

  async stop(): Promise<void> {
    await this.#ffmpeg.stop();
  }
}

function streamArguments({ url, transport, decoder, decode, record, input, far }: StreamOptions): string[] {
  const isRtsp = /^rtsps?:/.test(url);
  const outputs: FfmpegOutput[] = [];
  if (decode !== null) outputs.push(frameOutput(input, decode, decoder, far));
  if (record !== null) outputs.push(recordOutput(record));
  return ffmpegArguments(
    [
      {
        url,
        options: [
          ...(isRtsp
            ? [
                '-rtsp_transport',
                transport,
                '-allowed_media_types',
                'video',
                '-timeout',
                String(SOCKET_TIMEOUT_US),
              ]
            : []),
          ...['-analyzeduration', '3000000', '-probesize', '3000000', '-fpsprobesize', '0'],
          // Decoding of a keyframe now and then needs no threads, and frame threads would hold frames back.
          ...['-threads', '1'],
          ...(decode === null ? [] : decoder.input),
          ...(decode === null ? [] : ['-skip_frame', decode.kind === 'keyframes' ? 'nokey' : 'noref']),
        ],
      },
    ],
    outputs,
  );
}

/** Decoded frames in the model's format on pipe:1, each told on the log with its time. */
export function frameOutput(
  input: Manifest['input'],
  decode: NonNullable<StreamOptions['decode']>,
  decoder: DecoderOptions,
  far: NormalizedBox | null,
): FfmpegOutput {
  const thin =
    decode.kind === 'all'
      ? [`select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${0.96 / decode.fps})`]
      : [];
  const fit = fitFilters(input);
  const shown = far === null ? fit : farFilters(far, fit);
  const filters = [...decoder.filters, ...thin, 'showinfo=checksum=0', shown].join(',');
  return {
    target: 'pipe:1',
    options: [
      ...['-map', '0:v:0', '-vf', filters, '-fps_mode', 'passthrough'],
      // The encoder of raw video runs in frame threads by default, which hold back one frame: a keyframe interval.
      ...['-threads', '1', '-flush_packets', '1', '-f', 'rawvideo'],
    ],
  };
}

/**
 * A stream's first packet may come without a time, and its first decoding times may be negative; MPEG-TS takes neither.
 * Video over RTP counts at 90 kHz (RFC 6184 5.1, RFC 7798 4.1).
 */
const SHIFT = RING_SHIFT_SECONDS * 90_000;
const RING_TIMES = `setts=pts=if(eq(PTS\\,NOPTS)\\,DTS\\,PTS)+${SHIFT}:dts=DTS+${SHIFT}`;

function recordOutput({ ring }: Recording): FfmpegOutput {
  return {
    target: ring.begin().pattern,
    options: [
      ...[
        '-map',
        '0:v:0',
        '-c',
        'copy',
        '-bsf:v',
        RING_TIMES,
        '-f',
        'segment',
        '-segment_time',
        String(SEGMENT_SECONDS),
      ],
      ...['-segment_format', 'mpegts', '-muxdelay', '0', '-muxpreload', '0', '-fflags', '+flush_packets'],
      // With its length told, a frame is whole for who reads along when it is written, not when the next one is.
      ...['-segment_format_options', 'omit_video_pes_length=0'],
      ...['-segment_list', 'pipe:3', '-segment_list_type', 'csv', '-segment_list_size', '0'],
    ],
  };
}
