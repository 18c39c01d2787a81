/**
 * A closer look at a camera for a few seconds: every frame is decoded from the segments that its connection is writing
 * anyway, so the camera notices nothing, and so many frames a second are handed on.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { steadyMs } from '@roadwatch/common';
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import { frameOutput } from '../decode/frame-output.ts';
import { FrameReader } from '../decode/frame-reader.ts';
import { parseFrameInfo } from '../ffmpeg/frame-info.ts';
import { SOFTWARE } from '../ffmpeg/hardware.ts';
import { forEachLine } from '../ffmpeg/lines.ts';
import { Ffmpeg, ffmpegArguments } from '../ffmpeg/process.ts';
import { farPart } from '../frame/far-crop.ts';
import { contentSize } from '../frame/letterbox.ts';
import type { Frame, FramePool } from '../frame/pool.ts';
import { displaySize } from '../frame/size.ts';
import { followRing } from '../ring/follow.ts';
import { type Recording, RING_SHIFT_SECONDS } from '../ring/segments.ts';

export interface BurstOptions {
  readonly recording: Recording;
  readonly input: Manifest['input'];
  readonly pool: FramePool;
  readonly fps: number;
  readonly far: NormalizedBox | null;
  /** Takes over the frame's slot. */
  onFrame(frame: Frame): void;
  /** A frame found no free slot. */
  onDrop(): void;
  /** It has ended before its time. */
  onFailed(error: Error): void;
}

/** A main stream that is called for comes within this, or not in time. */
const COMES_MS = 8_000;
/** A decoder that takes nothing for so long is given up. */
const STUCK_MS = 3_000;
/** MPEG-TS counts 33 bits at 90 kHz. */
const TS_WRAP_SECONDS = 2 ** 33 / 90_000;

export class Burst {
  readonly #options: BurstOptions;
  readonly #ffmpeg: Ffmpeg;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #untilMs: number;
  readonly #durationMs: number;
  #hasBegun = false;

  constructor(options: BurstOptions, untilMs: number) {
    this.#options = options;
    this.#durationMs = untilMs - steadyMs();
    this.#untilMs = untilMs + COMES_MS;
    this.#ffmpeg = new Ffmpeg(burstArguments(options), { stdin: true });
    const reader = new FrameReader(options.pool, options.far === null ? 1 : 2, (read) => {
      const { slot, info, arrivedAtMs } = read;
      if (slot === null) return options.onDrop();
      const { width, height } = displaySize(info);
      options.onFrame({
        slot,
        far: farPart(read, options.far, options.input),
        capturedAtMs: this.#captureTime(info.ptsSeconds, arrivedAtMs),
        content: contentSize({ width, height }, options.input),
        source: { width: Math.round(width), height: Math.round(height) },
      });
    });
    this.#ffmpeg.output(1).on('data', (chunk: Buffer) => reader.push(chunk, steadyMs()));
    forEachLine(this.#ffmpeg.log, (line) => {
      const info = parseFrameInfo(line);
      if (info !== null) reader.describe(info);
    });
    this.#done = this.#feed()
      .catch((error: Error) => options.onFailed(error))
      .finally(async () => {
        await this.#ffmpeg.stop();
        reader.close();
      });
  }

  /** Settles when the last frame has been handed on and the child is gone; never rejects. */
  get done(): Promise<void> {
    return this.#done;
  }

  extend(untilMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, untilMs);
  }

  /** Ends it now; what is on its way is still handed on. */
  finish(): void {
    this.#untilMs = 0;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // What is being written to it comes to an end with it.
    await this.#ffmpeg.stop();
    await this.#done;
  }

  #captureTime(ptsSeconds: number | null, arrivedAtMs: number): number {
    const { clock } = this.#options.recording;
    const now = clock.toPtsSeconds(arrivedAtMs);
    if (ptsSeconds === null || now === null) return arrivedAtMs;
    const streamSeconds = ptsSeconds - RING_SHIFT_SECONDS;
    const wraps = Math.round((now - streamSeconds) / TS_WRAP_SECONDS);
    return Math.min(clock.toWallMs(streamSeconds + wraps * TS_WRAP_SECONDS) ?? arrivedAtMs, arrivedAtMs);
  }

  /** Follows the file that is being written, and the one after it, into the decoder. */
  async #feed(): Promise<void> {
    const { ring } = this.#options.recording;
    const { signal } = this.#stopping;
    const ended = this.#ffmpeg.exit.then(() => this.#stopping.abort());
    try {
      await followRing(
        ring,
        { need: 'found', goesOn: () => steadyMs() < this.#untilMs, take: (bytes) => this.#write(bytes) },
        signal,
      );
    } finally {
      this.#ffmpeg.stdin.end();
    }
    if (!signal.aborted) await Promise.race([ended, sleep(1_000)]);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    // Its time counts from the first of the video.
    if (!this.#hasBegun && this.#untilMs > 0) this.#untilMs = steadyMs() + this.#durationMs;
    this.#hasBegun = true;
    let isStuck = false;
    const stuck = setTimeout(() => {
      isStuck = true;
      void this.#ffmpeg.stop();
    }, STUCK_MS);
    // The buffer is read into again, so the write must be over before this returns.
    await new Promise<void>((resolve) => this.#ffmpeg.stdin.write(bytes, () => resolve()));
    clearTimeout(stuck);
    if (isStuck) throw new Error(`the decoder has taken nothing for ${STUCK_MS / 1000} s`);
  }
}

function burstArguments({ input, fps, far }: BurstOptions): string[] {
  return ffmpegArguments(
    [
      {
        url: 'pipe:0',
        foreign: ['pipe'],
        options: [
          ...['-f', 'mpegts', '-probesize', '32768', '-analyzeduration', '100000'],
          ...['-copyts', '-threads', '1'],
        ],
      },
    ],
    [frameOutput(input, { kind: 'all', fps }, SOFTWARE, far)],
  );
}
