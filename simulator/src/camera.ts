/**
 * A camera: one timeline against the wall clock, sent at its pace to everyone who watches. Like a real camera it is always
 * live: who connects late joins late, beginning with the keyframe of the picture that is on now.
 */
import { EventEmitter, once } from 'node:events';
import { ActiveFaults, type Fault, type FaultKind, isPictureFault, type PictureFault } from './faults.ts';
import type { AccessUnit, Clip } from './media/clip.ts';
import { TICKS_PER_SECOND } from './media/clip.ts';
import type { Codec } from './media/nal.ts';
import { Timeline, type TimelineReader } from './media/timeline.ts';
import { variantOf } from './media/variant.ts';
import type { Credentials } from './rtsp/auth.ts';

const TICKS_PER_MS = TICKS_PER_SECOND / 1000;
/** Units kept to start a newcomer with the running group of pictures; in a longer one it waits for the next keyframe. */
const MAX_JOIN_UNITS = 600;

export interface CameraOptions {
  /** The path of its URL, without the leading slash. */
  readonly path: string;
  readonly timeline: Timeline;
  readonly credentials?: Credentials;
  /** How far its clock is wrong: added to the wall clock in RTCP. */
  readonly clockOffsetMs?: number;
  /** Its first second begins at launch, or when the first client plays. */
  readonly startOn?: 'launch' | 'first-play';
  /** The timeline is only what is seen until the real one is made: `begin` brings it. */
  readonly preparing?: boolean;
}

/** One picture on its way to a client. */
export interface SentUnit {
  readonly unit: AccessUnit;
  readonly codec: Codec;
  /** Ticks of the camera's clock. */
  readonly pts: number;
}

export interface Viewer {
  send(sent: SentUnit): void;
  /** Closes the connection as a fault does. */
  drop(): void;
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
  /** Added to every RTP timestamp since a timestamp jump. */
  timestampOffset = 0;

  #main: Timeline;
  readonly #viewers = new Set<Viewer>();
  readonly #variants = new Map<string, Promise<Clip>>();
  readonly #ending = new AbortController();
  #timeline: Timeline;
  /** Tick of the camera at which `#timeline` begins: 0, or when a variant took over. */
  #timelineStart = 0;
  #reader: TimelineReader | null = null;
  #timer: NodeJS.Timeout | null = null;
  #join: SentUnit[] = [];
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
    this.#main = options.timeline;
    this.#timeline = options.timeline;
    this.#preparing = options.preparing ?? false;
    this.#clockFrom = options.startOn === 'first-play' ? null : performance.now();
    if (this.#clockFrom !== null && !this.#preparing) this.#startTick = 0;
  }

  /** What a client that asks now is told about the picture. */
  get clip(): Clip {
    return this.#reader?.clip ?? this.#timeline.readFrom(this.ticks() - this.#timelineStart).clip;
  }

  get viewerCount(): number {
    return this.#viewers.size;
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

  /** Shows the real timeline from its beginning, as soon as the camera starts. */
  begin(timeline: Timeline): void {
    this.#main = timeline;
    this.#preparing = false;
    if (this.#clockFrom !== null) this.#start();
    else this.#show(timeline, 0);
  }

  #start(): void {
    this.#startTick = Math.round(this.ticks());
    if (!this.faults.list().some(({ kind }) => isPictureFault(kind))) this.#show(this.#main, this.#startTick);
    this.emit('started');
  }

  /** The `pts` with which a viewer added now would begin. */
  firstPts(): number {
    const first = this.#join[0];
    if (first !== undefined) return first.pts;
    const reader = this.#reader ?? this.#timeline.readFrom(this.ticks() - this.#timelineStart);
    return reader.peek().pts + this.#timelineStart;
  }

  add(viewer: Viewer): void {
    this.#clockFrom ??= performance.now();
    if (this.#startTick === null && !this.#preparing) this.#start();
    this.#viewers.add(viewer);
    for (const sent of this.#join) viewer.send(sent);
    if (this.#timer === null) this.#sendDue();
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    this.#rest();
  }

  /** Ends when the fault can be seen: a fault of the picture is encoded first. */
  async beginFault(fault: Fault): Promise<void> {
    if (fault.kind === 'drop') {
      for (const viewer of [...this.#viewers]) viewer.drop();
    } else if (fault.kind === 'timestamp-jump') {
      this.timestampOffset += Math.round(fault.seconds * TICKS_PER_SECOND);
    } else {
      if (isPictureFault(fault.kind)) await this.#showVariant(fault.kind);
      this.faults.set(fault);
    }
    this.emit('fault-begun', fault);
  }

  endFault(kind: FaultKind): void {
    if (!this.faults.delete(kind)) return;
    if (isPictureFault(kind)) this.#show(this.#main, this.#startTick ?? 0);
    this.emit('fault-ended', kind);
  }

  /** Waits for the next event of a kind. Rejects when the signal aborts. */
  async next<Name extends keyof CameraEvents>(name: Name, signal?: AbortSignal): Promise<CameraEvents[Name]> {
    return (await once(this as EventEmitter, name, signal ? { signal } : {})) as CameraEvents[Name];
  }

  stop(): void {
    this.#ending.abort();
    for (const viewer of [...this.#viewers]) viewer.drop();
    this.#viewers.clear();
    this.#rest();
  }

  async #showVariant(fault: PictureFault): Promise<void> {
    const { clip } = this.#main.readFrom(this.ticks() - (this.#startTick ?? 0));
    const key = `${fault} ${clip.width}x${clip.height} ${clip.codec}`;
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      variant = variantOf(clip, fault, this.#ending.signal);
      this.#variants.set(key, variant);
      variant.catch(() => this.#variants.delete(key));
    }
    this.#show(Timeline.looping(await variant), this.ticks());
  }

  #show(timeline: Timeline, start: number): void {
    this.#timeline = timeline;
    this.#timelineStart = start;
    if (this.#reader === null) return;
    this.#rest();
    this.#sendDue();
  }

  #rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#reader = null;
    this.#join = [];
  }

  /** Sends what is due and sets the timer for what comes next. */
  #sendDue(): void {
    this.#timer = null;
    const reader = this.#reader ?? this.#timeline.readFrom(this.ticks() - this.#timelineStart);
    this.#reader = reader;
    for (;;) {
      const waitMs = (reader.peek().dts + this.#timelineStart - this.ticks()) / TICKS_PER_MS;
      if (waitMs > 0.5) {
        this.#timer = setTimeout(() => this.#sendDue(), Math.min(waitMs, 60_000));
        return;
      }
      const { codec } = reader.clip;
      const { unit, pts } = reader.next();
      this.#sendToAll({ unit, codec, pts: pts + this.#timelineStart });
      // A viewer may have left, and with the last one this reader.
      if (this.#reader !== reader) return;
    }
  }

  #sendToAll(sent: SentUnit): void {
    if (sent.unit.keyframe) this.#join = [];
    if (this.#join.length < MAX_JOIN_UNITS && (sent.unit.keyframe || this.#join.length > 0))
      this.#join.push(sent);
    if (this.#join.length === MAX_JOIN_UNITS) this.#join = [];
    for (const viewer of [...this.#viewers]) viewer.send(sent);
    if (sent.unit.keyframe) this.emit('keyframe', Date.now());
  }
}
