/** The sound of one client's play: AAC as RFC 3640 has it (AAC-hbr), G.711 as RFC 3551 does, each frame in a packet. */
import { randomBytes } from 'node:crypto';
import type { Camera } from '../camera/camera.ts';
import type { Listener, Microphone } from '../camera/microphone.ts';
import { goodbye, senderReport } from './rtcp.ts';
import { INTERLEAVED_HEADER_BYTES, RTP_HEADER_BYTES } from './rtp.ts';
import { soundPayloadType } from './sdp.ts';
import type { Track } from './session.ts';
import type { PacketSink } from './transport.ts';

/** A listener that is this far behind misses what comes until it has caught up. */
const MAX_BACKLOG_BYTES = 1024 * 1024;
const REPORT_INTERVAL_MS = 5000;

export class SoundTrack implements Track, Listener {
  readonly ssrc = randomBytes(4).readUInt32BE();
  readonly #camera: Camera;
  readonly #microphone: Microphone;
  readonly #sink: PacketSink;
  readonly #timestampBase = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE();
  #packets = 0;
  #payloadBytes = 0;
  #reports: NodeJS.Timeout | null = null;

  constructor(camera: Camera, microphone: Microphone, sink: PacketSink) {
    this.#camera = camera;
    this.#microphone = microphone;
    this.#sink = sink;
  }

  rtpInfo(url: string): string {
    return `url=${url};seq=${this.#sequence};rtptime=${this.#timestamp(this.#microphone.firstSamples())}`;
  }

  play(): void {
    if (this.#reports !== null) return;
    this.#report();
    this.#reports = setInterval(() => this.#report(), REPORT_INTERVAL_MS);
    this.#microphone.add(this);
  }

  pause(): void {
    if (this.#reports === null) return;
    clearInterval(this.#reports);
    this.#reports = null;
    this.#microphone.remove(this);
  }

  close(): void {
    this.pause();
    if (this.#packets > 0 && !this.#camera.faults.has('half-open')) this.#sink.sendRtcp(goodbye(this.ssrc));
  }

  hear(frame: Buffer, samples: number): void {
    const { faults } = this.#camera;
    if (faults.has('freeze') || faults.has('half-open') || this.#sink.backlogBytes > MAX_BACKLOG_BYTES)
      return;
    const { codec } = this.#microphone.sound;
    // One AU header of 16 bits: the size in 13 of them, no index (RFC 3640 3.2.1, 3.3.6).
    const head =
      codec === 'aac' ? Buffer.from([0, 16, frame.length >> 5, (frame.length << 3) & 0xff]) : NO_HEAD;
    const size = RTP_HEADER_BYTES + head.length + frame.length;
    const bytes = Buffer.alloc(INTERLEAVED_HEADER_BYTES + size);
    bytes.writeUInt8(0x24, 0);
    bytes.writeUInt8(this.#sink.rtpChannel, 1);
    bytes.writeUInt16BE(size, 2);
    bytes.writeUInt8(0x80, 4);
    // The last packet of an AAC frame is marked (RFC 3640 3.1); G.711 marks the first after silence, of which there is none.
    bytes.writeUInt8(soundPayloadType(codec) | (codec === 'aac' ? 0x80 : 0), 5);
    bytes.writeUInt16BE(this.#sequence, 6);
    bytes.writeUInt32BE(this.#timestamp(samples), 8);
    bytes.writeUInt32BE(this.ssrc, 12);
    bytes.set(head, INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES);
    bytes.set(frame, INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES + head.length);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets++;
    this.#payloadBytes += head.length + frame.length;
    this.#sink.sendRtp(bytes, [0]);
  }

  #report(): void {
    const { faults, clockOffsetMs, path } = this.#camera;
    if (faults.has('rtcp-silence') || faults.has('freeze') || faults.has('half-open')) return;
    this.#sink.sendRtcp(
      senderReport({
        ssrc: this.ssrc,
        wallMs: Date.now() + clockOffsetMs,
        timestamp: this.#timestamp(this.#microphone.samples()),
        packets: this.#packets,
        payloadBytes: this.#payloadBytes,
        // The same as of the pictures: by it a client puts both in time (RFC 3550 6.5.1).
        cname: `camera@${path}`,
      }),
    );
  }

  #timestamp(samples: number): number {
    return (Math.round(samples) + this.#timestampBase) >>> 0;
  }
}

const NO_HEAD = Buffer.alloc(0);
