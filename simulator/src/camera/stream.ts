/**
 * One stream of a camera, main or sub: a timeline against the camera's clock, sent at its pace to everyone who watches.
 * Who connects late joins late, beginning at once with the keyframe of the picture that is on now.
 */

import { type AccessUnit, type Clip, TICKS_PER_SECOND } from '../media/clip.ts';
import type { Codec } from '../media/nal.ts';
import { Timeline, type TimelineReader } from '../media/timeline.ts';
import type { CameraClock } from './clock.ts';
import type { PictureFault } from './faults.ts';
import type { Pace } from './pace.ts';
import { variantOf } from './variant.ts';

const TICKS_PER_MS = TICKS_PER_SECOND / 1000;
/** Units kept to start a newcomer with the running group of pictures; in a longer one it waits for the next keyframe. */
const MAX_JOIN_UNITS = 600;

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

export interface StreamOptions {
  /** The path of its URL, without the leading slash. */
  readonly path: string;
  readonly timeline: Timeline;
  /** The camera's; the first viewer wakes it. */
  readonly clock: CameraClock;
  /** Is told how late each picture leaves. */
  readonly pace?: Pace | undefined;
  /** A keyframe left for at least one viewer; the time is Unix milliseconds. */
  readonly onKeyframe: (atMs: number) => void;
}

export class Stream {
  /** The path of its URL, without the leading slash. */
  readonly path: string;

  readonly #clock: CameraClock;
  readonly #pace: Pace | undefined;
  readonly #onKeyframe: (atMs: number) => void;
  readonly #viewers = new Set<Viewer>();
  readonly #variants = new Map<string, Promise<Clip>>();
  readonly #ending = new AbortController();
  /** What it shows when nothing is wrong with the picture. */
  #usual: Timeline;
  #timeline: Timeline;
  /** Tick of the camera at which `#timeline` begins: 0, or when a variant took over. */
  #timelineStart = 0;
  #reader: TimelineReader | null = null;
  #timer: NodeJS.Timeout | null = null;
  #join: SentUnit[] = [];

  constructor({ path, timeline, clock, pace, onKeyframe }: StreamOptions) {
    this.path = path;
    this.#clock = clock;
    this.#pace = pace;
    this.#onKeyframe = onKeyframe;
    this.#usual = timeline;
    this.#timeline = timeline;
  }

  /** What a client that asks now is told about the picture. */
  get clip(): Clip {
    return this.#reader?.clip ?? this.#timeline.readFrom(this.#clock.ticks() - this.#timelineStart).clip;
  }

  /** The last keyframe of what is on now. */
  get keyframe(): { readonly unit: AccessUnit; readonly codec: Codec } {
    const reader = this.#timeline.readFrom(this.#clock.ticks() - this.#timelineStart);
    return { unit: reader.peek().unit, codec: reader.clip.codec };
  }

  get viewerCount(): number {
    return this.#viewers.size;
  }

  /** The `pts` with which a viewer begins that is added at once. */
  firstPts(): number {
    const first = this.#join[0];
    if (first !== undefined) return first.pts;
    // Kept for that viewer: a moment later another picture may be on.
    this.#reader ??= this.#timeline.readFrom(this.#clock.ticks() - this.#timelineStart);
    return this.#reader.peek().pts + this.#timelineStart;
  }

  add(viewer: Viewer): void {
    this.#clock.wake();
    this.#viewers.add(viewer);
    for (const sent of this.#join) viewer.send(sent);
    if (this.#timer === null) this.#sendDue();
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size === 0) this.#rest();
  }

  /** Closes every viewer's connection. */
  dropAll(): void {
    for (const viewer of [...this.#viewers]) viewer.drop();
  }

  /** What it shows from now on when nothing is wrong with the picture. */
  replace(timeline: Timeline): void {
    this.#usual = timeline;
  }

  /** Shows its usual picture, whose first tick lies at `start` of the camera's clock. */
  showUsual(start: number): void {
    this.#show(this.#usual, start);
  }

  /** Shows its picture after a fault; `start` is the tick at which its usual one began. Ends when it can be seen. */
  async showVariant(fault: PictureFault, start: number): Promise<void> {
    const { clip } = this.#usual.readFrom(this.#clock.ticks() - start);
    const key = `${fault} ${clip.width}x${clip.height} ${clip.codec}`;
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      variant = variantOf(clip, fault, this.#ending.signal);
      this.#variants.set(key, variant);
      variant.catch(() => this.#variants.delete(key));
    }
    const timeline = Timeline.looping(await variant);
    this.#show(timeline, this.#clock.ticks());
  }

  stop(): void {
    this.#ending.abort();
    this.dropAll();
    this.#viewers.clear();
    this.#rest();
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
    const reader = this.#reader ?? this.#timeline.readFrom(this.#clock.ticks() - this.#timelineStart);
    this.#reader = reader;
    for (;;) {
      const waitMs = (reader.peek().dts + this.#timelineStart - this.#clock.ticks()) / TICKS_PER_MS;
      if (waitMs > 0.5) {
        this.#timer = setTimeout(() => this.#sendDue(), Math.min(waitMs, 60_000));
        return;
      }
      const { codec } = reader.clip;
      const { unit, pts, dts } = reader.next();
      this.#sendToAll({ unit, codec, pts: pts + this.#timelineStart });
      this.#pace?.record((this.#clock.ticks() - dts - this.#timelineStart) / TICKS_PER_MS);
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
    if (sent.unit.keyframe) this.#onKeyframe(Date.now());
  }
}
