/**
 * Access units into RTP packets: H.264 by RFC 6184 (single NAL unit packets and FU-A), H.265 by RFC 7798 (the same, FU).
 *
 * Packets of one access unit lie in one buffer, each behind its interleaving header (RFC 2326 10.12), so that TCP takes
 * them in one write. The buffer is built once per access unit and kept as a template; a session only copies it and fills
 * in its own channel, payload type, sequence numbers, timestamp and source: that is what lets one process play hundreds of cameras.
 */
import type { AccessUnit } from '../media/clip.ts';
import type { Codec } from '../media/nal.ts';

export const RTP_HEADER_BYTES = 12;
export const INTERLEAVED_HEADER_BYTES = 4;
/** Payload of one packet: an Ethernet frame holds it with IP, UDP and RTP headers and room to spare for tunnels. */
export const MAX_PAYLOAD_BYTES = 1400;

export interface PacketTemplate {
  readonly bytes: Buffer;
  /** Where each packet begins, at its interleaving header. */
  readonly offsets: readonly number[];
  /** Payload bytes, as a sender report counts them (RFC 3550 6.4.1). */
  readonly payloadBytes: number;
}

/** One session's fields in the packets of one access unit. */
export interface RtpFields {
  readonly channel: number;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

const templates = new WeakMap<AccessUnit, PacketTemplate>();

export function packetsOf(unit: AccessUnit, codec: Codec): PacketTemplate {
  let template = templates.get(unit);
  if (template === undefined) {
    template = packetize(unit.nals, codec);
    templates.set(unit, template);
  }
  return template;
}

/** Packets of one access unit; the last carries the marker bit (RFC 6184 5.1). */
export function packetize(nals: readonly Buffer[], codec: Codec): PacketTemplate {
  const payloads = nals.flatMap((nal) => fragment(nal, codec));
  const offsets: number[] = [];
  let payloadBytes = 0;
  const overhead = INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES;
  const bytes = Buffer.alloc(
    payloads.reduce((sum, { head, body }) => sum + overhead + head.length + body.length, 0),
  );
  let at = 0;
  for (const [i, { head, body }] of payloads.entries()) {
    const payload = head.length + body.length;
    offsets.push(at);
    bytes[at] = 0x24;
    bytes.writeUInt16BE(RTP_HEADER_BYTES + payload, at + 2);
    bytes[at + 4] = 0x80;
    bytes[at + 5] = i === payloads.length - 1 ? 0x80 : 0;
    bytes.set(head, at + overhead);
    bytes.set(body, at + overhead + head.length);
    at += overhead + payload;
    payloadBytes += payload;
  }
  return { bytes, offsets, payloadBytes };
}

/** A copy of the template with one session's fields in it. */
export function stamp(template: PacketTemplate, fields: RtpFields): Buffer {
  const bytes = Buffer.from(template.bytes);
  let sequence = fields.sequence;
  for (const at of template.offsets) {
    bytes[at + 1] = fields.channel;
    bytes[at + 5] = (bytes[at + 5] as number) | fields.payloadType;
    bytes.writeUInt16BE(sequence, at + 6);
    bytes.writeUInt32BE(fields.timestamp, at + 8);
    bytes.writeUInt32BE(fields.ssrc, at + 12);
    sequence = (sequence + 1) & 0xffff;
  }
  return bytes;
}

interface Payload {
  readonly head: Uint8Array;
  readonly body: Buffer;
}

const NO_HEAD = new Uint8Array(0);

function fragment(nal: Buffer, codec: Codec): Payload[] {
  if (nal.length <= MAX_PAYLOAD_BYTES) return [{ head: NO_HEAD, body: nal }];
  const headerBytes = codec === 'h264' ? 1 : 2;
  const room = MAX_PAYLOAD_BYTES - headerBytes - 1;
  const fragments: Payload[] = [];
  for (let at = headerBytes; at < nal.length; at += room) {
    const start = at === headerBytes ? 0x80 : 0;
    const end = at + room >= nal.length ? 0x40 : 0;
    fragments.push({ head: fragmentHead(nal, codec, start | end), body: nal.subarray(at, at + room) });
  }
  return fragments;
}

function fragmentHead(nal: Buffer, codec: Codec, startEnd: number): Uint8Array {
  const first = nal[0] as number;
  if (codec === 'h264') {
    // FU indicator (type 28) and FU header (RFC 6184 5.8).
    return Uint8Array.of((first & 0xe0) | 28, startEnd | (first & 0x1f));
  }
  // Payload header (type 49) and FU header (RFC 7798 4.4.3).
  return Uint8Array.of((first & 0x81) | (49 << 1), nal[1] as number, startEnd | ((first >> 1) & 0x3f));
}
