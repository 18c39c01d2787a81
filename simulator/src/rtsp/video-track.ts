/** The pictures of one client's play: their RTP numbering, their sender reports, and their bounded queue. */
import { randomBytes } from 'node:crypto';
import type { Camera } from '../camera/camera.ts';
import type { SentUnit, Stream, Viewer } from '../camera/stream.ts';
import { isParameterSet } from '../media/nal.ts';
import { impair, isImpaired } from './impair.ts';
import { goodbye, senderReport } from './rtcp.ts';
import { packetize, packetsOf, stamp } from './rtp.ts';
import type { CameraStream, Track } from './session.ts';
import type { PacketSink } from './transport.ts';

/** A reader that is this far behind loses pictures until the next keyframe. */
export const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;
const REPORT_INTERVAL_MS = 5000;
const MAX_DELAYED_UNITS = 1000;

export class VideoTrack implements Track, Viewer {
  readonly stream: Stream;
  readonly camera: Camera;

  readonly #sink: PacketSink;
  readonly #onDrop: () => void;
  readonly #ssrc = randomBytes(4).readUInt32BE();
  readonly #timestampBase = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE();
  #packets = 0;
  #payloadBytes = 0;
  #playing = false;
  #behind = false;
  #notBefore = 0;
  /** The picture that a frozen camera repeats. */
  #held: SentUnit | null = null;
  #reports: NodeJS.Timeout | null = null;
  readonly #delayed = new Set<NodeJS.Timeout>();

  /** @param onDrop ends the session, and the connection on which it was set up */
  constructor({ camera, stream }: CameraStream, sink: PacketSink, onDrop: () => void) {
    this.camera = camera;
    this.stream = stream;
    this.#sink = sink;
    this.#onDrop = onDrop;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  rtpInfo(url: string): string {
    return `url=${url};seq=${this.#sequence};rtptime=${this.#timestamp(this.stream.firstPts())}`;
  }

  play(): void {
    if (this.#playing) return;
    this.#playing = true;
    // Nothing before a keyframe could be decoded.
    this.#behind = true;
    const slow = this.camera.faults.get('slow-start');
    this.#notBefore = slow === undefined ? 0 : performance.now() + slow.seconds * 1000;
    // The client can place the first picture in time only once it has a report.
    this.#report();
    this.#reports = setInterval(() => this.#report(), REPORT_INTERVAL_MS);
    this.stream.add(this);
  }

  pause(): void {
    if (!this.#playing) return;
    this.#playing = false;
    if (this.#reports !== null) clearInterval(this.#reports);
    this.stream.remove(this);
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#delayed.clear();
  }

  close(): void {
    const played = this.#packets > 0;
    this.pause();
    if (played && !this.camera.faults.has('half-open')) this.#sink.sendRtcp(goodbye(this.#ssrc));
  }

  drop(): void {
    this.pause();
    this.#onDrop();
  }

  send(sent: SentUnit): void {
    const { faults } = this.camera;
    if (faults.has('freeze') || faults.has('half-open') || performance.now() < this.#notBefore) {
      this.#behind = true;
      return;
    }
    if (faults.has('frozen-picture')) {
      // A keyframe shown again and again is a stream that is alive and a picture that is not.
      if (!sent.unit.keyframe) return;
      this.#held ??= sent;
      this.#sendUnit({ ...this.#held, pts: sent.pts });
      return;
    }
    this.#held = null;
    if (this.#mustSkip(sent)) return;
    const delay = faults.get('delay');
    if (delay === undefined) this.#sendUnit(sent);
    else this.#sendLater(sent, delay.ms + Math.random() * (delay.jitterMs ?? 0));
  }

  /** Once behind, nothing is sent until a keyframe finds the queue half empty: what lies between could not be decoded. */
  #mustSkip(sent: SentUnit): boolean {
    const backlog = this.#sink.backlogBytes;
    if (backlog > MAX_BACKLOG_BYTES) this.#behind = true;
    else if (this.#behind && sent.unit.keyframe && backlog < MAX_BACKLOG_BYTES / 2) this.#behind = false;
    return this.#behind;
  }

  #sendLater(sent: SentUnit, ms: number): void {
    if (this.#delayed.size >= MAX_DELAYED_UNITS) return;
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#sendUnit(sent);
    }, ms);
    this.#delayed.add(timer);
  }

  #sendUnit({ unit, codec, pts }: SentUnit): void {
    const { faults } = this.camera;
    const template = faults.has('no-parameter-sets')
      ? packetize(
          unit.nals.filter((nal) => !isParameterSet(codec, nal)),
          codec,
        )
      : packetsOf(unit, codec);
    const fields = {
      channel: this.#sink.rtpChannel,
      payloadType: this.camera.maker.payloadTypes[codec],
      sequence: this.#sequence,
      timestamp: this.#timestamp(pts),
      ssrc: this.#ssrc,
    };
    const { offsets } = template;
    const stamped = { bytes: stamp(template, fields), offsets };
    this.#sequence = (this.#sequence + offsets.length) & 0xffff;
    this.#packets += offsets.length;
    this.#payloadBytes += template.payloadBytes;
    const packets = isImpaired(faults) ? impair(stamped, faults, Math.random) : stamped;
    this.#sink.sendRtp(packets.bytes, packets.offsets);
  }

  #report(): void {
    const { faults, clockOffsetMs } = this.camera;
    if (faults.has('rtcp-silence') || faults.has('freeze') || faults.has('half-open')) return;
    this.#sink.sendRtcp(
      senderReport({
        ssrc: this.#ssrc,
        wallMs: Date.now() + clockOffsetMs,
        timestamp: this.#timestamp(this.camera.clock.ticks()),
        packets: this.#packets,
        payloadBytes: this.#payloadBytes,
        cname: `camera@${this.camera.path}`,
      }),
    );
  }

  #timestamp(ticks: number): number {
    return (Math.round(ticks) + this.#timestampBase + this.camera.timestampOffset) >>> 0;
  }
}
