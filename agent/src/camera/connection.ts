/**
 * One connection to a camera, from start to end: its stream, or its main and its sub-stream, watched until it ends, falls silent or has to
 * be read in another way; of two streams until both do: each goes on without the other, which is tried again meanwhile. Beyond that it
 * knows no retry: `run()` says why it has ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NormalizedBox, PassedCodec } from '@roadwatch/contract';
import type { CameraFaultCode } from '@roadwatch/contract/codes';
import type { CameraConfig } from '../config/schema.ts';
import type { ReadFrame } from '../decode/frame-reader.ts';
import { probeReordering } from '../ffmpeg/probe.ts';
import type { FramePool } from '../frame/pool.ts';
import type { Size } from '../frame/size.ts';
import type { Looks, Wish } from '../look/looks.ts';
import { CaptureClock } from '../ring/capture-clock.ts';
import type { Recording } from '../ring/segments.ts';
import { DirectStream } from './direct-stream.ts';
import type { StreamFault } from './faults.ts';
import type { FullStreams } from './full-streams.ts';
import { LostStream } from './lost-stream.ts';
import { isRefusal } from './retry.ts';
import { accessTo, parseAddress } from './rtsp/access.ts';
import type { StreamSettings } from './settings.ts';
import { CameraStream, type StreamOptions } from './stream.ts';
import type { Packets, VideoStream } from './video-stream.ts';

export interface ConnectionOptions extends Pick<StreamOptions, 'decoder' | 'input' | 'starting'> {
  readonly config: CameraConfig;
  readonly pool: FramePool;
  readonly looks: Looks;
  /** As in DirectStreamOptions. */
  wanted(): Wish;
  readonly fullStreams: FullStreams;
  /** As in CameraOptions. */
  keepMainMs(): number;
  readonly recording: Recording;
  readonly far: NormalizedBox | null;
  readonly settings: StreamSettings;
}

export interface ConnectionEvents {
  /** `clock`: of the stream that it came from. `mainSize`: the full picture's, as it is to be seen, where this is a sub-stream's. */
  onFrame(read: ReadFrame, clock: CaptureClock, mainSize: Size | null): void;
  /** A picture has come, whether it is looked at or not. */
  onPicture(): void;
  /** Nothing is seen, for now. */
  onWaiting(why: Missing): void;
  /** One of two streams is away, and the other looked at; null: no more. */
  onMissing(why: Missing | null): void;
}

interface Missing {
  readonly reason: string;
  readonly code: CameraFaultCode;
}

/** Why it ended; null: to begin anew at once, with other settings. */
export type ConnectionEnd = StreamFault | null;

/** A camera that may send a keyframe a minute gets that long for its first picture. */
const FIRST_FRAME_MS = 75_000;
/** While packets come nothing is gained by connecting anew. */
const FIRST_FRAME_FLOWING_MS = 310_000;
const NO_KEYFRAME_AFTER_MS = 15_000;
const SILENT_AFTER_MS = 10_000;
/** Packets that ended sooner after the last picture are a camera that has gone silent. */
const STILL_COME_MS = SILENT_AFTER_MS / 2;
/** From here on every picture is decoded, so that looks are not rarer. */
const SPARSE_KEYFRAMES_S = 4.5;
/** From here on the ring, too, needs keyframes of its own. */
const RARE_KEYFRAMES_S = 10;
/** A main stream that has not shown its size by then, or has not had its turn, is not waited for. */
const SIZE_MS = 10_000;
/** While others wait for theirs, a main stream that nobody needs is kept for this: between a candidate and its evidence it is needed again. */
const LINGER_MS = 3_000;
/** So long at least it runs for what was found, whoever waits: a closer look, its still and its clip. */
const HOLD_MS = 30_000;
/** Sides of two pictures that differ in their ratio by less are those of one shape. */
const SAME_SHAPE = 0.03;
const NOT_BEGUN: StreamFault = { kind: 'ended', reason: 'the camera’s streams were not begun' };
const PROBE_AFTER_BYTES = 64 * 1024;
const PROBE_POLL_MS = 250;
const WATCH_MS = 1_000;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  /** From when on a picture of the stream that is looked at is waited for. */
  #startedAt = performance.now();
  readonly #over = Promise.withResolvers<StreamFault>();
  #isOver = false;
  #main: VideoStream | null = null;
  #sub: VideoStream | null = null;
  #subSince = 0;
  readonly #lostMain = new LostStream();
  readonly #lostSub = new LostStream();
  /** The main stream of before, while it is let go of. */
  #resting: Promise<void> | null = null;
  /** Sub-streams of before. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #probing = new AbortController();
  /** When somebody last needed the main stream. */
  #neededAt = performance.now();
  /** When the main stream of now was begun. */
  #mainSince = 0;
  /** Resolves when the first main stream has been begun. */
  readonly #firstMain = Promise.withResolvers<VideoStream | null>();
  #endedErrors = 0;
  /** Of the main stream that rests: it sends the same when it is called for. */
  #codec: PassedCodec | null = null;
  #verdict: StreamFault | 'restart' | null = null;
  /** By a clock that nobody sets; null before the first picture. */
  #lastFrameAt: number | null = null;
  #lastPts: number | null = null;
  #mainSize: Size | null = null;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Frames that the decoders found damaged. */
  get decodeErrors(): number {
    return this.#endedErrors + (this.#main?.decodeErrors ?? 0) + (this.#sub?.decodeErrors ?? 0);
  }

  /** Of what its main stream writes into the ring; null where it is neither, or not known yet. */
  get recordedCodec(): PassedCodec | null {
    return this.#main?.recordedCodec ?? this.#codec;
  }

  /** Of the stream that is looked at. */
  get packets(): Packets | null {
    return this.#detect?.packets ?? null;
  }

  /** Whether the main stream is looked at, for the sub-stream is away or has not shown a picture again. */
  get #standsIn(): boolean {
    return this.#lostSub.fault !== null;
  }

  get #detect(): VideoStream | null {
    return this.#standsIn ? this.#main : (this.#sub ?? this.#main);
  }

  /** Settles when it is over, with all that it started ended; soon once `signal` is aborted. Never rejects; to be called once. */
  async run(signal: AbortSignal): Promise<ConnectionEnd> {
    const { config, recording, fullStreams } = this.#options;
    const { detectUrl } = config;
    const watchdog = setInterval(() => this.#watch(), WATCH_MS);
    const onAbort = (): void => this.#stopAll();
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) this.#stopAll();
    else if (detectUrl !== undefined) await this.#beginBoth(detectUrl);
    else this.#beginMain();
    const first = await this.#over.promise;
    this.#isOver = true;
    recording.ring.onFollowed = () => {};
    recording.ring.isHeldBack = false;
    await Promise.all([this.#main?.stop(), this.#sub?.stop(), this.#resting, ...this.#leaving]);
    fullStreams.leave(this);
    clearInterval(watchdog);
    this.#probing.abort();
    signal.removeEventListener('abort', onAbort);
    // What the disk does is not the camera's: with the ring elsewhere all goes on at once.
    if (first.kind === 'disk' && recording.ring.isMisplaced) return null;
    return this.#verdict === 'restart' ? null : (this.#verdict ?? first);
  }

  /**
   * One after the other, so that a wrong password is told once, and the smaller one is seen in the shape of the full one. Where that has
   * to wait for its turn, or cannot be had, the smaller one is begun without it.
   */
  async #beginBoth(detectUrl: NonNullable<CameraConfig['detectUrl']>): Promise<void> {
    const { recording, settings } = this.#options;
    const isOver = this.#over.promise.then(() => null);
    recording.ring.onFollowed = () => this.#tendMain(performance.now());
    this.#tendMain(performance.now());
    const late = (): Promise<null> => sleep(SIZE_MS, null, { ref: false });
    const main = await Promise.race([this.#firstMain.promise, isOver, late()]);
    if (main !== null && (await main.admitted)) await Promise.race([main.sized, isOver, late()]);
    // Whether the smaller one is begun without it is decided when it ends.
    if (main !== null && !(await main.admitted)) await main.ended;
    if (this.#isOver || this.#verdict !== null) return;
    this.#mainSize = settings.mainSize;
    this.#startedAt = performance.now();
    this.#beginSub(detectUrl);
  }

  #beginSub(detectUrl: CameraConfig['url']): void {
    const { decode, mainSize: shape } = this.#options.settings;
    this.#subSince = performance.now();
    this.#sub = this.#begin(detectUrl, new CaptureClock(), { decode, record: null, shape });
  }

  #beginMain(): void {
    const { config, recording, settings } = this.#options;
    const isLookedAt = config.detectUrl === undefined || this.#standsIn;
    const main = this.#begin(config.url, recording.clock, {
      decode: isLookedAt ? settings.decode : null,
      record: recording,
      encode: settings.encode,
    });
    this.#main = main;
    this.#mainSince = performance.now();
    this.#firstMain.resolve(main);
    void main.sized.then((size) => {
      if (size === null || main !== this.#main) return;
      if (this.#lostMain.found()) this.#tellMissing();
      this.#learnSize(size);
    });
    if (isLookedAt && main instanceof CameraStream && settings.decode.kind === 'keyframes') {
      void this.#findReordering(this.#probing.signal).then((reorders) => {
        if (reorders) this.#decodeEveryFrame();
      });
    }
  }

  /** The smaller stream is begun anew if it is seen in another shape. */
  #learnSize(size: Size): void {
    const { settings } = this.#options;
    const before = this.#mainSize;
    settings.mainSize = size;
    this.#mainSize = size;
    const sub = this.#sub;
    if (sub === null) return;
    void (before === null ? sub.sized : Promise.resolve(before)).then((shape) => {
      if (shape === null || this.#isOver || isSameShape(size, shape)) return;
      this.#verdict ??= 'restart';
      this.#stopAll();
    });
  }

  /** Beside a sub-stream the main one is there while somebody needs it and it has its turn, and for a while after. */
  #tendMain(now: number): void {
    const { config, recording, fullStreams } = this.#options;
    const { ring } = recording;
    if (config.detectUrl === undefined || this.#isOver || this.#verdict !== null) return;
    if (ring.isFollowed || this.#standsIn) this.#neededAt = now;
    const isUnknown = this.#mainSize === null || this.#lostMain.fault !== null;
    const need = ring.need ?? (this.#standsIn ? 'look' : isUnknown ? 'shape' : null);
    if (this.#main !== null) {
      fullStreams.ask(this, need ?? 'found', () => {});
      if (!this.#mayRest(now)) return;
      this.#rest(this.#main);
    } else if (this.#resting === null) {
      if (need !== null) {
        if (this.#lostMain.isDue(now)) fullStreams.ask(this, need, () => this.#onTurn());
      } else if (now - this.#neededAt >= LINGER_MS) fullStreams.leave(this);
    }
    ring.isHeldBack = this.#main === null && ring.isFollowed;
  }

  #onTurn(): void {
    const { fullStreams, recording } = this.#options;
    if (this.#isOver) {
      fullStreams.leave(this);
      return;
    }
    this.#beginMain();
    recording.ring.isHeldBack = false;
  }

  #mayRest(now: number): boolean {
    const { recording, fullStreams, keepMainMs } = this.#options;
    const { need } = recording.ring;
    const runsMs = now - this.#mainSince;
    if (!fullStreams.isShort) return this.#lastFrameAt !== null && now - this.#neededAt >= keepMainMs();
    // Others wait: it has done what it was begun for, or has had as much time for it as anybody has.
    if (need === 'asked') return false;
    if (need === 'found' || this.#standsIn) return runsMs >= HOLD_MS;
    return (this.#mainSize !== null || runsMs >= SIZE_MS) && now - this.#neededAt >= LINGER_MS;
  }

  #rest(main: VideoStream): void {
    const { recording, fullStreams } = this.#options;
    this.#forgetMain(main);
    const sub = this.#lostSub.fault;
    if (sub !== null) this.#awaitMain(sub);
    this.#resting = main.stop().then(() => {
      // Of what will be looked for later it shows nothing.
      recording.ring.end();
      this.#resting = null;
      fullStreams.leave(this);
      this.#tendMain(performance.now());
    });
  }

  #forgetMain(main: VideoStream): void {
    this.#main = null;
    this.#codec = main.recordedCodec;
    this.#endedErrors += main.decodeErrors;
  }

  #onEnded(stream: VideoStream, fault: StreamFault): void {
    if (stream !== this.#main && stream !== this.#sub) return;
    const isOne = this.#options.config.detectUrl === undefined;
    if (isOne || this.#isOver || this.#verdict !== null) this.#end(fault);
    else if (stream === this.#main) this.#loseMain(stream, fault);
    else this.#loseSub(fault);
  }

  #end(fault: StreamFault): void {
    this.#isOver = true;
    this.#over.resolve(fault);
  }

  /** The sub-stream is looked at without it. */
  #loseMain(main: VideoStream, fault: StreamFault): void {
    const { fullStreams } = this.#options;
    const now = performance.now();
    this.#forgetMain(main);
    fullStreams.leave(this);
    this.#lostMain.lost(fault, now - this.#mainSince, now);
    const sub = this.#lostSub.fault;
    if (sub !== null) this.#end(bothLost(fault, sub));
    else if (this.#sub === null && this.#isOfBoth(fault)) this.#end(fault);
    else {
      this.#tellMissing();
      this.#tendMain(now);
    }
  }

  /** Whether the sub-stream would fail as well: a wrong password is tried once, and who is not there has neither. */
  #isOfBoth(fault: StreamFault): boolean {
    const { url, detectUrl = url } = this.#options.config;
    return isRefusal(fault) || (fault.kind === 'unreachable' && isSameServer(url, detectUrl));
  }

  /** The main stream is looked at in its place, when it has its turn, until the sub-stream shows a picture again. */
  #loseSub(fault: StreamFault): void {
    const now = performance.now();
    const sub = this.#sub;
    this.#sub = null;
    if (sub !== null) {
      this.#endedErrors += sub.decodeErrors;
      const left = sub.stop().finally(() => this.#leaving.delete(left));
      this.#leaving.add(left);
    }
    const isLookedAt = !this.#standsIn;
    this.#lostSub.lost(fault, now - this.#subSince, now);
    const main = this.#lostMain.fault;
    if (main !== null && this.#main === null) {
      this.#end(bothLost(main, fault));
      return;
    }
    if (isLookedAt) this.#standIn(fault, now);
    this.#tellMissing();
  }

  #standIn(fault: StreamFault, now: number): void {
    this.#awaitMain(fault);
    const main = this.#main;
    if (main === null) {
      this.#tendMain(now);
      return;
    }
    // It keeps its turn, and is begun anew to be looked at.
    this.#forgetMain(main);
    this.#resting = main.stop().then(() => {
      this.#resting = null;
      if (!this.#isOver && this.#verdict === null) this.#beginMain();
    });
  }

  /** Nothing is seen until the main stream shows its first picture. */
  #awaitMain(sub: StreamFault): void {
    this.#lastPts = null;
    this.#lastFrameAt = null;
    this.#startedAt = performance.now();
    this.#events.onWaiting({
      reason: `the sub-stream is away (${sub.reason}); the full stream is called for`,
      code: 'camera_sub_stream_lost',
    });
  }

  /** The sub-stream shows pictures again. */
  #takeBack(): void {
    this.#lostSub.found();
    this.#lastPts = null;
    this.#lastFrameAt = performance.now();
    this.#tellMissing();
    if (this.#main !== null && !this.#options.recording.ring.isFollowed) this.#rest(this.#main);
  }

  #tendSub(now: number): void {
    const { detectUrl } = this.#options.config;
    if (!this.#standsIn || detectUrl === undefined || this.#isOver || this.#verdict !== null) return;
    if (this.#sub === null && this.#lostSub.isDue(now)) this.#beginSub(detectUrl);
    else if (this.#sub !== null && now - this.#subSince > FIRST_FRAME_MS)
      this.#loseSub({
        kind: 'no-keyframe',
        reason: `connected, but no picture in ${FIRST_FRAME_MS / 1000} s`,
      });
  }

  #tellMissing(): void {
    const [main, sub] = [this.#lostMain.fault, this.#lostSub.fault];
    if (sub !== null) {
      const reason = `the sub-stream is away (${sub.reason}); the full stream is looked at`;
      this.#events.onMissing({ reason, code: 'camera_sub_stream_lost' });
    } else if (main !== null) {
      const reason = `the full stream is away (${main.reason}); the sub-stream is looked at`;
      this.#events.onMissing({ reason, code: 'camera_full_stream_lost' });
    } else this.#events.onMissing(null);
  }

  #begin(
    url: CameraConfig['url'],
    clock: CaptureClock,
    how: Pick<StreamOptions, 'decode' | 'record' | 'encode' | 'shape'>,
  ): VideoStream {
    const { config, decoder, input, far, starting, pool, looks, wanted, settings } = this.#options;
    const access = accessTo(config, url);
    const stream: VideoStream =
      settings.isDirect && access.transport === 'tcp'
        ? new DirectStream(
            {
              ...{ access, decoder, looks, wanted, far, record: how.record, shape: how.shape ?? null },
              isLookedAt: how.decode !== null,
            },
            {
              onKeyframe: (ptsSeconds) => {
                if (how.decode !== null && stream === this.#detect) this.#onPicture(ptsSeconds);
              },
              onFrame: (read) => {
                if (how.decode === null) releaseRead(read, pool);
                else this.#onFrame(stream, read, clock);
              },
              onUnfit: () => this.#readThroughFfmpeg(),
            },
          )
        : new CameraStream({ access, decoder, input, far, starting, ...how }, pool, {
            onFrame: (read) => {
              if (stream === this.#detect) this.#onPicture(read.info.ptsSeconds);
              this.#onFrame(stream, read, clock);
            },
          });
    void stream.ended.then((fault) => this.#onEnded(stream, fault));
    return stream;
  }

  /** What was being decoded when a stream ended, or was looked at no more, is nobody's. */
  #onFrame(stream: VideoStream, read: ReadFrame, clock: CaptureClock): void {
    if (this.#standsIn && stream === this.#sub && !this.#isOver) this.#takeBack();
    if (stream === this.#detect && !this.#isOver) this.#events.onFrame(read, clock, this.#mainSize);
    else releaseRead(read, this.#options.pool);
  }

  /** One has come that can be looked at. */
  #onPicture(ptsSeconds: number | null): void {
    if (ptsSeconds !== null && this.#lastPts !== null && this.#options.settings.decode.kind === 'keyframes') {
      const apart = ptsSeconds - this.#lastPts;
      if (apart > SPARSE_KEYFRAMES_S && apart < FIRST_FRAME_MS / 1000) this.#decodeEveryFrame();
    }
    this.#lastPts = ptsSeconds;
    this.#lastFrameAt = performance.now();
    this.#events.onPicture();
  }

  #readThroughFfmpeg(): void {
    this.#options.settings.readThroughFfmpeg();
    this.#verdict ??= 'restart';
    this.#stopAll();
  }

  #decodeEveryFrame(): void {
    this.#options.settings.decodeEveryFrame();
    this.#verdict ??= 'restart';
    this.#stopAll();
  }

  #stopAll(): void {
    this.#isOver = true;
    // Where neither has been begun, nothing else ends.
    if (this.#main === null && this.#sub === null) this.#over.resolve(NOT_BEGUN);
    void this.#main?.stop();
    void this.#sub?.stop();
  }

  #watch(): void {
    const now = performance.now();
    this.#tendSub(now);
    this.#tendMain(now);
    const main = this.#main;
    const detect = this.#detect;
    if (detect === null) return;
    const { settings, recording } = this.#options;
    if (main !== null) settings.learn(main.packets);
    this.#verdict ??=
      (recording.ring.isMisplaced ? 'restart' : null) ??
      (this.#needsOtherSettings(main, detect, now) ? 'restart' : null);
    const silence = this.#verdict === null ? this.#judgeSilence(now, detect) : null;
    if (silence !== null && detect === this.#sub) this.#loseSub(silence);
    else this.#verdict ??= silence;
    if (this.#verdict !== null) this.#stopAll();
  }

  /** Whether keyframes are rarer than the connection was begun for: how looks are taken, or how the ring is written. */
  #needsOtherSettings(main: VideoStream | null, detect: VideoStream, now: number): boolean {
    const { settings } = this.#options;
    const isRare = (stream: VideoStream): boolean =>
      (stream.packets?.keyframeSeconds() ?? 0) > RARE_KEYFRAMES_S && stream.isFlowing(now);
    // By UDP nothing is seen of the packets but that the ring grows while no picture comes.
    const isBlind =
      comeStill(detect, now) && this.#lastFrameAt !== null && now - this.#lastFrameAt > SILENT_AFTER_MS;
    const needsAll = settings.decode.kind !== 'all' && (isRare(detect) || isBlind);
    const needsEncoding =
      !settings.encode && main !== null && (isRare(main) || (needsAll && main === detect));
    if (needsAll) settings.decodeEveryFrame();
    if (needsEncoding) settings.encodeAnew();
    return needsAll || needsEncoding;
  }

  #judgeSilence(now: number, detect: VideoStream): StreamFault | null {
    if (this.#lastFrameAt !== null) {
      const silentMs = now - this.#lastFrameAt;
      if (silentMs <= SILENT_AFTER_MS) return null;
      const though = comeStill(detect, now) ? ', though packets come' : '';
      return { kind: 'stalled', reason: `no picture for ${Math.round(silentMs / 1000)} s${though}` };
    }
    const waitedMs = now - this.#startedAt;
    const longestMs = detect.isFlowing(now) ? FIRST_FRAME_FLOWING_MS : FIRST_FRAME_MS;
    if (waitedMs > longestMs) {
      return {
        kind: 'no-keyframe',
        reason: `connected, but no keyframe in ${longestMs / 1000} s; set the camera to one every 2 s`,
      };
    }
    if (waitedMs > NO_KEYFRAME_AFTER_MS) {
      this.#events.onWaiting({
        reason: 'connected, still waiting for a keyframe; if this lasts, set the camera to one every 2 s',
        code: 'camera_no_keyframe',
      });
    }
    return null;
  }

  /**
   * A decoder that is given keyframes only still holds back as many as the stream says it reorders, which makes a picture
   * several keyframe intervals old when it comes out. Such streams are decoded frame by frame.
   */
  async #findReordering(signal: AbortSignal): Promise<boolean> {
    const { ring } = this.#options.recording;
    while (ring.bytes < PROBE_AFTER_BYTES) {
      if (signal.aborted) return false;
      await sleep(PROBE_POLL_MS, undefined, { signal }).catch(() => {});
    }
    const [segment] = ring.between(0, Number.POSITIVE_INFINITY);
    return segment !== undefined && ((await probeReordering(segment.file, signal)) ?? 0) > 0;
  }
}

function releaseRead({ slot, farSlot }: ReadFrame, pool: FramePool): void {
  if (slot !== null) pool.release(slot);
  if (farSlot !== null) pool.release(farSlot);
}

function bothLost(main: StreamFault, sub: StreamFault): StreamFault {
  return { kind: main.kind, reason: `${main.reason}; the sub-stream: ${sub.reason}` };
}

function isSameServer(one: CameraConfig['url'], other: CameraConfig['url']): boolean {
  const [a, b] = [parseAddress(one.reveal()), parseAddress(other.reveal())];
  return a?.host === b?.host && a?.port === b?.port;
}

function isSameShape(one: Size, other: Size): boolean {
  return Math.abs((one.width * other.height) / (one.height * other.width) - 1) < SAME_SHAPE;
}

/** Whether packets come, and not only the last of them shortly after the last picture. */
function comeStill(stream: VideoStream, now: number): boolean {
  return stream.isFlowing(now + STILL_COME_MS);
}
