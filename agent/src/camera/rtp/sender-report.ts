/** What a camera says of its clock: RTCP sender reports (RFC 3550 6.4.1). */

const SENDER_REPORT = 200;
/** Seconds from 1900 to 1970 (RFC 5905 6). */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;
const LEAST_BYTES = 28;

/**
 * The camera's time of day, ms since 1970. Null for what is no sender report, and for a camera that tells how long it has been on: such
 * a time has its highest bit clear.
 */
export function senderClockMs(bytes: Buffer): number | null {
  if (bytes.length < LEAST_BYTES || (bytes[0] as number) >> 6 !== 2 || bytes[1] !== SENDER_REPORT)
    return null;
  const seconds = bytes.readUInt32BE(8);
  if (seconds >>> 31 === 0) return null;
  return (seconds - NTP_TO_UNIX_SECONDS + bytes.readUInt32BE(12) / 2 ** 32) * 1000;
}
