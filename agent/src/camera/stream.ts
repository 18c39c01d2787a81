/**
 * One connection to a camera: a relay logs in, ffmpeg reads the stream from it once and gives two outputs, decoded keyframes
 * at the model's size on a pipe and the untouched stream in short segments on disk.
 */

import type { Semaphore } from '@roadwatch/common';
import { steadyMs } from '@roadwatch/common';
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import { parseFrameInfo, parseStreamInfo } from '../ffmpeg/frame-info.ts';
import type { DecoderOptions } from '../ffmpeg/hardware.ts';
import { forEachLine } from '../ffmpeg/lines.ts';
import { ffmpegProblem, ffmpegVersion } from '../ffmpeg/probe.ts';
import { Ffmpeg, type FfmpegOutput, ffmpegArguments } from '../ffmpeg/process.ts';
import { farFilters } from '../frame/far-crop.ts';
import { fitFilters } from '../frame/letterbox.ts';
import type { FramePool } from '../frame/pool.ts';
import { displaySize, type Size } from '../frame/size.ts';
import { type Recording, RING_SHIFT_SECONDS, RingError, SEGMENT_SECONDS } from '../ring/segments.ts';
import { classifyExit, type StreamFault } from './faults.ts';
import { FrameReader, type ReadFrame } from './frame-reader.ts';
import type { CameraAccess } from './rtsp/access.ts';
import { CameraFault } from './rtsp/fault.ts';
import { CameraRelay } from './rtsp/relay.ts';

export interface StreamOptions {
  readonly access: CameraAccess;
  readonly decoder: DecoderOptions;
  /** Decode keyframes only, or every frame and keep so many a second. */
  readonly decode: { readonly kind: 'keyframes' } | { readonly kind: 'all'; readonly fps: number } | null;
  readonly record: Recording | null;
  /**
   * Whether what is recorded is encoded anew, with a keyframe every 2 s: of a camera whose own are so rare that no picture
   * could be cut. Video that is not H.264 or H.265 always is.
   */
  readonly encode?: boolean;
  readonly input: Manifest['input'];
  /** Its shape, where that is known better than from the stream: a sub-stream shows what the main one does, perhaps squeezed. */
  readonly shape?: Size | null;
  /** The part of each picture that is shown a second time, enlarged. */
  readonly far: NormalizedBox | null;
  /** Bounds how many decoders start at the same time. */
  readonly starting: Semaphore;
}

export interface StreamEvents {
  onFrame(frame: ReadFrame): void;
}

/** From the relay; packets by UDP come from the camera. */
export const RTSP_PROTOCOLS = ['tcp', 'udp', 'rtp'] as const;
/** By UDP; inside the connection the relay sees when nothing comes. */
const SOCKET_TIMEOUT_US = 15_000_000;
/**
 * Of the stream, that ffmpeg reads before it shows anything; it reads all of it. Inside the connection a keyframe comes first, which
 * tells all there is to know; by UDP it may be seconds away.
 */
const ANALYSE_US = { tcp: 500_000, udp: 3_000_000 } as const;
const LOG_LINES = 12;

const RING_TOO_SMALL: StreamFault = {
  kind: 'ring',
  reason:
    'what the camera sends from one keyframe to the next does not fit into the ring; ' +
    'set it to a keyframe every 2 s and a lower bit rate, or raise ring.maxMegabytes',
};
const RING_STUCK: StreamFault = {
  kind: 'disk',
  reason: 'the video ring grows, for its older files cannot be deleted; see ring.dir',
};
/** Of a command that is there and cannot be run, and of one that is not there (POSIX, XCU 2.8.2). */
const NOT_RUN = 126;
const NOT_FOUND = 127;
const NOT_UNDERSTOOD = /Unrecognized option|Option \S+ not found|Error splitting the argument list/;
/** A decoder has started when it gives its first picture; one that waits for a keyframe keeps nobody else from starting. */
const STARTING_MS = 5_000;
/** By UDP nobody sees the bytes pass. */
const LOOK_MS = 250;
const GROWN_MS = 10_000;

export class CameraStream {
  /** Settles when the connection is over, for whatever reason; never rejects. */
  readonly ended: Promise<StreamFault>;
  readonly #options: StreamOptions;
  readonly #stopping = new AbortController();
  readonly #admitted = Promise.withResolvers<boolean>();
  #relay: CameraRelay | null = null;
  #ffmpeg: Ffmpeg | null = null;
  #frames = 0;
  #decodeErrors = 0;
  #fault: StreamFault | null = null;
  readonly #sized = Promise.withResolvers<Size | null>();
  #size: Size | null = null;
  #unlooked = 0;
  #ringBytes = 0;
  #grownAt = 0;

  constructor(options: StreamOptions, pool: FramePool, events: StreamEvents) {
    this.#options = options;
    this.ended = this.#run(pool, events);
    void this.ended.then(() => this.#sized.resolve(null));
  }

  get frames(): number {
    return this.#frames;
  }
  /** Frames that the decoder found damaged. */
  get decodeErrors(): number {
    return this.#decodeErrors;
  }
  /** Resolves with the picture's size as it is to be seen, not rounded; null when it ends before that is known. */
  get sized(): Promise<Size | null> {
    return this.#sized.promise;
  }
  /** Resolves with whether the camera let the agent in. */
  get admitted(): Promise<boolean> {
    return this.#admitted.promise;
  }
  get pid(): number | undefined {
    return this.#ffmpeg?.pid;
  }
  /** Whether packets come, also while no picture does. */
  isFlowing(now: number): boolean {
    return this.#options.access.transport === 'tcp'
      ? this.#relay?.isFlowing(now) === true
      : now - this.#grownAt < GROWN_MS;
  }
  /** What is known of the packets; null before the camera has let the agent in. */
  get relay(): CameraRelay | null {
    return this.#relay;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ffmpeg?.stop();
    await this.ended;
  }

  async #run(pool: FramePool, events: StreamEvents): Promise<StreamFault> {
    const { access } = this.#options;
    try {
      this.#relay = await CameraRelay.open(
        access,
        { onBytes: (bytes) => this.#onBytes(bytes) },
        this.#stopping.signal,
      );
      this.#admitted.resolve(true);
    } catch (error) {
      this.#admitted.resolve(false);
      return error instanceof CameraFault
        ? error
        : { kind: 'internal', reason: `the connection could not be begun: ${(error as Error).message}` };
    }
    let problems: readonly string[] = [];
    const started = await this.#options.starting.acquire();
    const tooLong = setTimeout(started, STARTING_MS);
    try {
      const onFrame = (frame: ReadFrame): void => {
        started();
        events.onFrame(frame);
      };
      problems = await this.#decode(this.#relay, pool, { onFrame });
    } catch (error) {
      if (!(error instanceof RingError)) throw error;
      this.#fault = { kind: 'disk', reason: error.message };
    } finally {
      clearTimeout(tooLong);
      started();
      await this.#relay.close();
    }
    // A disk that is full shows as a camera that hangs up: ffmpeg ends, and says why now and then only.
    const full = this.#options.record?.ring.diskProblem ?? null;
    const ofDisk: StreamFault | null = full === null ? null : { kind: 'disk', reason: full };
    return this.#fault ?? ofDisk ?? this.#relay.fault ?? classifyExit(problems, this.#frames);
  }

  /** Until ffmpeg ends; what it complained of. */
  async #decode(relay: CameraRelay, pool: FramePool, events: StreamEvents): Promise<readonly string[]> {
    const { access, far, record, decoder } = this.#options;
    const reader = new FrameReader(pool, far === null ? 1 : 2, (frame) => {
      this.#frames++;
      events.onFrame(frame);
    });
    const problems: string[] = [];
    const ffmpeg = new Ffmpeg(
      streamArguments(relay.url, this.#options.encode === true || relay.codec === 'JPEG', this.#options),
      {
        pipes: 2,
        limits: {
          device: decoder.input.length > 0,
          ...(record === null ? {} : { fileBytes: record.ring.maxFileBytes }),
        },
      },
    );
    this.#ffmpeg = ffmpeg;
    if (ffmpeg.pid !== undefined) relay.admit(ffmpeg.pid);
    ffmpeg.output(1).on('data', (chunk: Buffer) => reader.push(chunk, steadyMs()));
    forEachLine(ffmpeg.log, (line) => {
      const info = parseFrameInfo(line);
      if (info !== null) return reader.describe(info);
      // The first is what comes in, those after it what goes out.
      const stream = this.#size === null ? parseStreamInfo(line) : null;
      if (stream !== null) {
        this.#size = displaySize(stream);
        this.#sized.resolve(this.#size);
      }
      if (!/\[(warning|error|fatal|panic)\]/.test(line)) return;
      if (/exceeds specified max pixel count/.test(line)) this.#end(classifyExit([line], 0));
      if (/error while decoding|concealing|corrupt|missing picture|decode_slice|Invalid NAL/i.test(line)) {
        this.#decodeErrors++;
        return;
      }
      problems.push(line.replace(/^.*?\[(warning|error|fatal|panic)\] /, ''));
      if (problems.length > LOG_LINES) problems.shift();
    });
    forEachLine(ffmpeg.output(3), (line) => {
      const segment = record?.ring.finish(line);
      // A segment ends when the keyframe after it arrives.
      if (segment) record?.clock.observe(segment.endSeconds, steadyMs());
    });
    if (this.#stopping.signal.aborted) void ffmpeg.stop();
    const look =
      record === null || access.transport === 'tcp'
        ? undefined
        : setInterval(() => {
            this.#onBytes(record.ring.checkEveryBytes);
            if (record.ring.bytes !== this.#ringBytes) this.#grownAt = performance.now();
            this.#ringBytes = record.ring.bytes;
          }, LOOK_MS);
    const { code, signal } = await ffmpeg.exit;
    clearInterval(look);
    if (signal === 'SIGXFSZ') this.#fault ??= RING_TOO_SMALL;
    if (code === NOT_RUN || code === NOT_FOUND || problems.some((line) => NOT_UNDERSTOOD.test(line))) {
      const reason = ffmpegProblem(await ffmpegVersion()) ?? 'ffmpeg cannot be run as it has to be';
      this.#fault ??= { kind: 'internal', reason };
    }
    reader.close();
    return problems;
  }

  /** Bytes have come, and much of them is on disk. */
  #onBytes(bytes: number): void {
    const { record } = this.#options;
    if (record === null) return;
    this.#unlooked += bytes;
    if (this.#unlooked < record.ring.checkEveryBytes) return;
    this.#unlooked = 0;
    const problem = record.ring.makeRoom();
    if (problem === 'segment too large') this.#end(RING_TOO_SMALL);
    if (problem === 'not deleted') this.#end(RING_STUCK);
  }

  #end(fault: StreamFault): void {
    this.#fault ??= fault;
    void this.#ffmpeg?.stop();
  }
}

function streamArguments(
  url: string,
  encode: boolean,
  { access, decoder, decode, record, input, far, shape }: StreamOptions,
): string[] {
  const outputs: FfmpegOutput[] = [];
  if (decode !== null) outputs.push(frameOutput(input, decode, decoder, far, shape ?? null));
  if (record !== null)
    outputs.push(recordOutput(record, access.transport, encode ? encoding(decoder) : COPY));
  return ffmpegArguments(
    [
      {
        url,
        foreign: RTSP_PROTOCOLS,
        options: [
          ...['-f', 'rtsp', '-rtsp_transport', access.transport, '-allowed_media_types', 'video'],
          ...(access.transport === 'udp' ? ['-timeout', String(SOCKET_TIMEOUT_US)] : []),
          ...['-analyzeduration', String(ANALYSE_US[access.transport])],
          ...['-probesize', '3000000', '-fpsprobesize', '0'],
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
  shape: Size | null = null,
): FfmpegOutput {
  const thin =
    decode.kind === 'all'
      ? [`select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${0.96 / decode.fps})`]
      : [];
  const fit = fitFilters(input);
  const shown = far === null ? fit : farFilters(far, fit);
  const reshape = shape === null ? [] : [`setdar=${shape.width / shape.height}`];
  const filters = [...decoder.filters, ...thin, ...reshape, 'showinfo=checksum=0', shown].join(',');
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

const COPY = ['-c', 'copy', '-bsf:v', RING_TIMES];

/** Pictures a second that are kept of a stream that is encoded anew: as many as a closer look may take. */
const ENCODED_FPS = 10;

/** 0.1 of a core for 1080p, besides decoding. */
function encoding({ filters }: DecoderOptions): string[] {
  const thin = `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${0.96 / ENCODED_FPS})`;
  const chain = [...filters, thin, `setpts=PTS+${RING_SHIFT_SECONDS}/TB`, 'format=yuv420p'].join(',');
  return [
    ...['-vf', chain, '-fps_mode', 'passthrough', '-enc_time_base', '1:90000', '-threads', '1'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '21'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_SECONDS})`],
  ];
}

function recordOutput({ ring }: Recording, transport: 'tcp' | 'udp', codec: readonly string[]): FfmpegOutput {
  return {
    target: ring.begin(transport === 'tcp' ? 'little' : 'a whole file').pattern,
    options: [
      ...['-map', '0:v:0', ...codec, '-f', 'segment', '-segment_time', String(SEGMENT_SECONDS)],
      ...['-segment_format', 'mpegts', '-muxdelay', '0', '-muxpreload', '0', '-fflags', '+flush_packets'],
      // With its length told, a frame is whole for who reads along when it is written, not when the next one is.
      ...['-segment_format_options', 'omit_video_pes_length=0'],
      ...['-segment_list', 'pipe:3', '-segment_list_type', 'csv', '-segment_list_size', '0'],
    ],
  };
}
