/**
 * A camera: a clock, credentials, faults, and one or two streams (main and sub) that show the same scene by that clock.
 * Like a real camera it is always live.
 */
import { EventEmitter, once } from 'node:events';
import { ActiveFaults, type Fault, type FaultKind, isPictureFault } from './faults.ts';
import { type Clip, TICKS_PER_SECOND } from './media/clip.ts';
import type { Timeline } from './media/timeline.ts';
import type { Pace } from './pace.ts';
import type { Credentials } from './rtsp/auth.ts';
import { Stream } from './stream.ts';

const TICKS_PER_MS = TICKS_PER_SECOND / 1000;
/** What a camera shows: the same scene twice where it has a sub-stream. */
export interface Timelines {
  readonly timeline: Timeline;
  /** Smaller, with the times of the main one. */
  readonly sub?: Timeline;
}

export interface CameraOptions extends Timelines {
  /** The path of its URL, without the leading slash; the sub-stream is at `PATH/sub`. */
  readonly path: string;
  readonly credentials?: Credentials;
  /** How far its clock is wrong: added to the wall clock in RTCP. */
  readonly clockOffsetMs?: number;
  /** Its first second begins at launch, or when the first client plays. */
  readonly startOn?: 'launch' | 'first-play';
  /**
   * Share of the time between keyframes, 0 to 1, by which its clock is ahead of its launch: the pictures of cameras that
   * begin together, and above all the large ones, then leave one after another rather than all at once.
   */
  readonly phase?: number;
  /** Is told how late each picture leaves. */
  readonly pace?: Pace;
  /** The timelines are only what is seen until the real ones are made: `begin` brings them. */
  readonly preparing?: boolean;
}

export interface CameraEvents {
  /** A client asked for the stream (DESCRIBE) and was let in. */
  connected: [client: string];
  playing: [client: string];
  /** Its first second has begun. */
  started: [];
  disconnected: [client: string];
  /** A keyframe left for at least one client; the time is Unix milliseconds. */
  keyframe: [atMs: number];
  'fault-begun': [fault: Fault];
  'fault-ended': [kind: FaultKind];
}

export class Camera extends EventEmitter<CameraEvents> {
  readonly path: string;
  readonly credentials: Credentials | undefined;
  readonly clockOffsetMs: number;
  readonly faults = new ActiveFaults();
  readonly pace: Pace | undefined;
  readonly main: Stream;
  readonly sub: Stream | null;
  /** Added to every RTP timestamp since a timestamp jump. */
  timestampOffset = 0;

  readonly #streams: readonly Stream[];
  /** `performance.now()` of tick 0; null until it is first needed. */
  #clockFrom: number | null;
  #preparing: boolean;
  /** Tick at which its first second began; null while it waits for a client or for its timeline. */
  #startTick: number | null = null;

  constructor(options: CameraOptions) {
    super();
    this.path = options.path;
    this.credentials = options.credentials;
    this.clockOffsetMs = options.clockOffsetMs ?? 0;
    this.pace = options.pace;
    this.main = new Stream(this, options.path, options.timeline);
    this.sub = options.sub === undefined ? null : new Stream(this, `${options.path}/sub`, options.sub);
    this.#streams = this.sub === null ? [this.main] : [this.main, this.sub];
    this.#preparing = options.preparing ?? false;
    const aheadMs = ((options.phase ?? 0) * keyframeTicks(options.timeline.firstClip)) / TICKS_PER_MS;
    this.#clockFrom = options.startOn === 'first-play' ? null : performance.now() - aheadMs;
    if (this.#clockFrom !== null && !this.#preparing) this.#startTick = 0;
  }

  get viewerCount(): number {
    return this.#streams.reduce((sum, stream) => sum + stream.viewerCount, 0);
  }

  /** Seconds since its first second began; null while it waits for its first client, or is being prepared. */
  get seconds(): number | null {
    return this.#startTick === null ? null : (this.ticks() - this.#startTick) / TICKS_PER_SECOND;
  }

  /** Unix milliseconds of its first instant; null before it. */
  get startedAtMs(): number | null {
    return this.seconds === null ? null : Date.now() - this.seconds * 1000;
  }

  /** Ticks of the clock that its RTP timestamps follow. */
  ticks(): number {
    return this.#clockFrom === null ? 0 : (performance.now() - this.#clockFrom) * TICKS_PER_MS;
  }

  /** Shows the real timelines from their beginning, as soon as the camera starts. */
  begin({ timeline, sub }: Timelines): void {
    this.main.replace(timeline);
    if (sub !== undefined) this.sub?.replace(sub);
    this.#preparing = false;
    if (this.#clockFrom !== null) this.#start();
    else this.#showUsual(0);
  }

  /** A client plays: the clock runs from now on. */
  wake(): void {
    this.#clockFrom ??= performance.now();
    if (this.#startTick === null && !this.#preparing) this.#start();
  }

  /** Ends when the fault can be seen: a fault of the picture is encoded first. */
  async beginFault(fault: Fault): Promise<void> {
    const { kind } = fault;
    if (kind === 'drop') {
      for (const stream of this.#streams) stream.dropAll();
    } else if (kind === 'timestamp-jump') {
      this.timestampOffset += Math.round(fault.seconds * TICKS_PER_SECOND);
    } else {
      if (isPictureFault(kind)) {
        const start = this.#startTick ?? 0;
        await Promise.all(this.#streams.map((stream) => stream.showVariant(kind, start)));
      }
      this.faults.set(fault);
    }
    this.emit('fault-begun', fault);
  }

  endFault(kind: FaultKind): void {
    if (!this.faults.delete(kind)) return;
    if (isPictureFault(kind)) this.#showUsual(this.#startTick ?? 0);
    this.emit('fault-ended', kind);
  }

  /** Waits for the next event of a kind. Rejects when the signal aborts. */
  async next<Name extends keyof CameraEvents>(name: Name, signal?: AbortSignal): Promise<CameraEvents[Name]> {
    return (await once(this as EventEmitter, name, signal ? { signal } : {})) as CameraEvents[Name];
  }

  stop(): void {
    for (const stream of this.#streams) stream.stop();
  }

  #start(): void {
    this.#startTick = Math.round(this.ticks());
    if (!this.faults.list().some(({ kind }) => isPictureFault(kind))) this.#showUsual(this.#startTick);
    this.emit('started');
  }

  #showUsual(start: number): void {
    for (const stream of this.#streams) stream.showUsual(start);
  }
}

/** From the first keyframe to the second. */
function keyframeTicks({ units, ticks }: Clip): number {
  return units.find(({ keyframe }, i) => i > 0 && keyframe)?.dts ?? ticks;
}
