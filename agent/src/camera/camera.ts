/**
 * One camera: keeps a connection to it as long as the agent runs. What fails is classified, told once, and tried again with
 * pauses that fit the fault; a stream that falls silent is replaced. No camera touches another.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Semaphore } from '@roadwatch/common';
import type { NormalizedBox } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import type { CameraConfig } from '../config/schema.ts';
import type { DecoderOptions } from '../ffmpeg/hardware.ts';
import { probeReordering } from '../ffmpeg/probe.ts';
import { farPart, farWindow } from '../frame/far-crop.ts';
import { contentSize } from '../frame/letterbox.ts';
import type { Frame, FramePool } from '../frame/pool.ts';
import { displaySize, type Size } from '../frame/size.ts';
import { CaptureClock } from '../ring/capture-clock.ts';
import type { RingRoom } from '../ring/room.ts';
import { type Recording, type RingLimits, SegmentRing } from '../ring/segments.ts';
import type { StreamFault } from './faults.ts';
import type { ReadFrame } from './frame-reader.ts';
import { isRefusal, pauseMs } from './retry.ts';
import { accessTo } from './rtsp/access.ts';
import { CameraStream, type StreamOptions } from './stream.ts';

export interface CameraOptions {
  readonly config: CameraConfig;
  readonly input: Manifest['input'];
  readonly decoder: DecoderOptions;
  readonly pool: FramePool;
  readonly ringDir: string;
  readonly ringLimits: RingLimits;
  /** Bounds how many decoders start at the same time. */
  readonly starting: Semaphore;
  readonly ringRoom: RingRoom;
}

export type ConnectionState = 'starting' | 'streaming' | 'stalled' | 'refused';

export interface CameraEvents {
  /** Takes over the frame's slot. */
  onFrame(frame: Frame): void;
  onConnection(state: ConnectionState, reason: string | null): void;
}

/** A camera that may send a keyframe a minute gets that long for its first picture. */
const FIRST_FRAME_MS = 75_000;
/** While packets come nothing is gained by connecting anew. */
const FIRST_FRAME_FLOWING_MS = 310_000;
const NO_KEYFRAME_AFTER_MS = 15_000;
const SILENT_AFTER_MS = 10_000;
/** From here on every picture is decoded, so that looks are not rarer. */
const SPARSE_KEYFRAMES_S = 4.5;
/** From here on the ring, too, needs keyframes of its own. */
const RARE_KEYFRAMES_S = 10;
/** A main stream that has not shown its size by then is not waited for. */
const SIZE_MS = 10_000;
/** As it is told, in steps, so that it does not change all the time. */
const ADVICE_STEPS_S = [300, 120, 60, 30, 20, 10, 5];
const EVERY_FRAME = { kind: 'all', fps: 1 } as const;
const PROBE_AFTER_BYTES = 64 * 1024;
const PROBE_POLL_MS = 250;
const HEALTHY_AFTER_MS = 30_000;
const FPS_WINDOW_MS = 60_000;

export class Camera {
  readonly id: string;
  readonly recording: Recording;
  readonly #options: CameraOptions;
  /** The part of each picture that is looked at enlarged as well. */
  readonly far: NormalizedBox | null;
  readonly #events: CameraEvents;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #decode: NonNullable<StreamOptions['decode']> = { kind: 'keyframes' };
  /** Whether keyframes are so rare that the recording is encoded anew. */
  #encode = false;
  /** What the camera's settings cost, while it streams. */
  #advice: string | null = null;
  #arrivals: number[] = [];
  #state: ConnectionState = 'starting';
  #reason: string | null = null;
  #source: Size | null = null;
  #lastFrameAtMs: number | null = null;
  #lastFrameAt = 0;
  #keyframesApartS = 0;
  /** Where the model looks at a sub-stream: the full picture's, as it is to be seen. */
  #mainSize: Size | null = null;
  #drops = 0;
  #restarts = 0;
  #decodeErrors = 0;

  constructor(options: CameraOptions, events: CameraEvents) {
    this.id = options.config.id;
    this.#options = options;
    this.far = options.config.farPass ? farWindow(options.config.road) : null;
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
    if (!keep) this.recording.ring.end();
  }

  /** The camera's resolution, from its last frame. */
  get source(): Size | null {
    return this.#source;
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
      const fault = await this.#stream();
      if (signal.aborted) return;
      this.#restarts++;
      if (fault === null) continue;
      const triedMs = performance.now() - startedAt;
      count = triedMs > HEALTHY_AFTER_MS ? 1 : count + 1;
      refusals = isRefusal(fault) ? refusals + 1 : 0;
      const hasStreamed = this.#lastFrameAtMs !== null;
      const waitMs = pauseMs(fault, { count, refusals, hasStreamed, triedMs }, Math.random());
      this.#setState(
        isRefusal(fault) ? 'refused' : 'stalled',
        isRefusal(fault) ? `${fault.reason}; tried again at ${clockTime(Date.now() + waitMs)}` : fault.reason,
      );
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }

  /** One connection, from start to end. Null: it was ended to begin anew at once, with other settings. */
  async #stream(): Promise<StreamFault | null> {
    const { config, decoder, input, pool, starting } = this.#options;
    const { signal } = this.#stopping;
    const common = { decoder, input, far: this.far, starting } as const;
    const detectClock = config.detectUrl === undefined ? this.recording.clock : new CaptureClock();
    const startedAt = performance.now();
    this.#lastFrameAt = 0;
    let lastPts: number | null = null;
    let begun = false;
    let verdict: StreamFault | 'restart' | null = null;
    const onFrame = (read: ReadFrame): void => {
      begun = true;
      const { ptsSeconds } = read.info;
      if (ptsSeconds !== null && lastPts !== null && this.#decode.kind === 'keyframes') {
        if (ptsSeconds - lastPts > SPARSE_KEYFRAMES_S && ptsSeconds - lastPts < FIRST_FRAME_MS / 1000) {
          this.#decode = EVERY_FRAME;
          restart();
        }
      }
      lastPts = ptsSeconds;
      this.#accept(read, detectClock);
    };
    const main = new CameraStream(
      {
        ...common,
        access: accessTo(config, config.url),
        decode: config.detectUrl === undefined ? this.#decode : null,
        record: this.recording,
        encode: this.#encode,
      },
      pool,
      { onFrame },
    );
    const streams = [main];
    const restart = (): void => {
      verdict ??= 'restart';
      for (const stream of streams) void stream.stop();
    };
    const probing = new AbortController();
    if (this.#decode.kind === 'keyframes' && config.detectUrl === undefined) {
      void this.#findReordering(probing.signal).then((reorders) => {
        if (!reorders) return;
        this.#decode = EVERY_FRAME;
        restart();
      });
    }
    const watchdog = setInterval(() => {
      const now = performance.now();
      this.#learn(main);
      verdict ??=
        (this.recording.ring.isMisplaced ? 'restart' : null) ??
        (this.#needsOtherSettings(main, streams.at(-1) ?? main, now) ? 'restart' : null) ??
        this.#judgeSilence(now, startedAt, begun, streams.at(-1)?.isFlowing(now) === true);
      if (verdict !== null) for (const stream of streams) void stream.stop();
    }, 1_000);
    const onAbort = (): void => {
      for (const stream of streams) void stream.stop();
    };
    signal.addEventListener('abort', onAbort);
    // One after the other: a wrong password is told once.
    if (config.detectUrl !== undefined && (await main.admitted) && !signal.aborted && verdict === null) {
      const access = accessTo(config, config.detectUrl);
      const shape = await Promise.race([main.sized, sleep(SIZE_MS, null, { ref: false })]);
      this.#mainSize = shape;
      const options = { ...common, access, decode: this.#decode, record: null, shape };
      if (!signal.aborted && verdict === null) streams.push(new CameraStream(options, pool, { onFrame }));
    }
    const first = await Promise.race(streams.map((stream) => stream.ended));
    await Promise.all(streams.map((stream) => stream.stop()));
    clearInterval(watchdog);
    probing.abort();
    signal.removeEventListener('abort', onAbort);
    this.#decodeErrors += streams.reduce((sum, stream) => sum + stream.decodeErrors, 0);
    const outcome = verdict as StreamFault | 'restart' | null;
    // What the disk does is not the camera's: with the ring elsewhere all goes on at once.
    if (first.kind === 'disk' && this.recording.ring.isMisplaced) return null;
    return outcome === 'restart' ? null : (outcome ?? first);
  }

  /**
   * A decoder that is given keyframes only still holds back as many as the stream says it reorders, which makes a picture
   * several keyframe intervals old when it comes out. Such streams are decoded frame by frame.
   */
  async #findReordering(signal: AbortSignal): Promise<boolean> {
    const { ring } = this.recording;
    while (ring.bytes < PROBE_AFTER_BYTES) {
      if (signal.aborted) return false;
      await sleep(PROBE_POLL_MS, undefined, { signal }).catch(() => {});
    }
    const [segment] = ring.between(0, Number.POSITIVE_INFINITY);
    return segment !== undefined && ((await probeReordering(segment.file, signal)) ?? 0) > 0;
  }

  /** By a clock that nobody sets. */
  #judgeSilence(now: number, startedAt: number, begun: boolean, isFlowing: boolean): StreamFault | null {
    if (begun) {
      const silentMs = now - this.#lastFrameAt;
      if (silentMs <= SILENT_AFTER_MS) return null;
      const though = isFlowing ? ', though packets come' : '';
      return { kind: 'stalled', reason: `no picture for ${Math.round(silentMs / 1000)} s${though}` };
    }
    const waitedMs = now - startedAt;
    const longestMs = isFlowing ? FIRST_FRAME_FLOWING_MS : FIRST_FRAME_MS;
    if (waitedMs > longestMs) {
      return {
        kind: 'no-keyframe',
        reason: `connected, but no keyframe in ${longestMs / 1000} s; set the camera to one every 2 s`,
      };
    }
    if (waitedMs > NO_KEYFRAME_AFTER_MS) {
      this.#setState(
        'stalled',
        'connected, still waiting for a keyframe; if this lasts, set the camera to one every 2 s',
      );
    }
    return null;
  }

  /** What a person could better at the camera, though it works. */
  #learn({ relay }: CameraStream): void {
    if (relay === null) return;
    const apart = relay.keyframeSeconds() ?? 0;
    const step = ADVICE_STEPS_S.find((seconds) => apart >= seconds) ?? 0;
    if (step > this.#keyframesApartS) this.#keyframesApartS = step;
    if (relay.codec === 'JPEG') {
      this.#advice = 'the camera sends JPEG, which is encoded anew here and costs more; set it to H.264';
    } else if (this.#keyframesApartS > 0) {
      this.#advice = `more than ${this.#keyframesApartS} s from keyframe to keyframe, so every picture is decoded, which costs more; set the camera to one every 2 s`;
    }
  }

  /** Whether keyframes are rarer than the connection was begun for: how looks are taken, or how the ring is written. */
  #needsOtherSettings(main: CameraStream, detect: CameraStream, now: number): boolean {
    const isRare = (stream: CameraStream): boolean =>
      (stream.relay?.keyframeSeconds() ?? 0) > RARE_KEYFRAMES_S && stream.isFlowing(now);
    // By UDP nothing is seen of the packets but that the ring grows while no picture comes.
    const isBlind =
      detect.isFlowing(now) && this.#lastFrameAt > 0 && now - this.#lastFrameAt > SILENT_AFTER_MS;
    const decodesAll = this.#decode.kind === 'all';
    const needsAll = !decodesAll && (isRare(detect) || isBlind);
    const needsEncoding = !this.#encode && (isRare(main) || (needsAll && main === detect));
    if (needsAll) this.#decode = EVERY_FRAME;
    if (needsEncoding) this.#encode = true;
    return needsAll || needsEncoding;
  }

  #accept(read: ReadFrame, clock: CaptureClock): void {
    const { slot, info, arrivedAtMs } = read;
    this.#lastFrameAtMs = arrivedAtMs;
    this.#lastFrameAt = performance.now();
    this.#arrivals.push(arrivedAtMs);
    const seen = displaySize(info);
    // Of a sub-stream: what is found there is told, and shown, in the full picture.
    const { width, height } = this.#mainSize ?? seen;
    this.#source = { width: Math.round(width), height: Math.round(height) };
    this.#setState('streaming', this.recording.ring.reason ?? this.#advice);
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
      far: farPart(read, this.far, this.#options.input),
    });
  }

  #setState(state: ConnectionState, reason: string | null): void {
    if (state === this.#state && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#events.onConnection(state, reason);
  }
}

/** As a person reads it who sees it later: `22:05 UTC`. */
function clockTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
}
