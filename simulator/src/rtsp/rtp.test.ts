import { describe, expect, test } from 'vitest';
import { senderReport } from './rtcp.ts';
import { MAX_PAYLOAD_BYTES, packetize, stamp } from './rtp.ts';

const fields = { channel: 2, payloadType: 96, sequence: 65_535, timestamp: 90_000, ssrc: 0xdeadbeef };

function rtpPackets(nals: Buffer[], codec: 'h264' | 'h265' = 'h264'): Buffer[] {
  const template = packetize(nals, codec);
  const bytes = stamp(template, fields);
  return template.offsets.map((at) => {
    expect([bytes[at], bytes[at + 1]]).toEqual([0x24, 2]);
    return bytes.subarray(at + 4, at + 4 + bytes.readUInt16BE(at + 2));
  });
}

describe('RTP packets of one picture', () => {
  test('a small NAL unit is a packet of its own, the last one marked', () => {
    const packets = rtpPackets([Buffer.from([0x67, 1, 2]), Buffer.from([0x65, 3])]);
    expect(packets.map((packet) => packet.subarray(12))).toEqual([
      Buffer.from([0x67, 1, 2]),
      Buffer.from([0x65, 3]),
    ]);
    expect(packets.map((packet) => (packet[1] ?? 0) >> 7)).toEqual([0, 1]);
  });

  test('sequence numbers wrap, timestamp and source stay', () => {
    const packets = rtpPackets([Buffer.from([0x67]), Buffer.from([0x65])]);
    expect(packets.map((packet) => packet.readUInt16BE(2))).toEqual([65_535, 0]);
    expect(packets.map((packet) => [packet.readUInt32BE(4), packet.readUInt32BE(8)])).toEqual([
      [90_000, 0xdeadbeef],
      [90_000, 0xdeadbeef],
    ]);
  });

  test('a large H.264 NAL unit comes back whole from its FU-A packets (RFC 6184 5.8)', () => {
    const nal = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i === 0 ? 0x65 : i % 251)));
    const payloads = rtpPackets([nal]).map((packet) => packet.subarray(12));
    expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(payloads.map((payload) => (payload[1] ?? 0) >> 6)).toEqual([2, 0, 0, 1]);
    const header = ((payloads[0]?.[0] ?? 0) & 0xe0) | ((payloads[0]?.[1] ?? 0) & 0x1f);
    expect(Buffer.concat([Buffer.from([header]), ...payloads.map((payload) => payload.subarray(2))])).toEqual(
      nal,
    );
  });

  test('a large H.265 NAL unit comes back whole from its fragments (RFC 7798 4.4.3)', () => {
    const nal = Buffer.from(
      Array.from({ length: 3000 }, (_, i) => (i === 0 ? 19 << 1 : i === 1 ? 1 : i % 251)),
    );
    const payloads = rtpPackets([nal], 'h265').map((packet) => packet.subarray(12));
    const first = payloads[0] ?? Buffer.alloc(3);
    expect(((first[0] ?? 0) >> 1) & 0x3f).toBe(49);
    const header = Buffer.from([((first[0] ?? 0) & 0x81) | (((first[2] ?? 0) & 0x3f) << 1), first[1] ?? 0]);
    expect(Buffer.concat([header, ...payloads.map((payload) => payload.subarray(3))])).toEqual(nal);
  });
});

test('a sender report ties the RTP clock to the wall clock (RFC 3550 6.4.1)', () => {
  const wallMs = Date.UTC(2026, 10, 23, 8, 0, 0) + 250;
  const report = senderReport({
    ssrc: 7,
    wallMs,
    timestamp: 123,
    packets: 4,
    payloadBytes: 5,
    cname: 'camera@a',
  });
  const seconds = report.readUInt32BE(8) - 2_208_988_800;
  const fraction = report.readUInt32BE(12) / 2 ** 32;
  expect(seconds * 1000 + fraction * 1000).toBeCloseTo(wallMs, 3);
  expect([report.readUInt32BE(16), report.readUInt32BE(20), report.readUInt32BE(24)]).toEqual([123, 4, 5]);
  // Every packet of the compound is a multiple of 32 bits, and their lengths add up.
  expect((report.readUInt16BE(2) + 1) * 4 + (report.readUInt16BE(30) + 1) * 4).toBe(report.length);
});
