/** What a camera tells of its picture beside it, as ONVIF has it (Streaming Specification 5.1.2.1.1): XML in RTP, once a second. */
import { randomBytes } from 'node:crypto';
import type { Camera } from '../camera/camera.ts';
import { type MetadataState, metadataDocument, stateOf } from '../camera/metadata.ts';
import { goodbye, senderReport } from './rtcp.ts';
import { INTERLEAVED_HEADER_BYTES, MAX_PAYLOAD_BYTES, RTP_HEADER_BYTES } from './rtp.ts';
import { METADATA_TYPE } from './sdp.ts';
import type { Track } from './session.ts';
import type { PacketSink } from './transport.ts';

const INTERVAL_MS = 1000;
/** Documents between two sender reports. */
const DOCUMENTS_A_REPORT = 5;
/** A reader that is this far behind misses what comes until it has caught up. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export class MetadataTrack implements Track {
  readonly ssrc = randomBytes(4).readUInt32BE();
  readonly #camera: Camera;
  readonly #sink: PacketSink;
  readonly #timestampBase = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE();
  #documents = 0;
  #packets = 0;
  #payloadBytes = 0;
  /** As it was told last; null before the first document. */
  #told: MetadataState | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(camera: Camera, sink: PacketSink) {
    this.#camera = camera;
    this.#sink = sink;
  }

  rtpInfo(url: string): string {
    return `url=${url};seq=${this.#sequence};rtptime=${this.#timestamp()}`;
  }

  play(): void {
    if (this.#timer !== null) return;
    this.#tell();
    this.#timer = setInterval(() => this.#tell(), INTERVAL_MS);
  }

  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  close(): void {
    this.pause();
    if (this.#packets > 0 && !this.#camera.faults.has('half-open')) this.#sink.sendRtcp(goodbye(this.ssrc));
  }

  #tell(): void {
    const { faults, clockOffsetMs } = this.#camera;
    if (faults.has('freeze') || faults.has('half-open') || this.#sink.backlogBytes > MAX_BACKLOG_BYTES)
      return;
    if (this.#documents++ % DOCUMENTS_A_REPORT === 0) this.#report();
    const state = stateOf(faults);
    this.#send(Buffer.from(metadataDocument(Date.now() + clockOffsetMs, state, this.#told)));
    this.#told = state;
  }

  /** The last packet of a document is marked. */
  #send(document: Buffer): void {
    const timestamp = this.#timestamp();
    for (let at = 0; at < document.length; at += MAX_PAYLOAD_BYTES) {
      const payload = document.subarray(at, at + MAX_PAYLOAD_BYTES);
      const header = Buffer.alloc(INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES);
      header.writeUInt8(0x24, 0);
      header.writeUInt8(this.#sink.rtpChannel, 1);
      header.writeUInt16BE(RTP_HEADER_BYTES + payload.length, 2);
      header.writeUInt8(0x80, 4);
      header.writeUInt8(METADATA_TYPE | (at + payload.length === document.length ? 0x80 : 0), 5);
      header.writeUInt16BE(this.#sequence, 6);
      header.writeUInt32BE(timestamp, 8);
      header.writeUInt32BE(this.ssrc, 12);
      this.#sequence = (this.#sequence + 1) & 0xffff;
      this.#packets++;
      this.#payloadBytes += payload.length;
      this.#sink.sendRtp(Buffer.concat([header, payload]), [0]);
    }
  }

  #report(): void {
    const { faults, clockOffsetMs, path } = this.#camera;
    if (faults.has('rtcp-silence')) return;
    this.#sink.sendRtcp(
      senderReport({
        ssrc: this.ssrc,
        wallMs: Date.now() + clockOffsetMs,
        timestamp: this.#timestamp(),
        packets: this.#packets,
        payloadBytes: this.#payloadBytes,
        cname: `camera@${path}`,
      }),
    );
  }

  #timestamp(): number {
    return (
      (Math.round(this.#camera.clock.ticks()) + this.#timestampBase + this.#camera.timestampOffset) >>> 0
    );
  }
}
