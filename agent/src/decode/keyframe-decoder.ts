/**
 * A decoder that lives on, and turns the keyframes of any camera into frames for the model, one after the other. What it is given may
 * be anything: a picture that it cannot do ends it, and another takes its place.
 */
import { steadyMs } from '@roadwatch/common';
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import { parseFrameInfo } from '../ffmpeg/frame-info.ts';
import { type DecoderOptions, SOFTWARE } from '../ffmpeg/hardware.ts';
import { forEachLine } from '../ffmpeg/lines.ts';
import { Ffmpeg, type FfmpegOutput, ffmpegArguments } from '../ffmpeg/process.ts';
import { processorTimeMs } from '../ffmpeg/processor-time.ts';
import type { PictureCodec } from '../frame/codec.ts';
import { cropFilter } from '../frame/far-crop.ts';
import { fitFilters } from '../frame/letterbox.ts';
import type { FramePool } from '../frame/pool.ts';
import type { Size } from '../frame/size.ts';
import { frameOutput } from './frame-output.ts';
import { FrameReader, type ReadFrame } from './frame-reader.ts';
import { ivfFrameHeader, ivfHeader } from './ivf.ts';

/** What has to be the same for two cameras to share a decoder. */
export interface DecodeAs {
  readonly codec: PictureCodec;
  readonly decoder: DecoderOptions;
  /** As in StreamReading. */
  readonly far: NormalizedBox | null;
  readonly shape: Size | null;
}

export interface Decoded {
  /** Null: no picture has come of it. */
  readonly frame: ReadFrame | null;
  /** Parts of it could not be read. */
  readonly isDamaged: boolean;
  /** Processor time that it took, ms; null where that is not known, or not what it costs: a device decodes. */
  readonly cpuMs: number | null;
}

/** A picture of 8K on a busy box, and the start of a decoder. */
const LONGEST_MS = 4_000;
/** ffmpeg tells numbers with six digits. */
const MOST_PICTURES = 500_000;
const DAMAGED =
  /error while decoding|concealing|corrupt|missing picture|decode_slice|Invalid NAL|non-existing/i;
/** Nothing comes of it, and nothing need be waited for. */
const TOO_LARGE = /exceeds specified max pixel count/;
const NOTHING: Decoded = { frame: null, isDamaged: true, cpuMs: null };

interface Pending {
  readonly number: number;
  whole: ReadFrame | null;
  part: ReadFrame | null;
  resolve(decoded: Decoded): void;
}

export class KeyframeDecoder {
  readonly as: DecodeAs;
  readonly #ffmpeg: Ffmpeg;
  readonly #pool: FramePool;
  readonly #whole: FrameReader;
  readonly #part: FrameReader | null;
  #pending: Pending | null = null;
  #isDamaged = false;
  #number = 0;
  #hasEnded = false;
  /** Up to the picture before. */
  #usedMs = 0;

  constructor(as: DecodeAs, input: Manifest['input'], pool: FramePool) {
    this.as = as;
    this.#pool = pool;
    this.#whole = new FrameReader(pool, 1, (read) => this.#onPicture('whole', read));
    this.#part = as.far === null ? null : new FrameReader(pool, 1, (read) => this.#onPicture('part', read));
    this.#ffmpeg = new Ffmpeg(decoderArguments(as, input), {
      ...{ stdin: true, pipes: as.far === null ? 1 : 2 },
      limits: { device: as.decoder.input.length > 0 },
    });
    this.#ffmpeg.output(1).on('data', (chunk: Buffer) => this.#whole.push(chunk, steadyMs()));
    if (as.far !== null)
      this.#ffmpeg.output(3).on('data', (chunk: Buffer) => this.#part?.push(chunk, steadyMs()));
    forEachLine(this.#ffmpeg.log, (line) => {
      const info = parseFrameInfo(line);
      if (info !== null) {
        this.#whole.describe(info);
        this.#part?.describe(info);
      } else if (TOO_LARGE.test(line)) void this.stop();
      else if (DAMAGED.test(line)) this.#isDamaged = true;
    });
    void this.#ffmpeg.exit.then(() => {
      this.#hasEnded = true;
      this.#whole.close();
      this.#part?.close();
      this.#settle(NOTHING);
    });
  }

  get isBusy(): boolean {
    return this.#pending !== null;
  }
  /** Nothing more is to be asked of it. */
  get isOver(): boolean {
    return this.#hasEnded || this.#number >= MOST_PICTURES;
  }

  /** `bytes`: a keyframe with all that a decoder must know. To be asked when it is not busy; never rejects. */
  async decode(bytes: Buffer): Promise<Decoded> {
    const isFirst = this.#number === 0;
    const number = ++this.#number;
    this.#isDamaged = false;
    const decoded = new Promise<Decoded>((resolve) => {
      this.#pending = { number, whole: null, part: null, resolve };
    });
    const { stdin } = this.#ffmpeg;
    // Some decoders want a second picture before they give the first.
    if (isFirst) {
      stdin.write(ivfHeader(this.as.codec));
      stdin.write(ivfFrameHeader(bytes.length, 0));
      stdin.write(bytes);
    }
    stdin.write(ivfFrameHeader(bytes.length, number));
    stdin.write(bytes);
    const late = setTimeout(() => void this.stop(), LONGEST_MS);
    try {
      return await decoded;
    } finally {
      clearTimeout(late);
    }
  }

  /** Safe to call again. */
  async stop(): Promise<void> {
    await this.#ffmpeg.stop();
  }

  /** Of what was asked, or of nothing that is still asked for. */
  #onPicture(which: 'whole' | 'part', read: ReadFrame): void {
    const pending = this.#pending;
    if (pending === null || read.info.ptsSeconds !== pending.number) {
      if (read.slot !== null) this.#pool.release(read.slot);
      return;
    }
    pending[which] = read;
    const { whole, part } = pending;
    if (whole === null || (this.#part !== null && part === null)) return;
    const farSlot = part?.slot ?? null;
    // Without the whole picture its part is of no use.
    if (whole.slot === null && farSlot !== null) this.#pool.release(farSlot);
    const frame = { ...whole, farSlot: whole.slot === null ? null : farSlot };
    this.#settle({ frame, isDamaged: this.#isDamaged, cpuMs: this.#takeUsedMs() });
  }

  /** Since it was asked last. */
  #takeUsedMs(): number | null {
    const usedMs = this.as.decoder === SOFTWARE ? processorTimeMs(this.#ffmpeg.pid) : null;
    if (usedMs === null) return null;
    const sinceMs = usedMs - this.#usedMs;
    this.#usedMs = usedMs;
    return sinceMs;
  }

  #settle(decoded: Decoded): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return;
    // The one without the other.
    if (decoded.frame === null)
      for (const read of [pending.whole, pending.part])
        if (read !== null && read.slot !== null) this.#pool.release(read.slot);
    pending.resolve(decoded);
  }
}

const SOFTWARE_DECODERS = { H264: 'h264', H265: 'hevc' } as const;

function decoderArguments({ codec, decoder, far, shape }: DecodeAs, input: Manifest['input']): string[] {
  return ffmpegArguments(
    [
      {
        url: 'pipe:0',
        foreign: ['pipe'],
        options: [
          ...['-f', 'ivf', '-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0'],
          ...['-copyts', '-threads', '1'],
          ...(decoder === SOFTWARE ? ['-c:v', SOFTWARE_DECODERS[codec]] : decoder.input),
        ],
      },
    ],
    far === null
      ? [frameOutput(input, { kind: 'keyframes' }, decoder, null, shape)]
      : farOutputs(input, decoder, far, shape),
  );
}

/** The whole picture to one pipe and its part to another: in one pipe either would wait for the next picture. */
function farOutputs(
  input: Manifest['input'],
  decoder: DecoderOptions,
  far: NormalizedBox,
  shape: Size | null,
): FfmpegOutput[] {
  const fit = fitFilters(input);
  const reshape = shape === null ? [] : [`setdar=${shape.width / shape.height}`];
  const read = [...decoder.filters, ...reshape, 'showinfo=checksum=0', 'split[w][p]'].join(',');
  const graph = `[0:v]${read};[w]${fit}[whole];[p]${cropFilter(far)},${fit}[part]`;
  const raw = ['-fps_mode', 'passthrough', '-threads', '1', '-flush_packets', '1', '-f', 'rawvideo'];
  return [
    { target: 'pipe:1', options: ['-filter_complex', graph, '-map', '[whole]', ...raw] },
    { target: 'pipe:3', options: ['-map', '[part]', ...raw] },
  ];
}
