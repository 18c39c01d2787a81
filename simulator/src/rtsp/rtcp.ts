/** RTCP as a camera sends it: a sender report with a source description (RFC 3550 6.1, 6.4.1, 6.5), and BYE (6.6). */

export interface SenderReport {
  readonly ssrc: number;
  /** Wall clock that belongs to `timestamp`, Unix milliseconds (fractions kept). */
  readonly wallMs: number;
  /** RTP timestamp of that instant. */
  readonly timestamp: number;
  readonly packets: number;
  readonly payloadBytes: number;
  readonly cname: string;
}

/** Seconds from the NTP epoch (1900) to the Unix epoch (RFC 5905 6). */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;

export function senderReport(report: SenderReport): Buffer {
  const bytes = Buffer.alloc(28);
  writeHeader(bytes, 0, 200);
  bytes.writeUInt32BE(report.ssrc, 4);
  const seconds = Math.floor(report.wallMs / 1000);
  bytes.writeUInt32BE((seconds + NTP_TO_UNIX_SECONDS) >>> 0, 8);
  bytes.writeUInt32BE(Math.floor((report.wallMs / 1000 - seconds) * 2 ** 32) >>> 0, 12);
  bytes.writeUInt32BE(report.timestamp, 16);
  bytes.writeUInt32BE(report.packets >>> 0, 20);
  bytes.writeUInt32BE(report.payloadBytes >>> 0, 24);
  return Buffer.concat([bytes, sourceDescription(report.ssrc, report.cname)]);
}

export function goodbye(ssrc: number): Buffer {
  const bytes = Buffer.alloc(8);
  writeHeader(bytes, 1, 203);
  bytes.writeUInt32BE(ssrc, 4);
  return bytes;
}

function sourceDescription(ssrc: number, cname: string): Buffer {
  const text = Buffer.from(cname, 'utf8').subarray(0, 255);
  // SSRC, the CNAME item, and at least one zero byte up to a multiple of four.
  const bytes = Buffer.alloc(8 + Math.ceil((2 + text.length + 1) / 4) * 4);
  writeHeader(bytes, 1, 202);
  bytes.writeUInt32BE(ssrc, 4);
  bytes[8] = 1;
  bytes[9] = text.length;
  bytes.set(text, 10);
  return bytes;
}

function writeHeader(bytes: Buffer, count: number, type: number): void {
  bytes[0] = 0x80 | count;
  bytes[1] = type;
  bytes.writeUInt16BE(bytes.length / 4 - 1, 2);
}
