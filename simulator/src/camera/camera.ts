/**
 * A camera: a clock, credentials, faults, and one or two streams (main and sub) that show the same scene by that clock.
 * Like a real camera it is always live.
 */
import { EventEmitter, once } from 'node:events';
import { type Clip, TICKS_PER_SECOND } from '../media/clip.ts';
import type { Sound } from '../media/sound.ts';
import type { Timeline } from '../media/timeline.ts';
import {
  type CameraAccess,
  type Credentials,
  DEFAULT_LOGIN,
  type LoginTerms,
  SESSION_SECONDS,
} from './access.ts';
import { CameraClock } from './clock.ts';
import { ActiveFaults, type Fault, type FaultKind, isPictureFault } from './faults.ts';
import type { Maker } from './makers/maker.ts';
import { roadwatch } from './makers/roadwatch.ts';
import { Microphone } from './microphone.ts';
import type { Pace } from './pace.ts';
import { Stream } from './stream.ts';

/** What a camera shows: the same scene twice where it has a sub-stream. */
export interface Timelines {
  readonly timeline: Timeline;
  /** Smaller, with the times of the main one. */
  readonly sub?: Timeline;
}

export interface CameraOptions extends Timelines, CameraAccess {
  /** Its name, and the path of its URL without the leading slash unless a maker has another; the sub-stream is at `PATH/sub`. */
  readonly path: string;
  /** How it shows itself. Default: as no maker's camera. */
  readonly maker?: Maker;
  /** Of the cameras of its maker at one address, from 1. Default: 1. */
  readonly channel?: number;
  /** How far its clock is wrong: added to the wall clock in RTCP. */
  readonly clockOffsetMs?: number;
  /** Its first second begins at launch, or when the first client plays. */
  readonly startOn?: 'launch' | 'first-play';
  /**
   * Share of the time between keyframes, 0 to 1, by which its clock is ahead of its launch: the pictures of cameras that
   * begin together, and above all the large ones, then leave one after another rather than all at once.
   */
  readonly phase?: number;
  /** What its microphone hears; without it, it has none. */
  readonly sound?: Sound;
  /** A track beside the pictures that tells of them by ONVIF. */
  readonly metadata?: boolean;
  /** Is told how late each picture leaves. */
  readonly pace?: Pace;
  /** The timelines are only what is seen until the real ones are made: `begin` brings them. */
  readonly preparing?: boolean;
}

export interface CameraEvents {
  /** A client asked for the stream (DESCRIBE) and was let in. */
  connected: [client: string];
  /** A client that showed a login was not let in. */
  refused: [client: string];
  /** A client's login was right, but by a nonce that had grown old: it was given a new one. */
  'nonce-expired': [client: string];
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
  readonly login: LoginTerms;
  readonly maker: Maker;
  readonly sessionSeconds: number;
  readonly clockOffsetMs: number;
  readonly faults = new ActiveFaults();
  readonly clock: CameraClock;
  readonly main: Stream;
  readonly sub: Stream | null;
  readonly microphone: Microphone | null;
  readonly hasMetadata: boolean;
  /** Added to every RTP timestamp since a timestamp jump. */
  timestampOffset = 0;

  readonly #streams: readonly Stream[];
  #preparing: boolean;

  /** @throws Error when it is told how to ask for a login, and not for which, or to have a track that its maker has not */
  constructor(options: CameraOptions) {
    super();
    if (options.login !== undefined && options.credentials === undefined) {
      throw new Error('login: needs a user and a password to ask for');
    }
    this.path = options.path;
    this.credentials = options.credentials;
    this.maker = options.maker ?? roadwatch;
    const { schemes, realm, saysFresh, controls, manufacturer } = this.maker;
    this.hasMetadata = options.metadata ?? false;
    if (this.hasMetadata && controls.metadata === undefined) {
      throw new Error(`metadata: cameras of ${manufacturer} have no such track`);
    }
    this.login = { ...DEFAULT_LOGIN, schemes: [...schemes], ...options.login, realm, saysFresh };
    this.sessionSeconds = options.sessionSeconds ?? SESSION_SECONDS.default;
    this.clockOffsetMs = options.clockOffsetMs ?? 0;
    this.#preparing = options.preparing ?? false;
    this.clock = new CameraClock({
      startOn: options.startOn ?? 'launch',
      aheadTicks: (options.phase ?? 0) * keyframeTicks(options.timeline.firstClip),
      onWake: () => {
        if (!this.#preparing) this.#start(0);
      },
    });
    if (this.clock.running && !this.#preparing) this.clock.start(0);
    const stream = (path: string, timeline: Timeline): Stream =>
      new Stream({
        path,
        timeline,
        clock: this.clock,
        pace: options.pace,
        onKeyframe: (atMs) => this.emit('keyframe', atMs),
      });
    const pathOf = (isSub: boolean): string =>
      this.maker.pathOf({ name: options.path, channel: options.channel ?? 1, isSub });
    this.main = stream(pathOf(false), options.timeline);
    this.sub = options.sub === undefined ? null : stream(pathOf(true), options.sub);
    this.microphone = options.sound === undefined ? null : new Microphone(options.sound, this.clock);
    this.#streams = this.sub === null ? [this.main] : [this.main, this.sub];
  }

  get viewerCount(): number {
    return this.#streams.reduce((sum, stream) => sum + stream.viewerCount, 0);
  }

  /** Seconds since its first second began; null while it waits for its first client, or is being prepared. */
  get seconds(): number | null {
    return this.clock.seconds;
  }

  /** Unix milliseconds of its first instant; null before it. */
  get startedAtMs(): number | null {
    return this.clock.startedAtMs;
  }

  /** Shows the real timelines from their beginning, as soon as the camera starts. */
  begin({ timeline, sub }: Timelines): void {
    this.main.replace(timeline);
    if (sub !== undefined) this.sub?.replace(sub);
    this.#preparing = false;
    if (this.clock.running) this.#start(Math.round(this.clock.ticks()));
    else this.#showUsual(0);
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
        const start = this.clock.startTick ?? 0;
        await Promise.all(this.#streams.map((stream) => stream.showVariant(kind, start)));
      }
      this.faults.set(fault);
    }
    this.emit('fault-begun', fault);
  }

  endFault(kind: FaultKind): void {
    if (!this.faults.delete(kind)) return;
    if (isPictureFault(kind)) this.#showUsual(this.clock.startTick ?? 0);
    this.emit('fault-ended', kind);
  }

  /** Waits for the next event of a kind. Rejects when the signal aborts. */
  async next<Name extends keyof CameraEvents>(name: Name, signal?: AbortSignal): Promise<CameraEvents[Name]> {
    return (await once(this as EventEmitter, name, signal ? { signal } : {})) as CameraEvents[Name];
  }

  stop(): void {
    for (const stream of this.#streams) stream.stop();
    this.microphone?.stop();
  }

  /** @param tick of its clock, at which its first second begins */
  #start(tick: number): void {
    this.clock.start(tick);
    if (!this.faults.list().some(({ kind }) => isPictureFault(kind))) this.#showUsual(tick);
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
