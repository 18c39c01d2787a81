/**
 * One camera: one connection to it after the other for as long as the agent runs. Why one has ended is told once, and decides how long
 * the camera is left alone. No camera touches another.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type SecretUrl, type Semaphore, steadyMs } from '@roadwatch/common';
import type { NormalizedBox, PassedCodec } from '@roadwatch/contract';
import type { AgentTroubleCode, CameraFaultCode } from '@roadwatch/contract/codes';
import type { Manifest } from '@roadwatch/models';
import type { CameraConfig } from '../config/schema.ts';
import type { ReadFrame } from '../decode/frame-reader.ts';
import type { DecoderOptions } from '../ffmpeg/hardware.ts';
import { farPart, farWindow } from '../frame/far-crop.ts';
import { contentSize } from '../frame/letterbox.ts';
import type { Frame, FramePool } from '../frame/pool.ts';
import { displaySize, type Size } from '../frame/size.ts';
import type { Looks, Wish } from '../look/looks.ts';
import { CaptureClock } from '../ring/capture-clock.ts';
import type { RingRoom } from '../ring/room.ts';
import { type Recording, type RingLimits, SegmentRing } from '../ring/segments.ts';
import { Connection, type ConnectionEnd } from './connection.ts';
import { codeOf } from './faults.ts';
import type { FullStreams } from './full-streams.ts';
import { isRefusal, pauseMs } from './retry.ts';
import { StreamSettings } from './settings.ts';
import type { Packets } from './video-stream.ts';

export interface CameraOptions {
  readonly config: CameraConfig;
  readonly input: Manifest['input'];
  readonly decoder: DecoderOptions;
  readonly pool: FramePool;
  readonly looks: Looks;
  readonly fullStreams: FullStreams;
  /** How long a main stream beside a sub-stream is kept after it was needed, ms. */
  keepMainMs(): number;
  readonly ringDir: string;
  readonly ringLimits: RingLimits;
  /** Bounds how many decoders start at the same time. */
  readonly starting: Semaphore;
  readonly ringRoom: RingRoom;
  /** Its sub-stream, with the login; null where none can be used. Never rejects. Left out: the settings say what there is. */
  findSubStream?(signal: AbortSignal): Promise<SecretUrl | null>;
}

/** `paused`: its owner wants nothing of it. */
export type ConnectionState = 'starting' | 'streaming' | 'stalled' | 'refused' | 'paused';

/** Why it is so, for people and for programs. */
export interface Why {
  readonly reason: string;
  readonly code: CameraFaultCode | AgentTroubleCode;
}

export interface CameraEvents {
  /** Takes over the frame's slot. */
  onFrame(frame: Frame): void;
  onConnection(state: ConnectionState, why: Why | null): void;
  /** Which of its keyframes are to be looked at just now. */
  wanted(): Wish;
}

const HEALTHY_AFTER_MS = 30_000;
const FPS_WINDOW_MS = 60_000;

export class Camera {
  readonly id: string;
  readonly recording: Recording;
  readonly #options: CameraOptions;
  readonly #events: CameraEvents;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  readonly #settings = new StreamSettings();
  #far: NormalizedBox | null;
  /** Ends the connection of now, so that the next has other settings. */
  #anew = new AbortController();
  #arrivals: number[] = [];
  #state: ConnectionState = 'starting';
  #why: Why | null = null;
  #source: Size | null = null;
  #lastFrameAtMs: number | null = null;
  #drops = 0;
  #restarts = 0;
  #connection: Connection | null = null;
  /** What is away of two streams while the other is looked at. */
  #missing: Why | null = null;
  #decodeErrors = 0;
  /** That was found. */
  #sub: SecretUrl | null = null;
  #searching: Promise<void> | null = null;

  constructor(options: CameraOptions, events: CameraEvents) {
    this.id = options.config.id;
    this.#options = options;
    this.#far = options.config.farPass ? farWindow(options.config.road) : null;
    this.#events = events;
    this.recording = {
      ring: new SegmentRing(options.ringDir, options.ringLimits, options.ringRoom),
      clock: new CaptureClock(),
    };
  }

  start(): void {
    this.#running = this.#run();
  }

  /** `keep`: what was recorded is still to be shown. */
  async stop(keep = false): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.recording.ring.isOver = true;
    await this.#searching;
    if (!keep) this.recording.ring.end();
  }

  /** Which part is looked at enlarged follows the road; the camera is connected to anew when it is another. */
  setRoad(road: CameraConfig['road']): void {
    if (!this.#options.config.farPass) return;
    const far = farWindow(road);
    if (far.join() === this.#far?.join()) return;
    this.#far = far;
    this.#anew.abort();
  }

  /** The part of each picture that is looked at enlarged as well. */
  get far(): NormalizedBox | null {
    return this.#far;
  }
  /** The camera's resolution, from its last frame. */
  get source(): Size | null {
    return this.#source;
  }
  /** Whether the model is shown a smaller stream than the one that is recorded. */
  get hasSubStream(): boolean {
    return this.#sub !== null || this.#options.config.detectUrl !== undefined;
  }
  /** Of what is in the ring; null where it is neither, or not known. */
  get recordedCodec(): PassedCodec | null {
    return this.#connection?.recordedCodec ?? null;
  }
  /** Of the connection of now; null where there is none. */
  get packets(): Packets | null {
    return this.#connection?.packets ?? null;
  }
  get lastFrameAtMs(): number | null {
    return this.#lastFrameAtMs;
  }
  /** Frames given up because all slots were taken. */
  get drops(): number {
    return this.#drops;
  }
  get restarts(): number {
    return this.#restarts;
  }
  get decodeErrors(): number {
    return this.#decodeErrors;
  }
  /** Decoded frames a second over the last minute. */
  fps(nowMs: number): number {
    this.#arrivals = this.#arrivals.filter((at) => at > nowMs - FPS_WINDOW_MS);
    const since = this.#arrivals[0];
    if (since === undefined || this.#arrivals.length < 2) return 0;
    return (this.#arrivals.length - 1) / Math.max(1, (nowMs - since) / 1000);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let [count, refusals] = [0, 0]; !signal.aborted; ) {
      const startedAt = performance.now();
      const lookedAtMs = this.#lastFrameAtMs;
      this.#anew = new AbortController();
      const { signal: anew } = this.#anew;
      const fault = await this.#connect(AbortSignal.any([signal, anew]));
      if (signal.aborted) return;
      this.#restarts++;
      if (fault === null || anew.aborted) continue;
      if (lookedAtMs === this.#lastFrameAtMs) this.#forgetSub();
      const triedMs = performance.now() - startedAt;
      count = triedMs > HEALTHY_AFTER_MS ? 1 : count + 1;
      refusals = isRefusal(fault) ? refusals + 1 : 0;
      const hasStreamed = this.#lastFrameAtMs !== null;
      const waitMs = pauseMs(fault, { count, refusals, hasStreamed, triedMs }, Math.random());
      const again = isRefusal(fault) ? `; tried again at ${clockTime(Date.now() + waitMs)}` : '';
      this.#setState(isRefusal(fault) ? 'refused' : 'stalled', {
        reason: `${fault.reason}${again}`,
        code: codeOf(fault.kind),
      });
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Once the full stream has shown a picture; from then on the smaller one is looked at. */
  async #findSub(): Promise<void> {
    const { signal } = this.#stopping;
    this.#sub = (await this.#options.findSubStream?.(signal)) ?? null;
    if (this.#sub !== null && !signal.aborted) this.#anew.abort();
  }

  /** A connection with it has shown nothing: the full stream does for both, and it is looked for again when that shows a picture. */
  #forgetSub(): void {
    if (this.#sub === null) return;
    this.#sub = null;
    this.#searching = null;
  }

  async #connect(signal: AbortSignal): Promise<ConnectionEnd> {
    const { decoder, input, pool, looks, starting, fullStreams, keepMainMs } = this.#options;
    const far = this.#far;
    const config =
      this.#sub === null ? this.#options.config : { ...this.#options.config, detectUrl: this.#sub };
    const connection = new Connection(
      {
        config,
        decoder,
        input,
        pool,
        looks,
        wanted: () => this.#events.wanted(),
        fullStreams,
        keepMainMs,
        starting,
        recording: this.recording,
        far,
        settings: this.#settings,
      },
      {
        onFrame: (read, clock, mainSize) => this.#accept(read, clock, mainSize, far),
        onPicture: () => {
          if (this.#state === 'streaming') this.#lastFrameAtMs = steadyMs();
        },
        onWaiting: (why) => this.#setState('stalled', why),
        onMissing: (why) => {
          this.#missing = why;
          if (this.#state === 'streaming') this.#setState('streaming', this.#whyStreaming);
        },
      },
    );
    this.#connection = connection;
    this.#missing = null;
    const end = await connection.run(signal);
    this.#connection = null;
    this.#decodeErrors += connection.decodeErrors;
    return end;
  }

  #accept(read: ReadFrame, clock: CaptureClock, mainSize: Size | null, far: NormalizedBox | null): void {
    const { slot, info, arrivedAtMs } = read;
    this.#lastFrameAtMs = arrivedAtMs;
    this.#arrivals.push(arrivedAtMs);
    this.#searching ??= this.#findSub();
    const seen = displaySize(info);
    // Of a sub-stream: what is found there is told, and shown, in the full picture.
    const { width, height } = mainSize ?? seen;
    this.#source = { width: Math.round(width), height: Math.round(height) };
    this.#setState('streaming', this.#whyStreaming);
    if (info.ptsSeconds !== null) clock.observe(info.ptsSeconds, arrivedAtMs);
    if (slot === null) {
      this.#drops++;
      return;
    }
    const captured = info.ptsSeconds === null ? null : clock.toWallMs(info.ptsSeconds);
    this.#events.onFrame({
      slot,
      capturedAtMs: Math.min(captured ?? arrivedAtMs, arrivedAtMs),
      content: contentSize(seen, this.#options.input),
      source: this.#source,
      far: farPart(read, far, this.#options.input),
    });
  }

  /** What is to be said of it though it streams. */
  get #whyStreaming(): Why | null {
    const { reason } = this.recording.ring;
    if (reason !== null) return { reason, code: 'ring_in_memory' };
    return this.#missing ?? this.#settings.advice;
  }

  #setState(state: ConnectionState, why: Why | null): void {
    if (state === this.#state && why?.reason === this.#why?.reason) return;
    this.#state = state;
    this.#why = why;
    this.#events.onConnection(state, why);
  }
}

/** As a person reads it who sees it later: `22:05 UTC`. */
function clockTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
}
