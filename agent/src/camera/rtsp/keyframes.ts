/** Whether an RTP packet begins a picture that can be decoded by itself, from its first bytes alone. */
import type { VideoCodec } from './sdp.ts';

const RTP_HEADER = 12;

/** `at`: where the RTP header begins (RFC 3550 5.1). Of a packet in the middle of such a picture it says false. */
export function beginsKeyframe(codec: VideoCodec, bytes: Buffer, at: number): boolean {
  const first = bytes[at] ?? 0;
  let payload = at + RTP_HEADER + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0)
    payload += 4 + 4 * (bytes.length >= payload + 4 ? bytes.readUInt16BE(payload + 2) : 0);
  const a = bytes[payload];
  const b = bytes[payload + 1];
  const c = bytes[payload + 2];
  if (a === undefined || b === undefined || c === undefined) return false;
  switch (codec) {
    case 'H264':
      return isH264Key(a & 0x1f, b, bytes[payload + 3] ?? 0);
    case 'H265':
      return isH265Key((a >> 1) & 0x3f, c, bytes[payload + 4] ?? 0);
    case 'JPEG':
      // Offset 0 in the picture (RFC 2435 3.1.2).
      return b === 0 && c === 0 && bytes[payload + 3] === 0;
    case 'MP4V-ES':
      // A sequence's header, or a picture that is coded by itself (ISO/IEC 14496-2, 6.2).
      return a === 0 && b === 0 && c === 1 && (bytes[payload + 3] === 0xb0 || isIntraVop(bytes, payload));
  }
}

/** RFC 6184: single units, the first of a STAP-A (24), the start of an FU-A (28). */
function isH264Key(type: number, second: number, fourth: number): boolean {
  const isKey = (unit: number): boolean => unit === 5 || unit === 7;
  if (type === 24) return isKey(fourth & 0x1f);
  if (type === 28) return (second & 0x80) !== 0 && isKey(second & 0x1f);
  return isKey(type);
}

/** RFC 7798: single units, the first of an aggregation (48), the start of a fragment (49). */
function isH265Key(type: number, third: number, fifth: number): boolean {
  const isKey = (unit: number): boolean => (unit >= 16 && unit <= 21) || unit === 32 || unit === 33;
  if (type === 48) return isKey((fifth >> 1) & 0x3f);
  if (type === 49) return (third & 0x80) !== 0 && isKey(third & 0x3f);
  return isKey(type);
}

function isIntraVop(bytes: Buffer, payload: number): boolean {
  return bytes[payload + 3] === 0xb6 && ((bytes[payload + 4] ?? 0xff) & 0xc0) === 0;
}
