/**
 * One connection to a camera: a relay logs in, ffmpeg reads the stream from it once and gives two outputs, decoded keyframes
 * at the model's size on a pipe and the untouched stream in short segments on disk.
 */

import type { Semaphore } from '@roadwatch/common';
import { steadyMs } from '@roadwatch/common';
import type { PassedCodec } from '@roadwatch/contract';
import { FrameReader, type ReadFrame } from '../decode/frame-reader.ts';
import { parseFrameInfo, parseStreamInfo } from '../ffmpeg/frame-info.ts';
import { forEachLine } from '../ffmpeg/lines.ts';
import { ffmpegProblem, ffmpegVersion } from '../ffmpeg/probe.ts';
import { Ffmpeg } from '../ffmpeg/process.ts';
import type { FramePool } from '../frame/pool.ts';
import { displaySize, type Size } from '../frame/size.ts';
import { RingError } from '../ring/segments.ts';
import { classifyExit, type StreamFault } from './faults.ts';
import { RING_STUCK, RING_TOO_SMALL } from './ring-faults.ts';
import { CameraFault } from './rtsp/fault.ts';
import { CameraRelay } from './rtsp/relay.ts';
import type { VideoCodec } from './rtsp/sdp.ts';
import { type StreamReading, streamArguments } from './stream-arguments.ts';
import type { Packets, VideoStream } from './video-stream.ts';

export interface StreamOptions extends StreamReading {
  /**
   * Whether what is recorded is encoded anew, with a keyframe every 2 s: of a camera whose own are so rare that no picture
   * could be cut. Video that is not H.264 or H.265 always is.
   */
  readonly encode?: boolean;
  /** Bounds how many decoders start at the same time. */
  readonly starting: Semaphore;
}

export interface StreamEvents {
  onFrame(frame: ReadFrame): void;
}

const LOG_LINES = 12;

/** Of a command that is there and cannot be run, and of one that is not there (POSIX, XCU 2.8.2). */
const NOT_RUN = 126;
const NOT_FOUND = 127;
const NOT_UNDERSTOOD = /Unrecognized option|Option \S+ not found|Error splitting the argument list/;
/** A decoder has started when it gives its first picture; one that waits for a keyframe keeps nobody else from starting. */
const STARTING_MS = 5_000;
/** By UDP nobody sees the bytes pass. */
const LOOK_MS = 250;
const GROWN_MS = 10_000;

export class CameraStream implements VideoStream {
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

  get decodeErrors(): number {
    return this.#decodeErrors;
  }
  get sized(): Promise<Size | null> {
    return this.#sized.promise;
  }
  get admitted(): Promise<boolean> {
    return this.#admitted.promise;
  }
  isFlowing(now: number): boolean {
    return this.#options.access.transport === 'tcp'
      ? this.#relay?.isFlowing(now) === true
      : now - this.#grownAt < GROWN_MS;
  }
  get packets(): Packets | null {
    return this.#relay;
  }

  get recordedCodec(): PassedCodec | null {
    const { codec } = this.#relay ?? {};
    if (codec === undefined) return null;
    if (this.#isEncoded(codec)) return 'h264';
    return codec === 'H264' ? 'h264' : codec === 'H265' ? 'h265' : null;
  }

  #isEncoded(codec: VideoCodec): boolean {
    return this.#options.encode === true || codec === 'JPEG';
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
      if (!this.#stopping.signal.aborted) problems = await this.#decode(this.#relay, pool, { onFrame });
    } catch (error) {
      this.#fault = {
        kind: error instanceof RingError ? 'disk' : 'internal',
        reason: (error as Error).message,
      };
    } finally {
      clearTimeout(tooLong);
      started();
      await this.#relay.close();
    }
    // A disk that is full shows as a camera that hangs up: ffmpeg ends, and says why now and then only.
    const full = this.#options.record?.ring.findDiskProblem() ?? null;
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
    const ffmpeg = new Ffmpeg(streamArguments(relay.url, this.#isEncoded(relay.codec), this.#options), {
      pipes: 2,
      limits: {
        device: decoder.input.length > 0,
        ...(record === null ? {} : { fileBytes: record.ring.maxFileBytes }),
      },
    });
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
