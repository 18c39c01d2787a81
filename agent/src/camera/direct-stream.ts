/**
 * One connection to a camera without a program in between: its packets become pictures here, each goes into the ring as it came, and
 * keyframes are offered to be looked at. What cannot be read so is said, and read by ffmpeg from then on.
 */
import { steadyMs, systemCode } from '@roadwatch/common';
import type { NormalizedBox, PassedCodec } from '@roadwatch/contract';
import type { ReadFrame } from '../decode/frame-reader.ts';
import type { Decoded } from '../decode/keyframe-decoder.ts';
import type { DecoderOptions } from '../ffmpeg/hardware.ts';
import type { PictureCodec } from '../frame/codec.ts';
import { displaySize, type Size } from '../frame/size.ts';
import type { Looks, Wish } from '../look/looks.ts';
import { type Recording, RING_SHIFT_SECONDS, RingError, SEGMENT_SECONDS } from '../ring/segments.ts';
import { TransportStream } from '../ring/transport-stream.ts';
import { RingWriter } from '../ring/writer.ts';
import { Copies } from './copies.ts';
import type { StreamFault } from './faults.ts';
import { RING_STUCK, RING_TOO_SMALL } from './ring-faults.ts';
import { type AccessUnit, AccessUnits } from './rtp/access-units.ts';
import { InterleavedFrames, parseRtp } from './rtp/packet.ts';
import { senderClockMs } from './rtp/sender-report.ts';
import type { CameraAccess } from './rtsp/access.ts';
import { CameraConnection } from './rtsp/connection.ts';
import { CameraFault } from './rtsp/fault.ts';
import { KeyframeTimes } from './rtsp/keyframe-times.ts';
import type { Packets, VideoStream } from './video-stream.ts';

export interface DirectStreamOptions {
  readonly access: CameraAccess;
  readonly decoder: DecoderOptions;
  readonly looks: Looks;
  /** Which of its keyframes are to be looked at just now. */
  wanted(): Wish;
  /** Null: it is not recorded. */
  readonly record: Recording | null;
  /** Whether its keyframes are looked at, or only the first, for its size. */
  readonly isLookedAt: boolean;
  readonly far: NormalizedBox | null;
  readonly shape: Size | null;
}

export interface DirectStreamEvents {
  /** A keyframe has come, which may be looked at. */
  onKeyframe(ptsSeconds: number): void;
  /** One has been; takes over its slots. */
  onFrame(frame: ReadFrame): void;
  /** This camera has to be read in another way. */
  onUnfit(): void;
}

/** Of the keyframes of all cameras. */
const copies = new Copies();
const FOR_ITS_SIZE: Wish = { wanted: 'each', ageMs: 0, followedMs: null };
const SILENT_MS = 10_000;
const WATCH_MS = 1_000;
/** A camera that sends pictures, and none that can be decoded by itself. */
const KEYLESS_MS = 12_000;
/** Of one picture: keyframes of 8K at the best quality have 5 MB. */
const MAX_PICTURE_BYTES = 8 * 2 ** 20;
/** What waits for the disk before the camera has to. */
const MAX_QUEUED_BYTES = 8 * 2 ** 20;
const CLOCK = 90_000;
/** A picture that comes after one that is shown later: no further back than any codec reorders. */
const REORDERED = 2 * CLOCK;
/** A step that no camera's pictures have between them. */
const JUMP = 60 * CLOCK;
/** Pictures that could not be decoded, one after the other, of a camera of which one could. */
const MAX_FAILURES = 2;
/** An empty receiver report (RFC 3550 6.4.2): some cameras end a session of which they hear nothing. */
const REPORT_EVERY_MS = 5_000;

export class DirectStream implements VideoStream {
  readonly ended: Promise<StreamFault>;
  readonly #options: DirectStreamOptions;
  readonly #events: DirectStreamEvents;
  readonly #stopping = new AbortController();
  readonly #over = Promise.withResolvers<StreamFault>();
  readonly #admitted = Promise.withResolvers<boolean>();
  readonly #sized = Promise.withResolvers<Size | null>();
  readonly #keyframes = new KeyframeTimes();
  readonly #writer: RingWriter | null;
  #connection: CameraConnection | null = null;
  #codec: PictureCodec | null = null;
  #units: AccessUnits | null = null;
  #transport: TransportStream | null = null;
  #channel = 0;
  #lastBytesAt = performance.now();
  #playedAt = Number.POSITIVE_INFINITY;
  /** Of the last picture, at 90 kHz, counted on from the first. */
  #time: number | null = null;
  #timestamp = 0;
  #segmentFrom: number | null = null;
  #unlooked = 0;
  #isPaused = false;
  #isLookedAt: boolean;
  #failures = 0;
  #hasBeenSeen = false;
  #decodeErrors = 0;
  #pictures = 0;
  #clockAheadMs: number | null = null;

  constructor(options: DirectStreamOptions, events: DirectStreamEvents) {
    this.#options = options;
    this.#events = events;
    this.#isLookedAt = true;
    this.#writer =
      options.record === null
        ? null
        : new RingWriter(options.record.ring, {
            onWritten: (bytes) => this.#onWritten(bytes),
            onError: (error) => this.#onDiskError(error),
          });
    this.ended = this.#run();
    void this.ended.then(() => this.#sized.resolve(null));
  }

  get admitted(): Promise<boolean> {
    return this.#admitted.promise;
  }
  get sized(): Promise<Size | null> {
    return this.#sized.promise;
  }
  get decodeErrors(): number {
    return this.#decodeErrors;
  }
  get packets(): Packets | null {
    const codec = this.#connection?.track.codec;
    if (codec === undefined) return null;
    const [pictures, clockAheadMs] = [this.#pictures, this.#clockAheadMs];
    return { codec, keyframeSeconds: () => this.#keyframes.seconds, pictures, clockAheadMs };
  }
  get recordedCodec(): PassedCodec | null {
    return this.#codec === null ? null : this.#codec === 'H264' ? 'h264' : 'h265';
  }
  isFlowing(now: number): boolean {
    return this.#playedAt < now && now - this.#lastBytesAt < SILENT_MS;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#over.resolve({ kind: 'ended', reason: 'the camera ended the stream' });
    // An answer that it still owes is not waited for.
    void this.#connection?.close();
    await this.ended;
  }

  async #run(): Promise<StreamFault> {
    const { access, looks } = this.#options;
    try {
      const connection = await CameraConnection.open(
        access,
        {
          onFrames: (bytes) => this.#onBytes(bytes),
          onFrame: () => true,
          onEnd: (fault) => this.#over.resolve(fault),
        },
        this.#stopping.signal,
      );
      this.#connection = connection;
      this.#admitted.resolve(true);
    } catch (error) {
      this.#admitted.resolve(false);
      return error instanceof CameraFault ? error : internal(error);
    }
    const timers = [
      setInterval(() => this.#watch(), WATCH_MS),
      setInterval(() => this.#report(), REPORT_EVERY_MS),
    ];
    try {
      await this.#play(this.#connection);
      return await this.#over.promise;
    } catch (error) {
      if (error instanceof RingError) return { kind: 'disk', reason: error.message };
      return error instanceof CameraFault ? error : internal(error);
    } finally {
      timers.forEach(clearInterval);
      looks.forget(this);
      await this.#connection.close();
      await this.#writer?.close();
    }
  }

  async #play(connection: CameraConnection): Promise<void> {
    const { codec, parameters } = connection.track;
    if (codec !== 'H264' && codec !== 'H265') {
      this.#unfit();
      return;
    }
    this.#codec = codec;
    this.#transport = new TransportStream(codec);
    this.#units = new AccessUnits(codec, parameters, MAX_PICTURE_BYTES, {
      onPicture: (picture) => this.#onPicture(picture),
      onUnfit: (reason) => (reason === 'size' ? this.#over.resolve(RING_TOO_SMALL) : this.#unfit()),
    });
    this.#options.record?.ring.begin();
    const granted = await connection.setup('RTP/AVP/TCP;unicast;interleaved=0-1');
    this.#channel = Number(/interleaved=(\d{1,3})/.exec(granted)?.[1] ?? 0);
    this.#lastBytesAt = performance.now();
    this.#playedAt = performance.now();
    await connection.play();
  }

  readonly #frames = new InterleavedFrames((channel, bytes) => {
    if (channel === this.#channel + 1) this.#noteClock(bytes);
    if (channel !== this.#channel) return;
    const packet = parseRtp(bytes);
    if (packet !== null && packet.payloadType === this.#connection?.track.payloadType)
      this.#units?.push(packet);
  });

  #onBytes(bytes: Buffer): void {
    this.#lastBytesAt = performance.now();
    this.#frames.push(bytes);
    if (this.#isPaused || (this.#writer?.queuedBytes ?? 0) < MAX_QUEUED_BYTES) return;
    this.#isPaused = true;
    this.#connection?.pause();
  }

  #noteClock(report: Buffer): void {
    const clockMs = senderClockMs(report);
    if (clockMs !== null) this.#clockAheadMs = clockMs - Date.now();
  }

  #onPicture({ bytes, timestamp, isKeyframe, isWhole }: AccessUnit): void {
    this.#pictures++;
    this.#keyframes.note(performance.now(), timestamp, () => isKeyframe);
    // Nothing can be made of what comes before the first.
    if (this.#time === null && !isKeyframe) return;
    const step = this.#time === null ? 0 : (timestamp - this.#timestamp) | 0;
    if (step < 0 && step > -REORDERED) {
      this.#unfit();
      return;
    }
    if (step < 0 || step > JUMP) {
      this.#over.resolve({ kind: 'corrupt', reason: 'the stream’s timestamps are broken' });
      return;
    }
    const time = (this.#time ?? 0) + step;
    this.#time = time;
    this.#timestamp = timestamp;
    this.#record(bytes, time, isKeyframe);
    if (isKeyframe) this.#offer(bytes, time / CLOCK, isWhole);
  }

  #record(bytes: Buffer, time: number, isKeyframe: boolean): void {
    const writer = this.#writer;
    const transport = this.#transport;
    if (writer === null || transport === null) return;
    const from = this.#segmentFrom;
    if (isKeyframe && (from === null || time - from >= SEGMENT_SECONDS * CLOCK)) {
      if (from !== null) writer.cut(from / CLOCK, time / CLOCK);
      this.#segmentFrom = time;
      writer.append(transport.tables());
    }
    if (isKeyframe) this.#options.record?.clock.observe(time / CLOCK, steadyMs());
    const shown = time + RING_SHIFT_SECONDS * CLOCK;
    writer.append(transport.picture(bytes, shown, isKeyframe));
  }

  #offer(bytes: Buffer, ptsSeconds: number, isWhole: boolean): void {
    const { looks, decoder, far, shape, isLookedAt, wanted } = this.#options;
    this.#events.onKeyframe(ptsSeconds);
    const codec = this.#codec;
    if (!this.#isLookedAt || !isWhole || codec === null) return;
    const arrivedAtMs = steadyMs();
    looks.offer(this, isLookedAt ? wanted() : FOR_ITS_SIZE, bytes.length, () => {
      const copy = copies.copyOf(bytes);
      return {
        bytes: copy,
        as: { codec, decoder, far: isLookedAt ? far : null, shape },
        onPassedOver: () => copies.release(copy),
        onDecoded: (decoded) => {
          // Of what failed, a decoder that is ending may still be reading.
          if (decoded.frame !== null) copies.release(copy);
          this.#onDecoded(decoded, ptsSeconds, arrivedAtMs);
        },
      };
    });
  }

  #onDecoded({ frame, isDamaged }: Decoded, ptsSeconds: number, arrivedAtMs: number): void {
    const { looks, isLookedAt } = this.#options;
    if (isDamaged) this.#decodeErrors++;
    if (frame === null) {
      this.#onFailure();
      return;
    }
    this.#failures = 0;
    this.#hasBeenSeen = true;
    this.#sized.resolve(displaySize(frame.info));
    this.#isLookedAt = isLookedAt;
    if (!isLookedAt) looks.forget(this);
    this.#events.onFrame({ ...frame, info: { ...frame.info, ptsSeconds }, arrivedAtMs });
  }

  #onFailure(): void {
    if (this.#stopping.signal.aborted) return;
    if (++this.#failures >= MAX_FAILURES || !this.#hasBeenSeen) this.#unfit();
  }

  #unfit(): void {
    if (!this.#stopping.signal.aborted) this.#events.onUnfit();
  }

  #watch(): void {
    const now = performance.now();
    const silentMs = now - this.#lastBytesAt;
    if (this.#playedAt < now && silentMs >= SILENT_MS && !this.#isPaused) {
      const reason = `nothing came from the camera for ${Math.round(silentMs / 1000)} s`;
      this.#over.resolve({ kind: 'stalled', reason });
    }
    if (!this.#keyframes.hasAny && now - this.#playedAt > KEYLESS_MS && this.isFlowing(now)) this.#unfit();
  }

  #report(): void {
    if (this.#playedAt > performance.now()) return;
    const report = Buffer.from([0x24, this.#channel + 1, 0, 8, 0x80, 201, 0, 1, 0x52, 0x57, 0, 1]);
    this.#connection?.write(report);
  }

  #onWritten(bytes: number): void {
    const { record } = this.#options;
    if (this.#isPaused && (this.#writer?.queuedBytes ?? 0) < MAX_QUEUED_BYTES / 2) {
      this.#isPaused = false;
      this.#lastBytesAt = performance.now();
      this.#connection?.resume();
    }
    this.#unlooked += bytes;
    if (record === null || this.#unlooked < record.ring.checkEveryBytes) return;
    this.#unlooked = 0;
    const problem = record.ring.makeRoom();
    if (problem === 'segment too large') this.#over.resolve(RING_TOO_SMALL);
    if (problem === 'not deleted') this.#over.resolve(RING_STUCK);
  }

  #onDiskError(error: Error): void {
    const full = this.#options.record?.ring.findDiskProblem() ?? null;
    this.#over.resolve({
      kind: 'disk',
      reason: full ?? `the video ring cannot be written (${systemCode(error) ?? error.message})`,
    });
  }
}

function internal(error: unknown): StreamFault {
  return { kind: 'internal', reason: `the connection could not be begun: ${(error as Error).message}` };
}
